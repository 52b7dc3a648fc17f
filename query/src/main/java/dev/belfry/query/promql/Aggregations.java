package dev.belfry.query.promql;

import dev.belfry.model.series.FloatHistogram;
import dev.belfry.model.series.Floats;
import dev.belfry.model.series.Labels;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Aggregations: groups, and those that make one sample of each group. */
final class Aggregations {
    private Aggregations() {}

    /* The series of a group. */
    static final class Group {
        final Labels labels;
        final List<Row> rows = new ArrayList<>();
        boolean dropName;

        Group(Labels labels) {
            this.labels = labels;
        }
    }

    static List<Row> evaluate(Evaluator evaluator, Expr.Aggregation aggregation) {
        return switch (aggregation.operator()) {
            case "topk", "bottomk", "limitk", "limit_ratio" ->
                    Picks.evaluate(evaluator, aggregation);
            case "count_values" -> countValues(evaluator, aggregation);
            case "quantile" -> quantile(evaluator, aggregation);
            default -> reduce(evaluator, aggregation);
        };
    }

    static Map<Labels, Group> groups(Expr.Aggregation aggregation, List<Row> rows) {
        Map<Labels, Group> groups = new LinkedHashMap<>();
        for (Row row : rows) {
            Labels labels =
                    aggregation.without()
                            ? row.labels.filter(name ->
                                    !name.equals(Labels.NAME)
                                            && !aggregation.grouping().contains(name))
                            : row.labels.keep(aggregation.grouping());
            Group group = groups.computeIfAbsent(labels, Group::new);
            group.rows.add(row);
            group.dropName |= row.dropName;
        }
        return groups;
    }

    private static List<Row> reduce(Evaluator evaluator, Expr.Aggregation aggregation) {
        List<Row> rows = evaluator.vector(aggregation.expr());
        List<Row> result = new ArrayList<>();
        for (Group group : groups(aggregation, rows).values()) {
            evaluator.evaluation.budget().check();
            Row target = evaluator.newRow(group.labels, group.dropName);
            switch (aggregation.operator()) {
                case "sum", "avg" -> Sums.add(evaluator, aggregation, group, target);
                case "count" -> count(group, target, false);
                case "group" -> count(group, target, true);
                case "min" -> extreme(evaluator, aggregation, group, target, false);
                case "max" -> extreme(evaluator, aggregation, group, target, true);
                case "stddev" -> deviation(evaluator, aggregation, group, target, true);
                case "stdvar" -> deviation(evaluator, aggregation, group, target, false);
                default -> throw new IllegalStateException("BUG: " + aggregation.operator());
            }
            if (!target.isEmpty()) {
                result.add(target);
            }
        }
        return result;
    }

    private static void count(Group group, Row target, boolean one) {
        for (Row row : group.rows) {
            for (int i = 0; i < target.values.length; i++) {
                if (row.has(i)) {
                    target.values[i] = one || !target.hasNumber(i) ? 1 : target.values[i] + 1;
                }
            }
        }
    }

    private static void extreme(
            Evaluator evaluator,
            Expr.Aggregation aggregation,
            Group group,
            Row target,
            boolean max) {
        for (Row row : group.rows) {
            for (int i = 0; i < target.values.length; i++) {
                double value = row.values[i];
                if (Row.absent(value)) {
                    noteHistogram(evaluator, aggregation, row, i);
                } else {
                    double best = target.values[i];
                    // NaN is replaced by anything, absence included: it is a NaN too.
                    if (Double.isNaN(best) || (max ? value > best : value < best)) {
                        target.values[i] = value;
                    }
                }
            }
        }
    }

    static void noteHistogram(
            Evaluator evaluator, Expr.Aggregation aggregation, Row row, int step) {
        if (row.histogram(step) != null) {
            boolean picks = aggregation.operator().endsWith("k");
            evaluator
                    .annotations()
                    .histogramIgnored(
                            aggregation.operator(),
                            picks ? aggregation.span() : aggregation.expr().span());
        }
    }

