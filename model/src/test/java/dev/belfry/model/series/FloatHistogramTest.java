package dev.belfry.model.series;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.model.series.FloatHistogram.ResetHint;
import java.math.MathContext;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class FloatHistogramTest {
    private static FloatHistogram histogram(int schema, int[] indexes, double... counts) {
        double sum = 0;
        for (double count : counts) {
            sum += count;
        }
        return new FloatHistogram(
                schema,
                ResetHint.UNKNOWN,
                sum,
                sum,
                0.001,
                0,
                indexes,
                counts,
                new int[0],
                new double[0],
                new double[0]);
    }

    @Test
    void bounds_areThoseOfPrometheus() {
        assertThat(FloatHistogram.exponentialBound(1, 1)).isEqualTo(1.414213562373095);
        assertThat(FloatHistogram.exponentialBound(3, 2)).isEqualTo(1.6817928305074288);
        assertThat(FloatHistogram.exponentialBound(-2, 0)).isEqualTo(0.25);
        assertThat(FloatHistogram.exponentialBound(1, -2)).isEqualTo(16);
        assertThat(FloatHistogram.exponentialBound(1024, 0)).isEqualTo(Double.MAX_VALUE);
    }

    @Test
    void text_isThatOfPrometheus() {
        FloatHistogram histogram = histogram(0, new int[] {0, 3}, 1, 2.5);
        assertThat(histogram).hasToString("{count:3.5, sum:3.5, (0.5,1]:1, (4,8]:2.5}");
    }

    @Test
    void sum_ofResolutions_matchesAPlainMap() {
        SplittableRandom random = new SplittableRandom(42);
        for (int round = 0; round < 500; round++) {
            int leftSchema = random.nextInt(-4, 9);
            int rightSchema = random.nextInt(-4, 9);
            TreeMap<Integer, Double> left = buckets(random);
            TreeMap<Integer, Double> right = buckets(random);
            FloatHistogram sum =
                    HistogramSum.plus(make(leftSchema, left), make(rightSchema, right));
            int schema = Math.min(leftSchema, rightSchema);
            TreeMap<Integer, Double> expected = new TreeMap<>();
            left.forEach((i, c) -> expected.merge(coarse(i, leftSchema - schema), c, Double::sum));
            right.forEach(
                    (i, c) -> expected.merge(coarse(i, rightSchema - schema), c, Double::sum));
            assertThat(sum.schema()).isEqualTo(schema);
            assertThat(sum.positiveIndexes())
                    .containsExactly(
                            expected.keySet().stream().mapToInt(Integer::intValue).toArray());
            assertThat(sum.positiveCounts())
                    .containsExactly(
                            expected.values().stream().mapToDouble(Double::doubleValue).toArray());
        }
    }

    private static int coarse(int index, int shift) {
        return (int) Math.ceil(index / Math.pow(2, shift));
    }

    private static TreeMap<Integer, Double> buckets(SplittableRandom random) {
        TreeMap<Integer, Double> buckets = new TreeMap<>();
        for (int i = 0; i < random.nextInt(1, 20); i++) {
            buckets.put(random.nextInt(-5, 40), (double) random.nextInt(1, 100));
        }
        return buckets;
    }

    private static FloatHistogram make(int schema, TreeMap<Integer, Double> buckets) {
        return histogram(
                schema,
                buckets.keySet().stream().mapToInt(Integer::intValue).toArray(),
                buckets.values().stream().mapToDouble(Double::doubleValue).toArray());
    }

    @Test
    void zeroBucket_widensToTheEndOfABucketWithObservations() {
        FloatHistogram narrow = histogram(0, new int[] {0, 3}, 1, 2);
        FloatHistogram wide =
                new FloatHistogram(
                        0,
                        ResetHint.UNKNOWN,
                        1,
                        1,
                        0.7,
                        1,
                        new int[0],
                        new double[0],
                        new int[0],
                        new double[0],
                        new double[0]);
        FloatHistogram sum = HistogramSum.plus(narrow, wide);
        assertThat(sum.zeroThreshold()).isEqualTo(1);
        assertThat(sum.zeroCount()).isEqualTo(2);
        assertThat(sum.positiveIndexes()).containsExactly(3);
    }

    @Test
    void reset_isACountThatFellOrAFinerLayout() {
        FloatHistogram before = histogram(0, new int[] {0, 3}, 1, 2);
        assertThat(histogram(0, new int[] {0, 3}, 1, 3).resetSince(before)).isFalse();
        assertThat(histogram(0, new int[] {0, 3}, 0.5, 9).resetSince(before)).isTrue();
        assertThat(histogram(1, new int[] {0, 6}, 5, 5).resetSince(before)).isTrue();
        assertThat(histogram(-1, new int[] {0, 2}, 1, 2).resetSince(before)).isFalse();
    }

    @Test
    void numbers_areWrittenAsGoDoes() {
        assertThat(Floats.general(1e6)).isEqualTo("1e+06");
        assertThat(Floats.general(100000)).isEqualTo("100000");
        assertThat(Floats.general(0.00001)).isEqualTo("1e-05");
        assertThat(Floats.plain(1e21)).isEqualTo("1000000000000000000000");
        assertThat(Floats.shortest(1e21)).isEqualTo("1e+21");
        assertThat(Floats.plain(-0.0)).isEqualTo("-0");
        assertThat(Floats.general(0.01666, new MathContext(2))).isEqualTo("0.017");
    }

    @Test
    void hash_isXxHash64() {
        assertThat(XxHash64.hash(new byte[0])).isEqualTo(0xef46db3751d8e999L);
        assertThat(XxHash64.hash("abc".getBytes(java.nio.charset.StandardCharsets.US_ASCII)))
                .isEqualTo(0x44bc2cf5ad770999L);
    }
}
