package dev.belfry.query.promql;

import dev.belfry.model.series.FloatHistogram;
import dev.belfry.model.series.FloatHistogram.Bucket;

/**
 * Takes observations above or below a limit out of a histogram. The bucket that holds the limit is
 * divided as quantiles are interpolated; the sum is made up of the buckets' middles.
 */
final class HistogramTrim {
    private final FloatHistogram histogram;
    private final double limit;
    private final boolean upper;
    private double count;
    private double sum;
    private boolean trimmed;

    private HistogramTrim(FloatHistogram histogram, double limit, boolean upper) {
        this.histogram = histogram;
        this.limit = limit;
        this.upper = upper;
    }

    /** Without the observations above {@code limit} if {@code upper}, else without those below. */
    static FloatHistogram trim(FloatHistogram histogram, double limit, boolean upper) {
        return new HistogramTrim(histogram, limit, upper).trim();
    }

    private FloatHistogram trim() {
        double[] positive = new double[histogram.positiveCounts().length];
        double[] negative = new double[histogram.negativeCounts().length];
        for (int i = 0; i < positive.length; i++) {
            positive[i] = kept(histogram.positive(i), true);
        }
        for (int i = 0; i < negative.length; i++) {
            negative[i] = kept(histogram.negative(i), false);
        }
        double zero = histogram.zeroCount() > 0 ? keptOfZero() : histogram.zeroCount();
        if (!trimmed) {
            return histogram;
        }
        return new FloatHistogram(
                histogram.schema(),
                histogram.hint(),
                count,
                sum,
                histogram.zeroThreshold(),
                zero,
                histogram.positiveIndexes(),
                positive,
                histogram.negativeIndexes(),
                negative,
                histogram.bounds());
    }

    private double add(double keptCount, double middle, double fullCount) {
        count += keptCount;
        sum += keptCount == 0 ? 0 : middle * keptCount;
        trimmed |= keptCount != fullCount;
        return keptCount;
    }

    private double kept(Bucket bucket, boolean positive) {
        double full = bucket.count();
        boolean whole = upper ? bucket.upper() <= limit : bucket.lower() >= limit;
        // NaN is above nothing and below nothing: no bucket is left.
        boolean part = upper ? bucket.lower() < limit : bucket.upper() > limit;
        if (whole) {
            return add(full, middle(bucket.lower(), bucket.upper(), positive), full);
        }
        if (!part) {
            return add(0, 0, full);
        }
        if (Double.isInfinite(bucket.lower()) || Double.isInfinite(bucket.upper())) {
            return keptOfInfinite(bucket);
        }
        double below = full * share(bucket, positive);
        double start = upper ? bucket.lower() : limit;
        double end = upper ? limit : bucket.upper();
        return add(upper ? below : full - below, middle(start, end, positive), full);
    }

    private double share(Bucket bucket, boolean positive) {
        if (histogram.custom()) {
            return (limit - bucket.lower()) / (bucket.upper() - bucket.lower());
        }
        double logLower = NativeBuckets.log2(Math.abs(bucket.lower()));
        double logUpper = NativeBuckets.log2(Math.abs(bucket.upper()));
        double logLimit = NativeBuckets.log2(Math.abs(limit));
        return positive
                ? (logLimit - logLower) / (logUpper - logLower)
                : 1 - (logLimit - logUpper) / (logLower - logUpper);
    }

    /* A bucket without an end: what is known of it decides whether it goes or stays. */
    private double keptOfInfinite(Bucket bucket) {
        double full = bucket.count();
        if (Double.isInfinite(bucket.lower())) {
            boolean fromZero = bucket.upper() > 0 && !Double.isInfinite(bucket.upper());
            if (upper) {
                if (fromZero && limit > 0) {
                    return add(full * limit / bucket.upper(), limit / 2, full);
                }
                return bucket.upper() <= 0 ? add(full, limit, full) : add(0, 0, full);
            }
            if (fromZero && limit >= 0) {
                double middle = (limit + bucket.upper()) / 2;
                return add(full * (1 - limit / bucket.upper()), middle, full);
            }
            if (fromZero) {
                return add(full, bucket.upper() / 2, full);
            }
            return add(0, 0, full);
        }
        return upper
                ? add(0, 0, full)
                : add(full, limit > bucket.lower() ? limit : bucket.lower(), full);
    }

    private double keptOfZero() {
        double full = histogram.zeroCount();
        double lower = -histogram.zeroThreshold();
        double end = histogram.zeroThreshold();
        boolean hasNegative = histogram.negativeCounts().length > 0;
        boolean hasPositive = histogram.positiveCounts().length > 0;
        if (hasNegative && !hasPositive) {
            end = 0;
        } else if (hasPositive && !hasNegative) {
            lower = 0;
        }
        boolean whole = upper ? end <= limit : lower >= limit;
        boolean none = upper ? lower >= limit : end <= limit;
        if (whole) {
            return add(full, (lower + end) / 2, full);
        }
        if (none) {
            return add(0, 0, full);
        }
        double below = full * (limit - lower) / (end - lower);
        return upper
                ? add(below, (lower + limit) / 2, full)
                : add(full - below, (limit + end) / 2, full);
    }

    private double middle(double lower, double end, boolean positive) {
        if (Double.isInfinite(lower)) {
            return Double.isInfinite(end) ? 0 : end > 0 ? end / 2 : end;
        }
        if (Double.isInfinite(end)) {
            return lower;
        }
        if (histogram.custom()) {
            return (lower + end) / 2;
        }
        double mean = Math.sqrt(Math.abs(lower * end));
        return positive ? mean : -mean;
    }
}
