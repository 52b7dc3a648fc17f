package dev.belfry.model.series;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A native histogram: counts of observations in exponential buckets (schema −4 … 8, by their index)
 * or in buckets with bounds of their own (schema −53). Empty buckets are not kept. Immutable; the
 * arrays that it is made of belong to it from then on.
 */
public final class FloatHistogram {
    /** The schema of a histogram with bounds of its own. */
    public static final int CUSTOM = -53;

    /** The coarsest exponential schema. */
    public static final int SCHEMA_MIN = -4;

    /** The finest exponential schema. */
    public static final int SCHEMA_MAX = 8;

    /** What is known of a counter reset between the histogram before and this one. */
    public enum ResetHint {
        /** Nothing: compare them. */
        UNKNOWN,
        /** There was one. */
        RESET,
        /** There was none. */
        NOT_RESET,
        /** It is a gauge: there are no resets. */
        GAUGE
    }

    /**
     * One bucket with its bounds.
     *
     * @param lower lower bound
     * @param upper upper bound
     * @param lowerInclusive whether the lower bound belongs to it
     * @param upperInclusive whether the upper bound belongs to it
     * @param count observations in it
     */
    public record Bucket(
            double lower,
            double upper,
            boolean lowerInclusive,
            boolean upperInclusive,
            double count) {
        /** As {@code (1,2]:3}. */
        @Override
        public String toString() {
            return (lowerInclusive ? "[" : "(")
                    + Floats.general(lower)
                    + ","
                    + Floats.general(upper)
                    + (upperInclusive ? "]" : ")")
                    + ":"
                    + Floats.general(count);
        }
    }

    private static final int[] NO_INDEXES = {};
    private static final double[] NO_COUNTS = {};

    private final int schema;
    private final ResetHint hint;
    private final double count;
    private final double sum;
    private final double zeroThreshold;
    private final double zeroCount;
    private final int[] positiveIndexes;
    private final double[] positiveCounts;
    private final int[] negativeIndexes;
    private final double[] negativeCounts;
    private final double[] bounds;

    /**
     * Makes a histogram. Indexes ascend; buckets with a count of zero are left out. {@code bounds}
     * ascend and are empty unless the schema is {@link #CUSTOM}, where the bucket of index i ends
     * at the bound i, the last one at infinity.
     */
    public FloatHistogram(
            int schema,
            ResetHint hint,
            double count,
            double sum,
            double zeroThreshold,
            double zeroCount,
            int[] positiveIndexes,
            double[] positiveCounts,
            int[] negativeIndexes,
            double[] negativeCounts,
            double[] bounds) {
        this.schema = schema;
        this.hint = hint;
        this.count = count;
        this.sum = sum;
        this.zeroThreshold = zeroThreshold;
        this.zeroCount = zeroCount;
        int positive = nonZero(positiveCounts);
        boolean all = positive == positiveCounts.length;
        this.positiveIndexes =
                all ? positiveIndexes : pick(positiveIndexes, positiveCounts, positive);
        this.positiveCounts = all ? positiveCounts : pick(positiveCounts, positive);
        int negative = nonZero(negativeCounts);
        all = negative == negativeCounts.length;
        this.negativeIndexes =
                all ? negativeIndexes : pick(negativeIndexes, negativeCounts, negative);
        this.negativeCounts = all ? negativeCounts : pick(negativeCounts, negative);
        this.bounds = bounds;
    }

    /** A histogram without observations, of schema {@code schema} and these bounds. */
    public static FloatHistogram empty(int schema, double[] bounds) {
        return new FloatHistogram(
                schema,
                ResetHint.UNKNOWN,
                0,
                0,
                0,
                0,
                NO_INDEXES,
                NO_COUNTS,
                NO_INDEXES,
                NO_COUNTS,
                bounds);
    }

    private static int nonZero(double[] counts) {
        int found = 0;
        for (double bucket : counts) {
            if (bucket != 0) {
                found++;
            }
        }
        return found;
    }

