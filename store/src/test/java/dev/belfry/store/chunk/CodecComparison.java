package dev.belfry.store.chunk;

import com.github.luben.zstd.Zstd;
import dev.belfry.model.wire.WireWriter;
import dev.belfry.testkit.HostMetrics;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * What other codecs would take for the values of a day at 15 s: sizes only, by the rules of their
 * papers and programs. Times, directories and labels are left out for all.
 */
public final class CodecComparison {
    private static final int DAY = 5760;

    /** The bits that some codec takes for a series. */
    private interface Codec {
        double bits(double[] values);
    }

    private CodecComparison() {}

    /* Pelkonen et al., "Gorilla", VLDB 2015, 4.1.2. */
    private static double gorilla(double[] values) {
        double bits = 64;
        int lead = 65;
        int trail = 0;
        for (int i = 1; i < values.length; i++) {
            long xor = bits(values[i]) ^ bits(values[i - 1]);
            if (xor == 0) {
                bits += 1;
                continue;
            }
            int leading = Math.min(31, Long.numberOfLeadingZeros(xor));
            int trailing = Long.numberOfTrailingZeros(xor);
            if (lead <= 64 && leading >= lead && trailing >= trail) {
                bits += 2 + 64 - lead - trail;
            } else {
                bits += 13 + 64 - leading - trailing;
                lead = leading;
                trail = trailing;
            }
        }
        return bits;
    }

    /* Liakos et al., "Chimp", VLDB 2022, Chimp128. */
    private static double chimp(double[] values) {
        double bits = 64;
        int[] rounded = {0, 8, 12, 16, 18, 20, 22, 24};
        Map<Long, Integer> last = new HashMap<>();
        last.put(bits(values[0]) & 0x3FFF, 0);
        int lead = -1;
        for (int i = 1; i < values.length; i++) {
            long value = bits(values[i]);
            int near = last.getOrDefault(value & 0x3FFF, -1000);
            long xor = value ^ bits(values[i - 1]);
            boolean far = i - near <= 128 && trailing(value ^ bits(values[near])) > 13;
            if (far) {
                xor = value ^ bits(values[near]);
            }
            int leading = 0;
            for (int each : rounded) {
                leading = each <= Long.numberOfLeadingZeros(xor) ? each : leading;
            }
            if (far && xor == 0) {
                bits += 9;
                lead = -1;
            } else if (far) {
                bits += 18 + 64 - leading - trailing(xor);
                lead = -1;
            } else {
                bits += leading == lead ? 2 + 64 - leading : 5 + 64 - leading;
                lead = leading;
            }
            last.put(value & 0x3FFF, i);
        }
        return bits;
    }

    private static int trailing(long value) {
        return Long.numberOfTrailingZeros(value);
    }

    /* Afroozeh, Kuffo, Boncz, "ALP", SIGMOD 2024: vectors of 1024; ALP for real doubles beside. */
    private static double alp(double[] values) {
        double bits = 0;
        for (int from = 0; from < values.length; from += 1024) {
            double[] vector =
                    Arrays.copyOfRange(values, from, Math.min(values.length, from + 1024));
            bits += Math.min(decimals(vector), realDoubles(vector));
        }
        return bits;
    }

    private static double decimals(double[] vector) {
        double best = Double.MAX_VALUE;
        for (int e = 0; e <= 18; e++) {
            for (int f = 0; f <= e; f++) {
                long min = Long.MAX_VALUE;
                long max = Long.MIN_VALUE;
                int exceptions = 0;
                for (double value : vector) {
                    long digits = Math.round(value * Math.pow(10, e) * Math.pow(10, -f));
                    double back = digits * Math.pow(10, f) * Math.pow(10, -e);
                    if (bits(back) != bits(value)) {
                        exceptions++;
                    } else {
                        min = Math.min(min, digits);
                        max = Math.max(max, digits);
                    }
                }
                int width = min > max ? 0 : BitPacking.width(max - min);
                best = Math.min(best, 104 + (double) width * vector.length + exceptions * 80.0);
            }
        }
        return best;
    }

    private static double realDoubles(double[] vector) {
        double best = Double.MAX_VALUE;
        for (int cut = 1; cut <= 16; cut++) {
            Map<Long, Integer> counts = new HashMap<>();
            for (double value : vector) {
                counts.merge(bits(value) >>> 64 - cut, 1, Integer::sum);
            }
            int[] sorted = counts.values().stream().mapToInt(count -> -count).sorted().toArray();
            int covered = 0;
            for (int i = 0; i < Math.min(8, sorted.length); i++) {
                covered -= sorted[i];
            }
            double size = (64 - cut + 3.0) * vector.length + (vector.length - covered) * 32.0;
            best = Math.min(best, size + 8 * 16 + 64);
        }
        return best;
    }

