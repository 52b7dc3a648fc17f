package dev.belfry.store.chunk;

import dev.belfry.model.series.FloatHistogram;
import dev.belfry.model.series.StaleNaN;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Times and values of every shape that a codec must bear. */
public final class SampleShapes {
    private static final double[] SPECIAL = {
        0.0,
        -0.0,
        Double.NaN,
        StaleNaN.VALUE,
        Double.longBitsToDouble(0xFFF8000000000001L),
        Double.longBitsToDouble(0x7FF0000000000001L),
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
        Double.MIN_VALUE,
        -Double.MIN_VALUE,
        Double.MIN_NORMAL,
        Double.MAX_VALUE,
        -Double.MAX_VALUE,
        0x1p53,
        0x1p63,
        -0x1p63,
        0x1p64,
        9007199254740993.0,
        0.1 + 0.2,
        1e22,
        1e-18,
        123456.789
    };

    private SampleShapes() {}

    /** {@code count} ascending times: regular, with jitter, with gaps, or anywhere. */
    public static long[] times(SplittableRandom random, int count) {
        long[] times = new long[count];
        int shape = random.nextInt(6);
        long time =
                switch (random.nextInt(4)) {
                    case 0 -> 0;
                    case 1 -> -random.nextLong(1L << 40);
                    default -> random.nextLong(1L << 41);
                };
        long anywhere = Long.MAX_VALUE / count / 2;
        for (int i = 0; i < count; i++) {
            times[i] = time;
            time +=
                    switch (shape) {
                        case 0 -> 1;
                        case 1 -> 15_000;
                        case 2 -> 14_990 + random.nextInt(20);
                        case 3 ->
                                random.nextInt(50) == 0 ? 15_000L * random.nextInt(1, 99) : 15_000;
                        case 4 -> 1 + random.nextLong(1L << 36);
                        default -> 1 + random.nextLong(anywhere);
                    };
        }
        return times;
    }

    /** {@code count} values: counters, gauges, walks, any bits, special ones among them. */
    public static double[] values(SplittableRandom random, int count) {
        double[] values = new double[count];
        int shape = random.nextInt(14);
        int digits = random.nextInt(18);
        double power = Math.pow(10, digits);
        double value = random.nextInt(1_000_000);
        double spread = Math.pow(10, random.nextInt(12));
        for (int i = 0; i < count; i++) {
            values[i] =
                    switch (shape) {
                        case 0 -> value;
                        case 1 -> value += random.nextInt(1000);
                        case 2 -> Math.rint(random.nextGaussian() * spread) / power;
                        case 3 -> random.nextGaussian() * spread;
                        case 4 -> value += random.nextGaussian();
                        case 5 -> Double.longBitsToDouble(random.nextLong());
                        case 6 -> value = random.nextInt(40) == 0 ? random.nextInt(9) : value;
                        case 7 -> value += 4096.0 * random.nextInt(-20, 20);
                        case 8 -> random.nextLong();
                        case 9 -> SPECIAL[random.nextInt(SPECIAL.length)];
                        case 10 -> value = Math.nextUp(value);
                        case 11 -> (float) (random.nextGaussian() * spread);
                        case 12 -> Double.longBitsToDouble(random.nextLong(1L << 40));
                        default -> Math.pow(-3, random.nextInt(600)) * random.nextDouble();
                    };
        }
        if (random.nextBoolean()) {
            for (int i = 0; i < count; i += 1 + random.nextInt(1 + count)) {
                values[i] = SPECIAL[random.nextInt(SPECIAL.length)];
            }
        }
        return values;
    }

    /** {@code count} rows, some null: counters, gauges, changing shapes, odd numbers. */
    public static @Nullable FloatHistogram[] histograms(SplittableRandom random, int count) {
        FloatHistogram[] rows = new FloatHistogram[count];
        boolean steady = random.nextBoolean();
        boolean whole = random.nextInt(3) > 0;
        boolean custom = random.nextInt(3) == 0;
        int size = 1 + random.nextInt(30);
        double[] counts = new double[size];
        double[] bounds = bounds(random, size);
        int schema = random.nextInt(-4, 9);
        for (int i = 0; i < count; i++) {
            if (!steady && random.nextInt(20) == 0) {
                custom = random.nextBoolean();
                schema = random.nextInt(-4, 9);
                bounds = bounds(random, size);
            }
            for (int bucket = 0; bucket < size; bucket++) {
                double more = whole ? random.nextInt(5) : random.nextDouble();
                counts[bucket] += random.nextBoolean() ? more : 0;
            }
            rows[i] =
                    random.nextInt(10) == 0
                            ? null
                            : histogram(random, counts, custom, schema, bounds);
        }
        return rows;
    }

    private static double[] bounds(SplittableRandom random, int size) {
        return random.doubles(size - 1).sorted().distinct().toArray();
    }

    private static FloatHistogram histogram(
            SplittableRandom random, double[] counts, boolean custom, int schema, double[] bounds) {
        int size = custom ? Math.min(counts.length, bounds.length + 1) : counts.length;
        int[] indexes = new int[size];
        double total = 0;
        for (int i = 0; i < size; i++) {
            indexes[i] = custom ? i : i * 2 - 7;
            total += counts[i];
        }
        double zero = custom ? 0 : random.nextInt(3);
        boolean odd = random.nextInt(10) == 0;
        double[] below = custom ? new double[0] : Arrays.copyOf(counts, size / 2);
        for (double count : below) {
            total += count;
        }
        double sum = odd ? SPECIAL[random.nextInt(SPECIAL.length)] : total * random.nextDouble();
        return new FloatHistogram(
                custom ? FloatHistogram.CUSTOM : schema,
                FloatHistogram.ResetHint.values()[random.nextInt(4)],
                odd ? SPECIAL[random.nextInt(SPECIAL.length)] : zero + total,
                sum,
                custom ? 0 : random.nextInt(8) == 0 ? 1e-3 : 1e-128,
                zero,
                indexes,
                Arrays.copyOf(counts, size),
                Arrays.copyOf(indexes, below.length),
                below,
                custom ? bounds : new double[0]);
    }
}