    /* Welford's method. */
    private static void deviation(
            Evaluator evaluator,
            Expr.Aggregation aggregation,
            Group group,
            Row target,
            boolean root) {
        int steps = target.values.length;
        double[] mean = new double[steps];
        double[] squares = new double[steps];
        int[] count = new int[steps];
        for (Row row : group.rows) {
            for (int i = 0; i < steps; i++) {
                double value = row.values[i];
                if (Row.absent(value)) {
                    noteHistogram(evaluator, aggregation, row, i);
                    continue;
                }
                if (++count[i] == 1) {
                    mean[i] = value;
                    squares[i] = Double.isNaN(value) || Double.isInfinite(value) ? Double.NaN : 0;
                } else {
                    double delta = value - mean[i];
                    mean[i] += delta / count[i];
                    squares[i] += delta * (value - mean[i]);
                }
            }
        }
        for (int i = 0; i < steps; i++) {
            if (count[i] > 0) {
                double variance = squares[i] / count[i];
                target.set(i, root ? Math.sqrt(variance) : variance);
            }
        }
    }

    private static List<Row> countValues(Evaluator evaluator, Expr.Aggregation aggregation) {
        String label = Evaluator.text(parameter(aggregation));
        if (label.isEmpty() || Strings.hasInvalidBytes(label)) {
            throw PromqlException.execution("invalid label name " + Strings.quote(label));
        }
        List<Row> rows = evaluator.vector(aggregation.expr());
        Rows result = new Rows(evaluator.steps.count());
        for (Group group : groups(aggregation, rows).values()) {
            for (Row row : group.rows) {
                evaluator.evaluation.budget().check();
                for (int i = 0; i < row.values.length; i++) {
                    if (!row.has(i)) {
                        continue;
                    }
                    FloatHistogram histogram = row.histogram(i);
                    String value =
                            histogram != null ? histogram.toString() : Floats.plain(row.values[i]);
                    Row target = result.row(group.labels.with(label, value), group.dropName);
                    target.values[i] = target.hasNumber(i) ? target.values[i] + 1 : 1;
                }
            }
        }
        return result.nonEmpty();
    }

    static Expr parameter(Expr.Aggregation aggregation) {
        if (aggregation.parameter() == null) {
            throw new IllegalStateException("BUG: no parameter: " + aggregation.operator());
        }
        return aggregation.parameter();
    }

    private static List<Row> quantile(Evaluator evaluator, Expr.Aggregation aggregation) {
        Expr parameter = parameter(aggregation);
        double[] quantiles = evaluator.scalar(parameter);
        warnOfQuantiles(evaluator, quantiles, parameter.span());
        List<Row> rows = evaluator.vector(aggregation.expr());
        List<Row> result = new ArrayList<>();
        for (Group group : groups(aggregation, rows).values()) {
            Row target = evaluator.newRow(group.labels, group.dropName);
            double[] values = new double[group.rows.size()];
            for (int i = 0; i < quantiles.length; i++) {
                int size = 0;
                for (Row row : group.rows) {
                    if (row.hasNumber(i)) {
                        values[size++] = row.values[i];
                    } else {
                        noteHistogram(evaluator, aggregation, row, i);
                    }
                }
                if (size > 0) {
                    target.set(i, Quantiles.of(quantiles[i], values, size));
                }
            }
            if (!target.isEmpty()) {
                result.add(target);
            }
        }
        return result;
    }

    private static void warnOfQuantiles(Evaluator evaluator, double[] quantiles, Span span) {
        double min = Double.POSITIVE_INFINITY;
        double max = Double.NEGATIVE_INFINITY;
        for (double quantile : quantiles) {
            if (Double.isNaN(quantile)) {
                evaluator.annotations().invalidQuantile(quantile, span);
            } else {
                min = Math.min(min, quantile);
                max = Math.max(max, quantile);
            }
        }
        if (max > 1) {
            evaluator.annotations().invalidQuantile(max, span);
        }
        if (min < 0) {
            evaluator.annotations().invalidQuantile(min, span);
        }
    }
}
