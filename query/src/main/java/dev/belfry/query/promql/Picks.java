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
        String operator = aggregation.operator();
        boolean top = operator.equals("topk");
        Map<Labels, Aggregations.Group> groups = Aggregations.groups(aggregation, rows);
        List<Row> result = new ArrayList<>();
        for (Aggregations.Group group : groups.values()) {
            evaluator.evaluation.budget().check();
            Map<Integer, Row> picked = new LinkedHashMap<>();
            for (int i = 0; i < k.length; i++) {
                if (k[i] < 1) {
                    continue;
                }
                int[] order =
                        operator.equals("limitk")
                                ? present(group, i)
                                : ordered(evaluator, aggregation, group, i, top);
                int size = (int) Math.min(order.length, (long) k[i]);
                for (int rank = 0; rank < size; rank++) {
                    Row source = group.rows.get(order[rank]);
                    picked.computeIfAbsent(
                                    order[rank],
                                    key -> evaluator.newRow(source.labels, source.dropName))
                            .copyStep(i, source);
                }
            }
            result.addAll(picked.values());
        }
        return result;
    }

    private static int[] present(Aggregations.Group group, int step) {
        int[] found = new int[group.rows.size()];
        int size = 0;
        for (int j = 0; j < found.length; j++) {
            if (group.rows.get(j).has(step)) {
                found[size++] = j;
            }
        }
        return Arrays.copyOf(found, size);
    }

    private static int[] ordered(
            Evaluator evaluator,
            Expr.Aggregation aggregation,
            Aggregations.Group group,
            int step,
            boolean top) {
        List<Integer> found = new ArrayList<>(group.rows.size());
        for (int j = 0; j < group.rows.size(); j++) {
            Row row = group.rows.get(j);
            if (row.hasNumber(step)) {
                found.add(j);
            } else {
                Aggregations.noteHistogram(evaluator, aggregation, row, step);
            }
        }
        found.sort((a, b) ->
                InstantFunctions.compare(
                        group.rows.get(a).values[step], group.rows.get(b).values[step], top));
        return found.stream().mapToInt(Integer::intValue).toArray();
    }

    private static List<Row> ratio(
            Evaluator evaluator, Expr.Aggregation aggregation, double[] ratios, List<Row> rows) {
        Span span = Aggregations.parameter(aggregation).span();
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
