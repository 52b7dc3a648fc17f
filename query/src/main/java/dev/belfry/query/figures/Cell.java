package dev.belfry.query.figures;

import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.query.MetricQuestion.Aggregation;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** What one group has in one part of the range; for one thread. */
final class Cell {
    private static final int VALUES_MAX = 5_000_000;

    private double count;
    private double sum;
    private double min = Double.POSITIVE_INFINITY;
    private double max = Double.NEGATIVE_INFINITY;
    private double[] values = new double[8];
    private int size;

    /* Observations by the upper bound of their bucket; null of a metric that has values. */
    private final TreeMap<Double, double[]> buckets = new TreeMap<>();

    /** Adds a value; {@code kept} when percentiles are asked for. */
    void add(double value, boolean kept) {
        count++;
        sum += value;
        min = Math.min(min, value);
        max = Math.max(max, value);
        if (!kept) {
            return;
        }
        if (size == values.length) {
            if (size >= VALUES_MAX) {
                throw new BelfryException(
                        ErrorCode.QUERY_LIMIT,
                        "percentiles: more than "
                                + VALUES_MAX
                                + " values (expected: fewer; a shorter"
                                + " range, or a step)");
            }
            values = Arrays.copyOf(values, 2 * size);
        }
        values[size++] = value;
    }

    /** Adds the sum and the number of observations. */
    void observed(double more, double ofThem) {
        sum += more;
        count += ofThem;
    }

    /** Adds observations above {@code lower}, not above {@code upper}. */
    void bucket(double lower, double upper, double of) {
        double[] bucket = buckets.computeIfAbsent(upper, _ -> new double[] {lower, 0});
        bucket[0] = Math.max(bucket[0], lower);
        bucket[1] += of;
        min = Math.min(min, lower);
        max = Math.max(max, upper);
    }

    /** The figure; NaN when there is nothing to make it of. */
    double figure(Aggregation aggregation, long millis) {
        return switch (aggregation) {
            case COUNT -> count;
            case SUM -> sum;
            case AVG -> count == 0 ? Double.NaN : sum / count;
            case MIN -> count == 0 || min == Double.POSITIVE_INFINITY ? Double.NaN : min;
            case MAX -> count == 0 || max == Double.NEGATIVE_INFINITY ? Double.NaN : max;
            case RATE -> sum * 1000 / millis;
            case P50, P90, P95, P99 ->
                    buckets.isEmpty()
                            ? ofValues(aggregation.quantile())
                            : ofBuckets(aggregation.quantile());
        };
    }

    /** Observations a second. */
    double observationRate(long millis) {
        return count * 1000 / millis;
    }

    /* Between the two nearest ranks, as quantile_over_time has it. */
    private double ofValues(double quantile) {
        if (size == 0) {
            return Double.NaN;
        }
        Arrays.sort(values, 0, size);
        double rank = quantile * (size - 1);
        int lower = (int) Math.floor(rank);
        int upper = Math.min(size - 1, lower + 1);
        return values[lower] + (values[upper] - values[lower]) * (rank - lower);
    }

    private double ofBuckets(double quantile) {
        double all = 0;
        for (double[] each : buckets.values()) {
            all += each[1];
        }
        double rank = quantile * all;
        double seen = 0;
        for (Map.Entry<Double, double[]> each : buckets.entrySet()) {
            double lower = each.getValue()[0];
            double upper = each.getKey();
            double of = each.getValue()[1];
            if (of > 0 && seen + of >= rank) {
                return Double.isInfinite(upper)
                        ? lower
                        : lower + (upper - lower) * (rank - seen) / of;
            }
            seen += of;
        }
        return Double.NaN;
    }
}
