package dev.belfry.query.promql;

import dev.belfry.model.series.LabelMatcher;
import dev.belfry.model.series.Labels;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Calls functions that give vectors: each family of them is a class beside this one. */
final class Functions {
    private Functions() {}

    static List<Row> call(Evaluator evaluator, Expr.Call call) {
        String name = call.function().name();
        ExtendedRanges.check(call);
        return switch (name) {
            case "absent" -> absent(evaluator, call, evaluator.vector(argument(call, 0)));
            case "absent_over_time" -> absentOverTime(evaluator, call);
            case "vector" -> vector(evaluator, call);
            case "timestamp" -> timestamp(evaluator, call);
            case "info" -> InfoFunction.call(evaluator, call);
            case "label_replace" -> LabelFunctions.replace(evaluator, call);
            case "label_join" -> LabelFunctions.join(evaluator, call);
            case "sort", "sort_desc", "sort_by_label", "sort_by_label_desc" ->
                    LabelFunctions.sort(evaluator, call);
            case "histogram_quantile", "histogram_quantiles", "histogram_fraction" ->
                    HistogramFunctions.buckets(evaluator, call);
            case "histogram_avg",
                    "histogram_count",
                    "histogram_sum",
                    "histogram_stddev",
                    "histogram_stdvar" ->
                    HistogramFunctions.simple(evaluator, call);
            default -> {
                boolean ranged = call.function().arguments().contains(ValueType.MATRIX);
                yield ranged
                        ? RangeFunctions.call(evaluator, call)
                        : InstantFunctions.call(evaluator, call);
            }
        };
    }

    static Expr argument(Expr.Call call, int index) {
        return call.arguments().get(index);
    }

    private static List<Row> vector(Evaluator evaluator, Expr.Call call) {
        double[] values = evaluator.scalar(argument(call, 0));
        return List.of(new Row(Labels.EMPTY, false, values, null));
    }

    private static List<Row> timestamp(Evaluator evaluator, Expr.Call call) {
        Expr argument = argument(call, 0).unwrapped();
        List<Row> result = new ArrayList<>();
        if (argument instanceof Expr.Selector selector && selector.edges() == Expr.Edges.PLAIN) {
            for (Row row : Selectors.timestamps(evaluator, selector)) {
                result.add(row.relabelled(row.labels, true));
            }
            return result;
        }
        for (Row row : evaluator.vector(argument)) {
            Row target = evaluator.newRow(row.labels, true);
            for (int i = 0; i < target.values.length; i++) {
                if (row.has(i)) {
                    target.values[i] = evaluator.steps.time(i) / 1000.0;
                }
            }
            result.add(target);
        }
        return result;
    }

    // ---- absence

    private static List<Row> absent(Evaluator evaluator, Expr.Call call, List<Row> rows) {
        boolean[] present = new boolean[evaluator.steps.count()];
        for (Row row : rows) {
            for (int i = 0; i < present.length; i++) {
                present[i] |= row.has(i);
            }
        }
        return where(evaluator, call, present, false);
    }

    private static List<Row> absentOverTime(Evaluator evaluator, Expr.Call call) {
        boolean[] present = new boolean[evaluator.steps.count()];
        evaluator.ranges(
                argument(call, 0).unwrapped(),
                "absent_over_time",
                series -> {
                    for (int i = 0; i < present.length; i++) {
                        series.moveTo(i);
                        present[i] |= !series.isEmpty();
                    }
                });
        return where(evaluator, call, present, true);
    }

    private static List<Row> where(
            Evaluator evaluator, Expr.Call call, boolean[] present, boolean dropName) {
        Row row = evaluator.newRow(absentLabels(argument(call, 0)), dropName);
        for (int i = 0; i < present.length; i++) {
            if (!present[i]) {
                row.values[i] = 1;
            }
        }
        return row.isEmpty() ? List.of() : List.of(row);
    }

    /* Labels that the selector says are equal to one value. */
    private static Labels absentLabels(Expr argument) {
        Expr.Selector selector = Selectors.selectorOf(argument);
        if (selector == null) {
            return Labels.EMPTY;
        }
        Labels.Builder labels = new Labels.Builder(Labels.EMPTY);
        Set<String> seen = new HashSet<>();
        for (LabelMatcher matcher : selector.matchers()) {
            if (matcher.name().equals(Labels.NAME)) {
                continue;
            }
            boolean equal = matcher.operator() == LabelMatcher.Operator.EQUAL;
            if (equal && seen.add(matcher.name())) {
                labels.set(matcher.name(), matcher.value());
            } else {
                labels.remove(matcher.name());
            }
        }
        return labels.build();
    }
}
