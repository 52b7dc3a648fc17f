package dev.belfry.query.insight;

import dev.belfry.store.Plan;
import dev.belfry.store.QueryContext;
import dev.belfry.store.Values;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One group of rows in a step, and its measures so far; values come in the order of rows. */
final class Group {
    private final List<Plan.Measure> measures;
    private final QueryContext context;
    @Nullable Object[] keys = {};
    private final long[] counts;
    private final double[] sums;

    /* Of the squares of deviations, by Welford. */
    private final double[] squares;
    private final @Nullable Object[] edges;
    private final List<@Nullable Set<Object>> distinct = new ArrayList<>();
    private final List<@Nullable List<Double>> numbers = new ArrayList<>();

    Group(List<Plan.Measure> measures, QueryContext context) {
        this.measures = measures;
        this.context = context;
        counts = new long[measures.size()];
        sums = new double[measures.size()];
        squares = new double[measures.size()];
        edges = new @Nullable Object[measures.size()];
        for (Plan.Measure measure : measures) {
            distinct.add(
                    measure.function() == Plan.Function.COUNT_DISTINCT ? new HashSet<>() : null);
            numbers.add(measure.function() == Plan.Function.QUANTILE ? new ArrayList<>() : null);
        }
    }

    /** Takes in the value of a measure's operand for one row. */
    void add(int measure, @Nullable Object given) {
        Object value = Values.groupKey(given);
        if (value == null) {
            return;
        }
        switch (measures.get(measure).function()) {
            case COUNT -> counts[measure]++;
            case COUNT_DISTINCT -> addDistinct(measure, value);
            case MIN, MAX -> {
                boolean max = measures.get(measure).function() == Plan.Function.MAX;
                Object edge = edges[measure];
                int sign = edge == null ? 0 : Values.order(value, edge, false);
                if (edge == null || (max ? sign > 0 : sign < 0)) {
                    edges[measure] = given;
                }
            }
            /* Rows come newest first, or in the order that was asked for. */
            case FIRST -> edges[measure] = given;
            case LAST -> edges[measure] = edges[measure] == null ? given : edges[measure];
            case SUM, AVERAGE, STANDARD_DEVIATION, QUANTILE -> addNumber(measure, value);
        }
    }

    private void addDistinct(int measure, Object value) {
        Set<Object> values = distinct.get(measure);
        if (values != null && values.add(value)) {
            context.reserve(Limits.VALUE_BYTES + Values.sizeBytes(value));
        }
    }

    private void addNumber(int measure, Object value) {
        double number = Values.number(value);
        if (Double.isNaN(number)) {
            return;
        }
        List<Double> all = numbers.get(measure);
        if (all != null) {
            context.reserve(Limits.VALUE_BYTES);
            all.add(number);
        }
        long count = ++counts[measure];
        double mean = count == 1 ? 0 : sums[measure] / (count - 1);
        sums[measure] += number;
        squares[measure] += count == 1 ? 0 : (number - mean) * (number - sums[measure] / count);
    }

    /** Keys and results. */
    @Nullable Object[] row() {
        @Nullable Object[] row = Arrays.copyOf(keys, keys.length + measures.size());
        for (int m = 0; m < measures.size(); m++) {
            row[keys.length + m] = result(m);
        }
        return row;
    }

    private @Nullable Object result(int m) {
        long count = counts[m];
        return switch (measures.get(m).function()) {
            case COUNT -> (Object) count;
            case COUNT_DISTINCT -> {
                Set<Object> values = distinct.get(m);
                yield (Object) (values == null ? 0L : (long) values.size());
            }
            case MIN, MAX, FIRST, LAST -> edges[m];
            case SUM -> count == 0 ? null : (Object) sums[m];
            case AVERAGE -> count == 0 ? null : (Object) (sums[m] / count);
            case STANDARD_DEVIATION ->
                    count < 2 ? null : (Object) Math.sqrt(Math.max(0, squares[m]) / (count - 1));
            case QUANTILE -> quantile(numbers.get(m), measures.get(m).argument());
        };
    }

    private static @Nullable Object quantile(@Nullable List<Double> values, double at) {
        if (values == null || values.isEmpty()) {
            return null;
        }
        List<Double> sorted = new ArrayList<>(values);
        sorted.sort(null);
        double place = at * (sorted.size() - 1);
        int below = (int) place;
        int above = Math.min(below + 1, sorted.size() - 1);
        return sorted.get(below) + (place - below) * (sorted.get(above) - sorted.get(below));
    }
}
