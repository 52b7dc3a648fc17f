package dev.belfry.query.promql;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The numbers of a window in ascending order, NaN first: when a window has moved a little, what
 * left is taken out and what came is put in. For one call and for one thread.
 */
final class SortedWindow {
    /* One number costs about a quarter of what sorting costs for each. */
    private static final int COST_OF_ONE = 4;

    private @Nullable RangeSeries series;
    private int from;
    private int to;
    private double[] sorted = {};
    private int size;

    /* So many at the front are NaN. */
    private int missing;

    /** A quantile of the numbers in the window of {@code window}. */
    @SuppressWarnings("ReferenceEquality") // Another series is another object.
    double quantile(double quantile, RangeSeries window) {
        boolean moved =
                window == series && window.from >= from && window.from < to && window.to >= to;
        int changes = window.from - from + window.to - to;
        if (moved && changes * COST_OF_ONE <= window.size()) {
            for (; from < window.from; from++) {
                takeOut(window.values[from]);
            }
            for (; to < window.to; to++) {
                putIn(window.values[to]);
            }
        } else {
            series = window;
            from = window.from;
            to = window.to;
            size = to - from;
            sorted = size <= sorted.length ? sorted : new double[size];
            System.arraycopy(window.values, from, sorted, 0, size);
            missing = Quantiles.sort(sorted, size);
        }
        return Quantiles.ofSorted(quantile, sorted, size);
    }

    private void takeOut(double value) {
        boolean nan = Double.isNaN(value);
        int at = nan ? 0 : Arrays.binarySearch(sorted, missing, size, value);
        missing -= nan ? 1 : 0;
        size--;
        System.arraycopy(sorted, at + 1, sorted, at, size - at);
    }

    private void putIn(double value) {
        boolean nan = Double.isNaN(value);
        int found = nan ? 0 : Arrays.binarySearch(sorted, missing, size, value);
        int at = found < 0 ? -found - 1 : found;
        if (size == sorted.length) {
            sorted = Arrays.copyOf(sorted, size + size / 2 + 1);
        }
        System.arraycopy(sorted, at, sorted, at + 1, size - at);
        sorted[at] = value;
        missing += nan ? 1 : 0;
        size++;
    }
}
