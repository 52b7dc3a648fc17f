package dev.belfry.query.promql;

import java.util.Arrays;

/** Quantiles of plain numbers. */
final class Quantiles {
    private Quantiles() {}

    /**
     * The quantile of the first {@code size} values, which it sorts; NaN counts as the smallest.
     */
    static double of(double quantile, double[] values, int size) {
        sort(values, size);
        return ofSorted(quantile, values, size);
    }

    /** Sorts the first {@code size} values, NaN first; how many are NaN. */
    static int sort(double[] values, int size) {
        int missing = 0;
        for (int i = 0; i < size; i++) {
            if (Double.isNaN(values[i])) {
                values[i] = values[missing];
                values[missing++] = Double.NaN;
            }
        }
        Arrays.sort(values, missing, size);
        return missing;
    }

    /** The quantile of the first {@code size} values, which are sorted. */
    static double ofSorted(double quantile, double[] values, int size) {
        if (size == 0 || Double.isNaN(quantile)) {
            return Double.NaN;
        }
        if (quantile < 0) {
            return Double.NEGATIVE_INFINITY;
        }
        if (quantile > 1) {
            return Double.POSITIVE_INFINITY;
        }
        double rank = quantile * (size - 1);
        int lower = (int) Math.max(0, Math.floor(rank));
        int upper = Math.min(size - 1, lower + 1);
        double weight = rank - Math.floor(rank);
        return values[lower] * (1 - weight) + values[upper] * weight;
    }
}
