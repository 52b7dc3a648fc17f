package dev.belfry.journal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class HistogramTest {
    @Test
    void bucket_holdsItsValues() {
        for (long value = 0; value < 100_000; value++) {
            int bucket = Histogram.bucket(value);
            assertThat(value).isLessThanOrEqualTo(Distribution.upperBound(bucket));
            if (bucket > 0) {
                assertThat(value).isGreaterThan(Distribution.upperBound(bucket - 1));
            }
        }
    }

    @Test
    void quantile_isAtMostAQuarterTooHigh() {
        Histogram histogram = new Histogram();
        for (int value = 1; value <= 10_000; value++) {
            histogram.add(value);
        }
        Distribution distribution = histogram.snapshot();
        assertThat(distribution.count()).isEqualTo(10_000);
        assertThat(distribution.sum()).isEqualTo(50_005_000);
        assertThat(distribution.max()).isEqualTo(10_000);
        for (double quantile : new double[] {0.001, 0.1, 0.5, 0.9, 0.99, 1}) {
            assertThat((double) distribution.quantile(quantile))
                    .isBetween(quantile * 10_000, quantile * 12_500 + 1);
        }
        assertThat(new Histogram().snapshot().quantile(0.5)).isZero();
    }
}
