package dev.belfry.query.promql;

import dev.belfry.model.series.FloatHistogram;
import dev.belfry.model.series.FloatHistogram.Bucket;

/**
 * Quantiles and fractions of native histograms. Within a bucket, observations are taken to be
 * spread evenly over the logarithm; over the value in custom buckets and in the zero bucket.
 */
final class NativeBuckets {
    private NativeBuckets() {}

    static double quantile(
            double quantile,
            FloatHistogram histogram,
            Annotations annotations,
            String metric,
            Span span) {
        if (quantile < 0) {
            return Double.NEGATIVE_INFINITY;
        }
        if (quantile > 1) {
            return Double.POSITIVE_INFINITY;
        }
        if (histogram.count() == 0 || Double.isNaN(quantile)) {
            return Double.NaN;
        }
        boolean hasNaN = Double.isNaN(histogram.sum());
        boolean forward = hasNaN || quantile < 0.5;
        double rank = (forward ? quantile : 1 - quantile) * histogram.count();
        Bucket[] buckets = histogram.buckets();
        Bucket bucket = new Bucket(0, 0, true, true, 0);
        double count = 0;
        for (int i = 0; i < buckets.length; i++) {
            bucket = buckets[forward ? i : buckets.length - 1 - i];
            count += bucket.count();
            if (count >= rank) {
                break;
            }
        }
        double lower = lower(histogram, bucket);
        double upper = upper(histogram, bucket);
        if (histogram.custom()) {
            boolean first = Double.isInfinite(bucket.lower());
            if (first && bucket.upper() <= 0) {
                return bucket.upper();
            }
            if (!first && Double.isInfinite(bucket.upper())) {
                return bucket.lower();
            }
        }
        count = Math.min(count, histogram.count());
        if (count < rank) {
            if (hasNaN) {
                annotations.quantileIsNaN(metric, span);
                return Double.NaN;
            }
            return upper;
        }
        if (hasNaN && inBuckets(buckets) < histogram.count()) {
            annotations.quantileIsSkewed(metric, span);
        }
        rank = forward ? rank - (count - bucket.count()) : count - rank;
        double fraction = rank / bucket.count();
        if (histogram.custom() || (lower <= 0 && upper >= 0)) {
            return lower + (upper - lower) * fraction;
        }
        double logLower = log2(Math.abs(lower));
        double logUpper = log2(Math.abs(upper));
        if (lower > 0) {
            return Math.pow(2, logLower + (logUpper - logLower) * fraction);
        }
        return -Math.pow(2, logUpper + (logLower - logUpper) * (1 - fraction));
    }

    private static double inBuckets(Bucket[] buckets) {
        double count = 0;
        for (Bucket bucket : buckets) {
            count += bucket.count();
        }
        return count;
    }

    static double log2(double value) {
        return Math.log(value) / Math.log(2);
    }

    /* The zero bucket ends at zero when there is nothing beyond; the first custom one begins there. */
    private static double lower(FloatHistogram histogram, Bucket bucket) {
        if (histogram.custom()) {
            boolean first = Double.isInfinite(bucket.lower()) && bucket.upper() > 0;
            return first ? 0 : bucket.lower();
        }
        boolean onlyPositive =
                histogram.negativeCounts().length == 0 && histogram.positiveCounts().length > 0;
        return bucket.lower() < 0 && bucket.upper() > 0 && onlyPositive ? 0 : bucket.lower();
    }

    private static double upper(FloatHistogram histogram, Bucket bucket) {
        boolean onlyNegative =
                !histogram.custom()
                        && histogram.positiveCounts().length == 0
                        && histogram.negativeCounts().length > 0;
        return bucket.lower() < 0 && bucket.upper() > 0 && onlyNegative ? 0 : bucket.upper();
    }

    static double fraction(
            double lower,
            double upper,
            FloatHistogram histogram,
            Annotations annotations,
            String metric,
            Span span) {
        if (histogram.count() == 0 || Double.isNaN(lower) || Double.isNaN(upper)) {
            return Double.NaN;
        }
        if (lower >= upper) {
            return 0;
        }
        double count = histogram.count();
        if (Double.isNaN(histogram.sum())) {
            // Observations that are NaN are counted, but in no bucket.
            count = inBuckets(histogram.buckets());
            if (count < histogram.count()) {
                annotations.fractionHasNaN(metric, span);
            }
        }
        double below = Math.min(rank(lower, histogram), count);
        return (Math.min(rank(upper, histogram), count) - below) / histogram.count();
    }

    /* How many observations are below a value; infinitely many above the last bucket. */
    private static double rank(double value, FloatHistogram histogram) {
        // As in Prometheus, custom buckets around zero begin at zero too.
        boolean hasNegative = histogram.negativeCounts().length > 0;
        boolean hasPositive = histogram.positiveCounts().length > 0;
        boolean onlyPositive = hasPositive && !hasNegative;
        boolean onlyNegative = hasNegative && !hasPositive;
        double below = 0;
        for (Bucket bucket : histogram.buckets()) {
            boolean zero = bucket.lower() <= 0 && bucket.upper() >= 0;
            double lower = zero && onlyPositive ? 0 : bucket.lower();
            double upper = zero && onlyNegative ? 0 : bucket.upper();
            if (lower >= value) {
                return below;
            }
            if (upper > value) {
                return below
                        + bucket.count() * share(value, lower, upper, histogram.custom() || zero);
            }
            below += bucket.count();
        }
        return Double.POSITIVE_INFINITY;
    }

    private static double share(double value, double lower, double upper, boolean linear) {
        if (linear) {
            return Double.isInfinite(lower) ? 1 : (value - lower) / (upper - lower);
        }
        double logLower = log2(Math.abs(lower));
        double logUpper = log2(Math.abs(upper));
        double logValue = log2(Math.abs(value));
        return value > 0
                ? (logValue - logLower) / (logUpper - logLower)
                : 1 - (logValue - logUpper) / (logLower - logUpper);
    }
}