    private static int[] pick(int[] indexes, double[] counts, int size) {
        int[] kept = new int[size];
        int at = 0;
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] != 0) {
                kept[at++] = indexes[i];
            }
        }
        return kept;
    }

    private static double[] pick(double[] counts, int size) {
        double[] kept = new double[size];
        int at = 0;
        for (double bucket : counts) {
            if (bucket != 0) {
                kept[at++] = bucket;
            }
        }
        return kept;
    }

    /** The resolution: there are 2^schema buckets to a power of two; or {@link #CUSTOM}. */
    public int schema() {
        return schema;
    }

    /** What is known of a reset before it. */
    public ResetHint hint() {
        return hint;
    }

    /** All observations. */
    public double count() {
        return count;
    }

    /** Their sum. */
    public double sum() {
        return sum;
    }

    /** Observations up to this distance from zero are in the zero bucket. */
    public double zeroThreshold() {
        return zeroThreshold;
    }

    /** Observations in the zero bucket. */
    public double zeroCount() {
        return zeroCount;
    }

    /** Whether the buckets have bounds of their own. */
    public boolean custom() {
        return schema == CUSTOM;
    }

    /** The bounds of a custom histogram; not to be changed. */
    public double[] bounds() {
        return bounds;
    }

    /** Indexes of the buckets above zero; not to be changed. */
    public int[] positiveIndexes() {
        return positiveIndexes;
    }

    /** Counts of the buckets above zero; not to be changed. */
    public double[] positiveCounts() {
        return positiveCounts;
    }

    /** Indexes of the buckets below zero, by distance from it; not to be changed. */
    public int[] negativeIndexes() {
        return negativeIndexes;
    }

    /** Counts of the buckets below zero; not to be changed. */
    public double[] negativeCounts() {
        return negativeCounts;
    }

    /** The bucket above zero at {@code position}. */
    public Bucket positive(int position) {
        int index = positiveIndexes[position];
        return new Bucket(
                lowerBound(index),
                upperBound(index),
                custom() && index == 0,
                true,
                positiveCounts[position]);
    }

    /** The bucket below zero at {@code position}, counted from zero on. */
    public Bucket negative(int position) {
        int index = negativeIndexes[position];
        return new Bucket(
                -upperBound(index), -lowerBound(index), true, false, negativeCounts[position]);
    }

    /** The zero bucket. */
    public Bucket zero() {
        return new Bucket(-zeroThreshold, zeroThreshold, true, true, zeroCount);
    }

    /**
     * All buckets that hold observations, ascending; the zero bucket when it has more than none.
     * One that reaches into the zero bucket begins where that ends.
     */
    public Bucket[] buckets() {
        Bucket[] buckets = buckets(zeroCount > 0);
        for (int i = 0; i < buckets.length && zeroThreshold > 0; i++) {
            buckets[i] = beyondZero(buckets[i]);
        }
        return buckets;
    }

    private Bucket[] buckets(boolean zero) {
        int size = negativeCounts.length + positiveCounts.length + (zero ? 1 : 0);
        Bucket[] buckets = new Bucket[size];
        int at = 0;
        for (int i = negativeCounts.length - 1; i >= 0; i--) {
            buckets[at++] = negative(i);
        }
        if (zero) {
            buckets[at++] = zero();
        }
        for (int i = 0; i < positiveCounts.length; i++) {
            buckets[at++] = positive(i);
        }
        return buckets;
    }

    private Bucket beyondZero(Bucket bucket) {
        double lower = bucket.lower();
        double upper = bucket.upper();
        if (lower > 0 && lower < zeroThreshold) {
            lower = zeroThreshold;
        } else if (upper < 0 && upper > -zeroThreshold) {
            upper = -zeroThreshold;
        } else {
            return bucket;
        }
        return new Bucket(
                lower, upper, bucket.lowerInclusive(), bucket.upperInclusive(), bucket.count());
    }

    /** The upper bound of the bucket {@code index} above zero. */
    public double upperBound(int index) {
        return custom()
                ? (index < bounds.length ? bounds[index] : Double.POSITIVE_INFINITY)
                : exponentialBound(index, schema);
    }

    /** The lower bound of the bucket {@code index} above zero. */
    public double lowerBound(int index) {
        return custom()
                ? (index == 0 ? Double.NEGATIVE_INFINITY : bounds[index - 1])
                : exponentialBound(index - 1, schema);
    }

    /** The upper bound of the exponential bucket {@code index} in {@code schema}. */
    public static double exponentialBound(int index, int schema) {
        if (schema < 0) {
            int exponent = index << -schema;
            return exponent == 1024 ? Double.MAX_VALUE : Math.scalb(1.0, exponent);
        }
        int part = index & ((1 << schema) - 1);
        int exponent = (index >> schema) + 1;
        if (part == 0 && exponent == 1025) {
            return Double.MAX_VALUE;
        }
        double fraction = ExponentialBounds.fraction(part, schema);
        return exponent > 1023
                ? Math.scalb(fraction * 2, exponent - 1)
                : Math.scalb(fraction, exponent);
    }

    /** The same with another hint. */
    public FloatHistogram withHint(ResetHint newHint) {
        return newHint == hint ? this : copy(newHint, count, sum, zeroCount, 1, false);
    }

    /** All counts and the sum times {@code factor}; by a negative one it becomes a gauge. */
    public FloatHistogram times(double factor) {
        return copy(
                factor < 0 ? ResetHint.GAUGE : hint,
                count * factor,
                sum * factor,
                zeroCount * factor,
                factor,
                false);
    }

    /** All counts and the sum divided; by zero, the buckets vanish. */
    public FloatHistogram dividedBy(double divisor) {
        ResetHint newHint = divisor < 0 ? ResetHint.GAUGE : hint;
        if (divisor == 0) {
            return new FloatHistogram(
                    schema,
                    newHint,
                    count / divisor,
                    sum / divisor,
                    zeroThreshold,
                    zeroCount / divisor,
                    NO_INDEXES,
                    NO_COUNTS,
                    NO_INDEXES,
                    NO_COUNTS,
                    bounds);
        }
        return copy(newHint, count / divisor, sum / divisor, zeroCount / divisor, divisor, true);
    }

    private FloatHistogram copy(
            ResetHint newHint,
            double newCount,
            double newSum,
            double newZeroCount,
            double factor,
            boolean divide) {
        return new FloatHistogram(
                schema,
                newHint,
                newCount,
                newSum,
                zeroThreshold,
                newZeroCount,
                positiveIndexes,
                scaled(positiveCounts, factor, divide),
                negativeIndexes,
                scaled(negativeCounts, factor, divide),
                bounds);
    }

    private static double[] scaled(double[] counts, double factor, boolean divide) {
        if (factor == 1) {
            return counts;
        }
        double[] scaled = new double[counts.length];
        for (int i = 0; i < counts.length; i++) {
            scaled[i] = divide ? counts[i] / factor : counts[i] * factor;
        }
        return scaled;
    }

    /** Whether there was a counter reset between {@code before} and this one. */
    public boolean resetSince(FloatHistogram before) {
        return switch (hint) {
            case RESET -> true;
            case NOT_RESET -> false;
            case UNKNOWN, GAUGE -> HistogramResets.between(before, this);
        };
    }

    /** Equal but for the hint; numbers are compared by their bits. */
    public boolean sameAs(@Nullable FloatHistogram other) {
        return other != null
                && schema == other.schema
                && Double.doubleToRawLongBits(count) == Double.doubleToRawLongBits(other.count)
                && Double.doubleToRawLongBits(sum) == Double.doubleToRawLongBits(other.sum)
                && (custom() || zeroThreshold == other.zeroThreshold)
                && (custom() || zeroCount == other.zeroCount)
                && Arrays.equals(positiveIndexes, other.positiveIndexes)
                && Arrays.equals(positiveCounts, other.positiveCounts)
                && Arrays.equals(negativeIndexes, other.negativeIndexes)
                && Arrays.equals(negativeCounts, other.negativeCounts)
                && Arrays.equals(bounds, other.bounds);
    }

    /** Bytes that it takes in memory, about. */
    public int sizeBytes() {
        return 120
                + 12 * (positiveIndexes.length + negativeIndexes.length)
                + (bounds.length == 0 ? 0 : 16);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FloatHistogram histogram
                && hint == histogram.hint
                && sameAs(histogram);
    }

    @Override
    public int hashCode() {
        return 31 * Double.hashCode(count) + Arrays.hashCode(positiveCounts);
    }

    /** As Prometheus writes it: {@code {count:3, sum:4, [-0.5,0.5]:1, (1,2]:2}}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("{count:");
        text.append(Floats.general(count)).append(", sum:").append(Floats.general(sum));
        for (Bucket bucket : buckets(zeroCount != 0)) {
            text.append(", ").append(bucket);
        }
        return text.append('}').toString();
    }
}
