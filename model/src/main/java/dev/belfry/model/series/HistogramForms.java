package dev.belfry.model.series;

import java.util.Arrays;

/** Brings histograms to a common form: zero bucket, resolution, bounds. */
public final class HistogramForms {
    private HistogramForms() {}

    /**
     * With a zero bucket of at least {@code threshold}; of more, when that would cut a bucket with
     * observations.
     */
    static FloatHistogram widen(FloatHistogram histogram, double threshold) {
        if (threshold <= histogram.zeroThreshold()) {
            return histogram;
        }
        double limit = threshold;
        int positive = 0;
        int negative = 0;
        boolean moved = true;
        while (moved) {
            positive = inside(histogram, histogram.positiveIndexes(), limit);
            negative = inside(histogram, histogram.negativeIndexes(), limit);
            double reach = limit;
            if (positive > 0) {
                int last = histogram.positiveIndexes()[positive - 1];
                reach = Math.max(reach, histogram.upperBound(last));
            }
            if (negative > 0) {
                int last = histogram.negativeIndexes()[negative - 1];
                reach = Math.max(reach, histogram.upperBound(last));
            }
            moved = reach > limit;
            limit = reach;
        }
        double zero = histogram.zeroCount();
        for (int i = 0; i < positive; i++) {
            zero += histogram.positiveCounts()[i];
        }
        for (int i = 0; i < negative; i++) {
            zero += histogram.negativeCounts()[i];
        }
        return cut(histogram, limit, zero, positive, negative);
    }

    private static int inside(FloatHistogram histogram, int[] indexes, double limit) {
        int number = 0;
        while (number < indexes.length && histogram.lowerBound(indexes[number]) < limit) {
            number++;
        }
        return number;
    }

    private static FloatHistogram cut(
            FloatHistogram histogram, double limit, double zero, int positive, int negative) {
        int[] positiveIndexes = histogram.positiveIndexes();
        double[] positiveCounts = histogram.positiveCounts();
        int[] negativeIndexes = histogram.negativeIndexes();
        double[] negativeCounts = histogram.negativeCounts();
        return new FloatHistogram(
                histogram.schema(),
                histogram.hint(),
                histogram.count(),
                histogram.sum(),
                limit,
                zero,
                Arrays.copyOfRange(positiveIndexes, positive, positiveIndexes.length),
                Arrays.copyOfRange(positiveCounts, positive, positiveCounts.length),
                Arrays.copyOfRange(negativeIndexes, negative, negativeIndexes.length),
                Arrays.copyOfRange(negativeCounts, negative, negativeCounts.length),
                histogram.bounds());
    }

    /** In the coarser exponential resolution {@code schema}; finer ones stay as they are. */
    public static FloatHistogram toSchema(FloatHistogram histogram, int schema) {
        if (histogram.custom() || schema >= histogram.schema()) {
            return histogram;
        }
        int shift = histogram.schema() - schema;
        HistogramBuckets positive =
                new HistogramBuckets(histogram.positiveIndexes(), histogram.positiveCounts());
        positive.coarsen(shift);
        HistogramBuckets negative =
                new HistogramBuckets(histogram.negativeIndexes(), histogram.negativeCounts());
        negative.coarsen(shift);
        return new FloatHistogram(
                schema,
                histogram.hint(),
                histogram.count(),
                histogram.sum(),
                histogram.zeroThreshold(),
                histogram.zeroCount(),
                positive.resultIndexes(),
                positive.plainCounts(),
                negative.resultIndexes(),
                negative.plainCounts(),
                histogram.bounds());
    }

    /** The bounds that stand in both. */
    static double[] commonBounds(double[] left, double[] right) {
        double[] common = new double[Math.min(left.length, right.length)];
        int size = 0;
        int at = 0;
        for (double bound : left) {
            while (at < right.length && right[at] < bound) {
                at++;
            }
            if (at < right.length && right[at] == bound) {
                common[size++] = bound;
            }
        }
        return Arrays.copyOf(common, size);
    }

    /** For each bucket of {@code bounds}, the bucket of {@code coarser} that holds it. */
    static int[] mapping(double[] bounds, double[] coarser) {
        int[] mapping = new int[bounds.length + 1];
        int to = 0;
        for (int i = 0; i < bounds.length; i++) {
            while (to < coarser.length && coarser[to] < bounds[i]) {
                to++;
            }
            mapping[i] = to;
        }
        mapping[bounds.length] = coarser.length;
        return mapping;
    }

    /** With only the bounds {@code coarser}, which must be among its own. */
    static FloatHistogram toBounds(FloatHistogram histogram, double[] coarser) {
        if (Arrays.equals(histogram.bounds(), coarser)) {
            return histogram;
        }
        HistogramBuckets buckets =
                new HistogramBuckets(histogram.positiveIndexes(), histogram.positiveCounts());
        buckets.remap(mapping(histogram.bounds(), coarser), coarser.length + 1);
        return new FloatHistogram(
                histogram.schema(),
                histogram.hint(),
                histogram.count(),
                histogram.sum(),
                0,
                0,
                buckets.resultIndexes(),
                buckets.plainCounts(),
                histogram.negativeIndexes(),
                histogram.negativeCounts(),
                coarser);
    }
}
