package dev.belfry.query.promql;

import dev.belfry.model.series.Floats;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

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
        if (ratio) {
            return ratio(evaluator, aggregation, parameter, evaluator.vector(aggregation.expr()));
        }
        for (double k : parameter) {
            if (Math.abs(k) >= Long.MAX_VALUE) {
                throw PromqlException.execution(
                        "Scalar value "
                                + Floats.general(k)
                                + (k < 0 ? " underflows int64" : " overflows int64"));
            }
        }
        return aggregation.operator().equals("limitk")
                ? first(evaluator, aggregation, parameter)
                : best(evaluator, aggregation, parameter);
    }

    private static List<Row> best(
            Evaluator evaluator, Expr.Aggregation aggregation, double[] wanted) {
        Evaluation whole = evaluator.evaluation;
        List<BestSeries> parts =
                RowWise.inParts(
                        evaluator,
                        aggregation.expr(),
                        evaluation -> new BestSeries(aggregation, evaluation, wanted),
                        BestSeries::add);
        if (parts.size() == 1) {
            return parts.getFirst().bestFirst();
        }
        BestSeries all = new BestSeries(aggregation, whole, wanted);
        parts.forEach(part -> all.add(part.inOrder()));
        return all.bestFirst();
    }

    private static List<Row> first(
            Evaluator evaluator, Expr.Aggregation aggregation, double[] wanted) {
        List<Row> rows = evaluator.vector(aggregation.expr());
        List<Row> result = new ArrayList<>();
        for (Aggregations.Group group : Aggregations.groups(aggregation, rows).values()) {
            evaluator.evaluation.budget().check();
            firstOf(evaluator, group, wanted, result);
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
