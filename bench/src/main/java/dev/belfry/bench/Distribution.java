package dev.belfry.bench;

import java.util.Arrays;
import java.util.List;

/** Measured times; percentiles by nearest rank. */
final class Distribution {
    private final double[] sorted;

    Distribution(double[] values) {
        sorted = values.clone();
        Arrays.sort(sorted);
    }

    static Distribution of(List<Double> values) {
        return new Distribution(
                values.isEmpty()
                        ? new double[] {Double.NaN}
                        : values.stream().mapToDouble(Double::doubleValue).toArray());
    }

    double percentile(double share) {
        return sorted[Math.clamp((int) Math.ceil(share * sorted.length) - 1, 0, sorted.length - 1)];
    }

    @Override
    public String toString() {
        return "p50 %.2f ms, p95 %.2f ms, p99 %.2f ms, max %.2f ms"
                .formatted(percentile(0.5), percentile(0.95), percentile(0.99), percentile(1));
    }
}