    /*
     * VictoriaMetrics 1.145, lib/encoding: decimal longs; a constant, a constant difference, else
     * differences (gauges) or second ones (counters) as zigzag varints, zstd when that saves a tenth.
     * Its longs have at most 18 digits; here they are lossless, by DoubleColumn's own scaling.
     */
    private static double victoria(double[] values) {
        long[] longs = new long[values.length];
        for (int i = 0; i < longs.length; i++) {
            longs[i] = Math.round(values[i] * power(values));
        }
        boolean counter = true;
        boolean constant = true;
        boolean even = true;
        for (int i = 1; i < longs.length; i++) {
            counter &= longs[i] >= longs[i - 1] && longs[0] >= 0;
            constant &= longs[i] == longs[0];
            even &= longs[i] - longs[i - 1] == longs[1] - longs[0];
        }
        if (constant || even) {
            return 64;
        }
        WireWriter out = new WireWriter(1 << 16);
        long before = 0;
        for (int i = 1; i < longs.length; i++) {
            long difference = longs[i] - longs[i - 1];
            long value = counter ? difference - before : difference;
            before = difference;
            out.varint((value << 1 ^ value >> 63) & Long.MAX_VALUE);
        }
        byte[] plain = out.toByteArray();
        return 8.0 * Math.min(plain.length, Zstd.compress(plain, 4).length) + 128;
    }

    private static double power(double[] values) {
        double power = 1;
        for (int digits = 0; digits < 15; digits++, power *= 10) {
            boolean fits = true;
            for (int i = 0; i < values.length && fits; i += 17) {
                fits = bits(Math.rint(values[i] * power) / power) == bits(values[i]);
            }
            if (fits) {
                return power;
            }
        }
        return power;
    }

    private static long bits(double value) {
        return Double.doubleToRawLongBits(value);
    }

    private static Map<String, List<double[]>> shapes() {
        Map<String, List<double[]>> shapes = new LinkedHashMap<>();
        HostMetrics host = new HostMetrics(1, 0);
        double[][] series = new double[host.labels().size()][DAY];
        double[] scrape = new double[series.length];
        for (int i = 0; i < DAY; i++) {
            host.scrape(scrape);
            for (int s = 0; s < scrape.length; s++) {
                series[s][i] = scrape[s];
            }
        }
        shapes.put("host, all series", List.of(series));
        List<double[]> buckets = new ArrayList<>();
        for (int s = 0; s < series.length; s++) {
            if (host.labels().get(s).metricName().endsWith("_bucket")) {
                buckets.add(series[s]);
            }
        }
        shapes.put("classic buckets", buckets);
        SplittableRandom random = new SplittableRandom(7);
        double[] walk = new double[DAY];
        double[] cents = new double[DAY];
        double[] constant = new double[DAY];
        double[] entropy = new double[DAY];
        for (int i = 1; i < DAY; i++) {
            walk[i] = walk[i - 1] + random.nextGaussian();
            cents[i] = Math.rint(walk[i] * 100) / 100;
            constant[i] = 0.1;
            entropy[i] = Double.longBitsToDouble(random.nextLong());
        }
        constant[0] = 0.1;
        shapes.put("random walk, 2 decimals", List.of(cents));
        shapes.put("random walk, all digits", List.of(walk));
        shapes.put("constant", List.of(constant));
        shapes.put("full entropy", List.of(entropy));
        return shapes;
    }

    /** Prints the table. */
    public static void main(String[] args) {
        Map<String, Codec> codecs = new LinkedHashMap<>();
        codecs.put("Gorilla", CodecComparison::gorilla);
        codecs.put("Chimp128", CodecComparison::chimp);
        codecs.put("ALP", CodecComparison::alp);
        codecs.put("VictoriaMetrics", CodecComparison::victoria);
        ChunkEncoder encoder = new ChunkEncoder();
        WireWriter out = new WireWriter(1 << 16);
        codecs.put(
                "chunk alone",
                values -> {
                    out.clear();
                    encoder.floats(values, 0, values.length, out);
                    return 8.0 * out.size();
                });
        codecs.put(
                "chunk beside the one before",
                values -> {
                    out.clear();
                    encoder.floatsBeside(values, 0, values.length, out);
                    return 8.0 * out.size();
                });
        shapes().forEach((shape, series) -> {
            StringBuilder line = new StringBuilder("| " + shape + " |");
            codecs.forEach((_, codec) -> {
                double sum = 0;
                for (double[] values : series) {
                    sum += codec.bits(values);
                }
                line.append(String.format(" %.4f |", sum / 8 / DAY / series.size()));
            });
            System.out.println(line);
        });
    }
}
