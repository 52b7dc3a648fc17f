package dev.belfry.query.figures;

import dev.belfry.query.MetricQuestion.Aggregation;
import dev.belfry.store.QueryContext;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** What one group has in one part of the range; for one thread. */
final class Cell {
    /** An empty one, in its place. */
    static final long BYTES = 240;

    private static final int VALUES_MIN = 8;
    private static final long BUCKET_BYTES = 100;

    private final QueryContext context;
    private double count;
    private double sum;
    private double min = Double.POSITIVE_INFINITY;
    private double max = Double.NEGATIVE_INFINITY;
    private double[] values = {};
    private int size;

    /* Observations by the upper bound of their bucket; null of a metric that has values. */
    private final TreeMap<Double, double[]> buckets = new TreeMap<>();

    /** An empty one, which takes memory of {@code context} as it grows. */
    Cell(QueryContext context) {
        this.context = context;
        context.reserve(BYTES);
    }

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
            int more = Math.max(VALUES_MIN, size);
            context.reserve((long) Double.BYTES * more);
            values = Arrays.copyOf(values, size + more);
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
        double[] bucket =
                buckets.computeIfAbsent(
                        upper,
                        _ -> {
                            context.reserve(BUCKET_BYTES);
                            return new double[] {lower, 0};
                        });
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
