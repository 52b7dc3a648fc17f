package dev.belfry.query.promql;

import dev.belfry.model.series.Floats;
import dev.belfry.model.series.Labels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code topk}, {@code bottomk}, {@code limitk}, {@code limit_ratio}: some series of a group. */
final class Picks {
    /* 2^64 as Go has it in a float64. */
    private static final double HASHES = 18446744073709551616.0;

    private Picks() {}

    static List<Row> evaluate(Evaluator evaluator, Expr.Aggregation aggregation) {
        double[] parameter = evaluator.scalar(Aggregations.parameter(aggregation));
        boolean ratio = aggregation.operator().equals("limit_ratio");
        if (ScalarFunctions.anyNaN(parameter)) {
            throw PromqlException.execution(
                    ratio ? "Ratio value is NaN" : "Parameter value is NaN");
        }
        List<Row> rows = evaluator.vector(aggregation.expr());
        if (ratio) {
            return ratio(evaluator, aggregation, parameter, rows);
        }
        for (double k : parameter) {
            if (Math.abs(k) >= Long.MAX_VALUE) {
                throw PromqlException.execution(
                        "Scalar value "
                                + Floats.general(k)
                                + (k < 0 ? " underflows int64" : " overflows int64"));
            }
        }
        return pick(evaluator, aggregation, parameter, rows);
    }

    private static List<Row> pick(
            Evaluator evaluator, Expr.Aggregation aggregation, double[] k, List<Row> rows) {
        Map<Labels, Aggregations.Group> groups = Aggregations.groups(aggregation, rows);
        List<Row> result = new ArrayList<>();
        for (Aggregations.Group group : groups.values()) {
            evaluator.evaluation.budget().check();
            if (aggregation.operator().equals("limitk")) {
                firstOf(evaluator, group, k, result);
            } else {
                bestOf(evaluator, aggregation, group, k, result);
            }
        }
        return result;
    }

    private static void firstOf(
            Evaluator evaluator, Aggregations.Group group, double[] k, List<Row> result) {
        int[] found = new int[k.length];
        for (Row row : group.rows) {
            Row target = null;
            for (int i = 0; i < k.length; i++) {
                if (found[i] < Math.floor(k[i]) && row.has(i)) {
                    found[i]++;
                    target = target == null ? evaluator.newRow(row.labels, row.dropName) : target;
                    target.copyStep(i, row);
                }
            }
            if (target != null) {
                result.add(target);
            }
        }
    }

    private static void bestOf(
            Evaluator evaluator,
            Expr.Aggregation aggregation,
            Aggregations.Group group,
            double[] k,
            List<Row> result) {
        boolean top = aggregation.operator().equals("topk");
        BestRows[] best = new BestRows[k.length];
        // The worst of those that a step has, NaN while there is room: most rows are no better, and
        // not offered.
        double[] worst = new double[k.length];
        Arrays.fill(worst, Double.NaN);
        for (int i = 0; i < k.length; i++) {
            int capacity = (int) Math.clamp((long) k[i], 0, group.rows.size());
            best[i] = new BestRows(group.rows, i, top, capacity);
        }
        for (int j = 0; j < group.rows.size(); j++) {
            Row row = group.rows.get(j);
            double[] values = row.values;
            for (int i = 0; i < k.length; i++) {
                if (top ? values[i] <= worst[i] : values[i] >= worst[i]) {
                    continue;
                }
                if (row.hasNumber(i)) {
                    worst[i] = best[i].offer(j, values[i]);
                } else if (row.histograms != null && k[i] >= 1) {
                    Aggregations.noteHistogram(evaluator, aggregation, row, i);
                }
            }
        }
        Map<Integer, Row> picked = new LinkedHashMap<>();
        for (int i = 0; i < k.length; i++) {
            for (int index : best[i].inOrder()) {
                Row source = group.rows.get(index);
                picked.computeIfAbsent(
                                index, key -> evaluator.newRow(source.labels, source.dropName))
                        .copyStep(i, source);
            }
        }
        result.addAll(picked.values());
    }

    private static List<Row> ratio(
            Evaluator evaluator, Expr.Aggregation aggregation, double[] ratios, List<Row> rows) {
        Span span = Aggregations.parameter(aggregation).unwrapped().span();
        double max = Arrays.stream(ratios).max().orElse(0);
        double min = Arrays.stream(ratios).min().orElse(0);
        if (max > 1) {
            evaluator.annotations().invalidRatio(max, 1, span);
        }
        if (min < -1) {
            evaluator.annotations().invalidRatio(min, -1, span);
        }
        List<Row> result = new ArrayList<>();
        for (Row row : rows) {
            double place = unsigned(row.labels.stableHash()) / HASHES;
            Row target = evaluator.newRow(row.labels, row.dropName);
            for (int i = 0; i < ratios.length; i++) {
                double ratio = Math.clamp(ratios[i], -1, 1);
                boolean chosen = ratio >= 0 ? place < ratio : place >= 1 + ratio;
                if (ratio != 0 && chosen) {
                    target.copyStep(i, row);
                }
            }
            if (!target.isEmpty()) {
                result.add(target);
            }
        }
        return result;
    }

    private static double unsigned(long hash) {
        double value = hash >>> 1;
        return hash >= 0 ? hash : value * 2 + (hash & 1);
    }
}
