package dev.belfry.query.push;

import dev.belfry.model.series.FloatHistogram;
import dev.belfry.model.series.FloatHistogram.ResetHint;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** Observations in exponential buckets that grow; for one thread. */
final class Sketch {
    /*
     * Prometheus' native histogram of schema 3: eight buckets to a power of two, so a quantile is within 4.5 %.
     */
    static final int SCHEMA = 3;

    private static final double ZERO_THRESHOLD = 0x1p-128;
    private static final double[] NO_BOUNDS = {};

    private final TreeMap<Integer, Double> positive = new TreeMap<>();
    private final TreeMap<Integer, Double> negative = new TreeMap<>();
    private double count;
    private double sum;
    private double zero;
    private double min = Double.POSITIVE_INFINITY;
    private double max = Double.NEGATIVE_INFINITY;

    /** Forgets all. */
    void clear() {
        positive.clear();
        negative.clear();
        count = 0;
        sum = 0;
        zero = 0;
        min = Double.POSITIVE_INFINITY;
        max = Double.NEGATIVE_INFINITY;
    }

    /** Adds {@code weight} observations of {@code value}. */
    void observe(double value, double weight) {
        count += weight;
        sum += value * weight;
        min = Math.min(min, value);
        max = Math.max(max, value);
        if (Math.abs(value) <= ZERO_THRESHOLD) {
            zero += weight;
        } else {
            (value > 0 ? positive : negative).merge(index(Math.abs(value)), weight, Double::sum);
        }
    }

    /** Adds what {@code other} saw. */
    void add(Sketch other) {
        count += other.count;
        sum += other.sum;
        zero += other.zero;
        min = Math.min(min, other.min);
        max = Math.max(max, other.max);
        other.positive.forEach((index, of) -> positive.merge(index, of, Double::sum));
        other.negative.forEach((index, of) -> negative.merge(index, of, Double::sum));
    }

    /** How many observations there are. */
    double count() {
        return count;
    }

    /**
     * The value that {@code quantile}, 0 to 1, of the observations are not above; within its bucket
     * the observations count as spread evenly on the logarithmic scale. NaN without observations.
     */
    double quantile(double quantile) {
        double rank = quantile * count;
        double seen = 0;
        for (Map.Entry<Integer, Double> each : negative.descendingMap().entrySet()) {
            if (seen + each.getValue() >= rank) {
                return clamp(-between(each.getKey(), 1 - (rank - seen) / each.getValue()));
            }
            seen += each.getValue();
        }
        seen += zero;
        if (zero > 0 && seen >= rank) {
            return clamp(0);
        }
        for (Map.Entry<Integer, Double> each : positive.entrySet()) {
            if (seen + each.getValue() >= rank) {
                return clamp(between(each.getKey(), (rank - seen) / each.getValue()));
            }
            seen += each.getValue();
        }
        return count > 0 ? max : Double.NaN;
    }

    private double clamp(double value) {
        return Math.clamp(value, min, max);
    }

    private static double between(int index, double part) {
        double lower = FloatHistogram.exponentialBound(index - 1, SCHEMA);
        double upper = FloatHistogram.exponentialBound(index, SCHEMA);
        return lower * Math.pow(upper / lower, part);
    }

    /** These observations as a histogram. */
    FloatHistogram histogram() {
        return new FloatHistogram(
                SCHEMA,
                ResetHint.UNKNOWN,
                count,
                sum,
                ZERO_THRESHOLD,
                zero,
                indexes(positive),
                counts(positive),
                indexes(negative),
                counts(negative),
                NO_BOUNDS);
    }

    /** Whether {@code histogram} is of this kind, so that it can be gone on from. */
    static boolean fits(FloatHistogram histogram) {
        return histogram.schema() == SCHEMA && histogram.zeroThreshold() == ZERO_THRESHOLD;
    }

    /** Goes on from {@code histogram}, which {@link #fits}. */
    void restore(FloatHistogram histogram) {
        count = histogram.count();
        sum = histogram.sum();
        zero = histogram.zeroCount();
        for (int i = 0; i < histogram.positiveIndexes().length; i++) {
            positive.put(histogram.positiveIndexes()[i], histogram.positiveCounts()[i]);
        }
        for (int i = 0; i < histogram.negativeIndexes().length; i++) {
            negative.put(histogram.negativeIndexes()[i], histogram.negativeCounts()[i]);
        }
    }

    private static int[] indexes(TreeMap<Integer, Double> side) {
        return side.keySet().stream().mapToInt(Integer::intValue).toArray();
    }

    private static double[] counts(TreeMap<Integer, Double> side) {
        return Arrays.copyOf(
                side.values().stream().mapToDouble(Double::doubleValue).toArray(), side.size());
    }

    /* The bucket of a value above zero: (bound(index - 1), bound(index)]. */
    private static int index(double value) {
        int index = (int) Math.ceil(Math.log(value) / Math.log(2) * (1 << SCHEMA));
        while (value > FloatHistogram.exponentialBound(index, SCHEMA)) {
            index++;
        }
        while (value <= FloatHistogram.exponentialBound(index - 1, SCHEMA)) {
            index--;
        }
        return index;
    }
}
