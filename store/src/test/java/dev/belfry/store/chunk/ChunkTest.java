package dev.belfry.store.chunk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belfry.model.series.FloatHistogram;
import dev.belfry.model.series.StaleNaN;
import dev.belfry.model.wire.WireFormatException;
import dev.belfry.model.wire.WireWriter;
import dev.belfry.testkit.Seeds;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class ChunkTest {
    private final ChunkEncoder encoder = new ChunkEncoder();
    private final ChunkDecoder decoder = new ChunkDecoder();

    @Test
    void times_ofAnyShape_comeBack() {
        SplittableRandom random = Seeds.random("times");
        for (int round = 0; round < 800; round++) {
            int count = 1 + random.nextInt(round % 50 == 0 ? 9000 : 700);
            long[] times = SampleShapes.times(random, count);
            byte[] bytes = write(out -> encoder.times(times, 0, count, out));
            long[] read = new long[count + 3];
            assertThat(decoder.times(bytes, 0, bytes.length, read, 2)).isEqualTo(count);
            assertThat(Arrays.copyOfRange(read, 2, 2 + count)).isEqualTo(times);
        }
    }

    private interface Writing {
        void write(WireWriter out);
    }

    private static byte[] write(Writing writing) {
        WireWriter out = new WireWriter(0);
        writing.write(out);
        return out.toByteArray();
    }

    @Test
    void floats_ofAnyShape_comeBackBitForBit() {
        SplittableRandom random = Seeds.random("floats");
        for (int round = 0; round < 1500; round++) {
            int count = 1 + random.nextInt(round % 50 == 0 ? 9000 : 700);
            double[] values = SampleShapes.values(random, count);
            byte[] bytes = write(out -> encoder.floats(values, 0, count, out));
            assertThat(ChunkDecoder.hasHistograms(bytes, 0)).isFalse();
            double[] read = new double[count + 3];
            decoder.floats(bytes, 0, bytes.length, read, 2, count);
            sameBits(Arrays.copyOfRange(read, 2, 2 + count), values);
        }
    }

    private static void sameBits(double[] found, double[] expected) {
        for (int i = 0; i < expected.length; i++) {
            if (Double.doubleToRawLongBits(found[i]) != Double.doubleToRawLongBits(expected[i])) {
                throw new AssertionError(
                        "value " + i + ": " + found[i] + " (expected: " + expected[i] + ")");
            }
        }
    }

    @Test
    void floatsBeside_neighboursOfAnyKind_comeBackBitForBit() {
        SplittableRandom random = Seeds.random("beside");
        for (int round = 0; round < 600; round++) {
            int count = 1 + random.nextInt(700);
            double[][] columns = new double[1 + random.nextInt(6)][];
            byte[][] bytes = new byte[columns.length][];
            for (int i = 0; i < columns.length; i++) {
                int column = i;
                columns[i] =
                        i > 0 && random.nextInt(3) > 0
                                ? near(columns[i - 1], random)
                                : SampleShapes.values(random, count);
                bytes[i] =
                        i == 0
                                ? write(out -> encoder.floats(columns[0], 0, count, out))
                                : write(out ->
                                        encoder.floatsBeside(columns[column], 0, count, out));
            }
            for (int i = 0; i < columns.length; i++) {
                double[] read = new double[count];
                decoder.floats(bytes[i], 0, bytes[i].length, read, 0, count);
                sameBits(read, columns[i]);
            }
        }
    }

    @Test
    void floats_rowsThatAreWanted_comeBackBitForBit() {
        SplittableRandom random = Seeds.random("rows");
        int segmented = 0;
        for (int round = 0; round < 400; round++) {
            int count = 1 + random.nextInt(round % 4 == 0 ? 700 : 9000);
            double[] first = SampleShapes.values(random, count);
            double[] second = near(first, random);
            byte[] bytes = write(out -> encoder.floats(first, 0, count, out));
            byte[] beside = write(out -> encoder.floatsBeside(second, 0, count, out));
            segmented += bytes[2] >> 2 >= LongColumn.SEGMENTS ? 1 : 0;
            RowRanges rows = rows(random, count);
            double[] read = new double[count + 3];
            decoder.floats(bytes, 0, bytes.length, read, 2, count, rows);
            sameBits(read, first, rows);
            decoder.floats(beside, 0, beside.length, read, 2, count, rows);
            sameBits(read, second, rows);
        }
        assertThat(segmented).isGreaterThan(50);
    }

    private static RowRanges rows(SplittableRandom random, int count) {
        RowRanges rows = new RowRanges();
        int most = 1 + random.nextInt(1 + random.nextInt(count));
        for (int at = random.nextInt(most); at < count; ) {
            int to = Math.min(count, at + random.nextInt(most));
            rows.add(at, to);
            at = to + random.nextInt(most) + 1;
        }
        return rows;
    }

    private static void sameBits(double[] found, double[] expected, RowRanges rows) {
        for (int i = 0; i < rows.size(); i++) {
            int from = rows.from(i);
            int to = rows.to(i);
            sameBits(
                    Arrays.copyOfRange(found, from + 2, to + 2),
                    Arrays.copyOfRange(expected, from, to));
        }
    }

    @Test
    void noisyColumns_ofADay_areInSegments() {
        SplittableRandom random = Seeds.random("noise");
        double[] gauge = new double[5760];
        Arrays.setAll(gauge, _ -> 1000 + Math.rint(random.nextGaussian() * 100));
        double[] counter = new double[5760];
        double[] drifting = new double[5760];
        for (int i = 1; i < 5760; i++) {
            counter[i] = counter[i - 1] + gauge[i];
            drifting[i] = drifting[i - 1] + gauge[i] + Math.rint(500 * Math.sin(i / 60.0));
        }
        assertThat(head(gauge)).isEqualTo(LongColumn.SEGMENTS << 2);
        assertThat(head(counter)).isEqualTo(1 | LongColumn.SEGMENTS << 2);
        assertThat(head(drifting)).isEqualTo(1 | LongColumn.SMOOTHED_SEGMENTS << 2);
        for (int i = 0; i < 5760; i++) {
            gauge[i] += Math.rint(200 * Math.sin(i / 300.0));
        }
        assertThat(head(gauge)).isEqualTo(LongColumn.SMOOTHED_SEGMENTS << 2);
    }

    @Test
    void lastSegment_ofAnyLength_comesBack() {
        SplittableRandom random = Seeds.random("last segment");
        double[] values = new double[1100];
        for (int count = 1024; count < values.length; count++) {
            int from = count;
            Arrays.setAll(
                    values, i -> (i == 0 ? 0 : values[i - 1]) + random.nextInt(9 + from % 50));
            byte[] bytes = write(out -> encoder.floats(values, 0, from, out));
            double[] read = new double[count];
            decoder.floats(bytes, 0, bytes.length, read, 0, count);
            sameBits(read, Arrays.copyOf(values, count));
            RowRanges last = new RowRanges();
            last.add(count - 1, count);
            decoder.floats(bytes, 0, bytes.length, read, 0, count, last);
            assertThat(read[count - 1]).isEqualTo(values[count - 1]);
        }
    }

    /* What the column of longs begins with, of whole numbers. */
    private int head(double[] values) {
        byte[] bytes = write(out -> encoder.floats(values, 0, values.length, out));
        double[] read = new double[values.length];
        decoder.floats(bytes, 0, bytes.length, read, 0, values.length);
        sameBits(read, values);
        return bytes[2];
    }

    @Test
    void floatsBeside_columnWithStaleMarkers_comeBackBitForBit() {
        double[][] columns = new double[3][100];
        for (int i = 0; i < 100; i++) {
            columns[0][i] = i % 30 == 7 ? StaleNaN.VALUE : 100 + i * i;
            columns[1][i] = i % 30 == 7 ? StaleNaN.VALUE : 101 + i * i;
            columns[2][i] = 102 + i * i;
        }
        byte[][] bytes = {
            write(out -> encoder.floats(columns[0], 0, 100, out)),
            write(out -> encoder.floatsBeside(columns[1], 0, 100, out)),
            write(out -> encoder.floatsBeside(columns[2], 0, 100, out))
        };
        for (int i = 0; i < columns.length; i++) {
            double[] read = new double[100];
            decoder.floats(bytes[i], 0, bytes[i].length, read, 0, 100);
            sameBits(read, columns[i]);
        }
        assertThat(bytes[1].length).isLessThan(bytes[0].length - 20);
    }

    private static double[] near(double[] values, SplittableRandom random) {
        double[] near = values.clone();
        for (int i = 0; i < near.length; i++) {
            near[i] += random.nextInt(10) == 0 ? random.nextInt(100) : 0;
        }
        return near;
    }

    @Test
    void floatsBeside_equalColumn_takesFewBytes() {
        SplittableRandom random = Seeds.random("equal");
        double[] values = random.doubles(5760).map(value -> Math.rint(value * 1e6)).toArray();
        byte[] first = write(out -> encoder.floats(values, 0, values.length, out));
        byte[] second = write(out -> encoder.floatsBeside(values, 0, values.length, out));
        assertThat(first.length).isGreaterThan(10_000);
        assertThat(second.length).isLessThan(10);
    }

    @Test
    void histograms_ofAnyShape_comeBackBitForBit() {
        SplittableRandom random = Seeds.random("histograms");
        for (int round = 0; round < 500; round++) {
            int count = 1 + random.nextInt(120);
            double[] values = new double[count];
            FloatHistogram[] rows = SampleShapes.histograms(random, count);
            for (int i = 0; i < count; i++) {
                if (rows[i] == null) {
                    values[i] = random.nextBoolean() ? StaleNaN.VALUE : random.nextInt(9);
                }
            }
            byte[] bytes = write(out -> encoder.histograms(values, rows, 0, count, out));
            assertThat(ChunkDecoder.hasHistograms(bytes, 0)).isTrue();
            double[] valuesRead = new double[count + 1];
            FloatHistogram[] rowsRead = new FloatHistogram[count + 1];
            decoder.histograms(bytes, 0, bytes.length, valuesRead, rowsRead, 1, count);
            assertThat(Arrays.copyOfRange(rowsRead, 1, 1 + count)).isEqualTo(rows);
            for (int i = 0; i < count; i++) {
                if (rows[i] == null) {
                    sameBits(new double[] {valuesRead[1 + i]}, new double[] {values[i]});
                }
            }
        }
    }

    @Test
    void times_thatDoNotAscend_areRefused() {
        for (long[] times : new long[][] {{1, 1, 2}, {1, 3, 2}, {5, -5, 9}}) {
            assertThatThrownBy(() -> encoder.times(times, 0, 3, new WireWriter(0)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("expected: above the one before");
        }
        long[] apart = {Long.MIN_VALUE, Long.MAX_VALUE, 0};
        assertThatThrownBy(() -> encoder.times(apart, 0, 2, new WireWriter(0)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> encoder.times(apart, 0, 0, new WireWriter(0)))
                .hasMessageContaining("samples: 0 (expected: 1–");
    }

    @Test
    void damagedBytes_areRefusedOrGiveAsManySamples() {
        SplittableRandom random = Seeds.random("damage");
        long[] times = new long[3000];
        double[] values = new double[3000];
        FloatHistogram[] rows = new FloatHistogram[3000];
        int refused = 0;
        for (int round = 0; round < 2500; round++) {
            int kind = random.nextInt(4);
            int count = 1 + random.nextInt(kind == 3 ? 3000 : 400);
            byte[] bytes =
                    switch (kind) {
                        case 0 ->
                                write(out ->
                                        encoder.times(
                                                SampleShapes.times(random, count), 0, count, out));
                        case 1, 3 ->
                                write(out ->
                                        encoder.floats(
                                                SampleShapes.values(random, count), 0, count, out));
                        default ->
                                write(out ->
                                        encoder.histograms(
                                                values,
                                                SampleShapes.histograms(random, count),
                                                0,
                                                count,
                                                out));
                    };
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 + random.nextInt(255));
            int length = random.nextInt(4) == 0 ? random.nextInt(bytes.length) : bytes.length;
            try {
                switch (kind) {
                    case 0 ->
                            assertThat(decoder.times(bytes, 0, length, times, 0))
                                    .isBetween(1, 3000);
                    case 1 -> decoder.floats(bytes, 0, length, values, 0, count);
                    case 3 -> {
                        RowRanges some = rows(random, count);
                        decoder.floats(bytes, 0, length, values, 0, count, some);
                    }
                    default -> decoder.histograms(bytes, 0, length, values, rows, 0, count);
                }
            } catch (WireFormatException expected) {
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(150);
    }

    @Test
    void constantAtRegularTimes_takesFewBytes() {
        int count = 5760;
        long[] times = new long[count];
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            times[i] = 1_700_000_000_000L + 15_000L * i;
            values[i] = 0.1;
        }
        assertThat(write(out -> encoder.times(times, 0, count, out)).length).isLessThan(24);
        assertThat(write(out -> encoder.floats(values, 0, count, out)).length).isLessThan(6);
        values[count - 1] = StaleNaN.VALUE;
        assertThat(write(out -> encoder.floats(values, 0, count, out)).length).isLessThan(24);
    }
}
