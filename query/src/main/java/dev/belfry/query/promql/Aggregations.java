package dev.belfry.query.promql;

import dev.belfry.model.series.FloatHistogram;
import dev.belfry.model.series.Floats;
import dev.belfry.model.series.Labels;
import java.util.ArrayList;
import java.util.Arrays;
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
            Group group = groups.computeIfAbsent(labels(aggregation, row.labels), Group::new);
            group.rows.add(row);
            group.dropName |= row.dropName;
        }
        return groups;
    }

    /** Those of the group of {@code labels}. */
    static Labels labels(Expr.Aggregation aggregation, Labels labels) {
        return labels(aggregation.without(), aggregation.grouping(), labels);
    }

    private static Labels labels(boolean without, List<String> grouping, Labels labels) {
        if (!without) {
            return grouping.isEmpty() ? Labels.EMPTY : labels.keep(grouping);
        }
        return labels.filter(name -> !name.equals(Labels.NAME) && !grouping.contains(name));
    }

    private static List<Row> reduce(Evaluator evaluator, Expr.Aggregation aggregation) {
        int steps = evaluator.steps.count();
        List<Reduction> parts =
                RowWise.inParts(
                        evaluator,
                        aggregation.expr(),
                        evaluation -> new Reduction(aggregation, evaluation, steps),
                        Reduction::add);
        return Reduction.finish(evaluator, parts);
    }

    /* The groups of some series. */
    private static final class Reduction {
        private final Expr.Aggregation aggregation;
        private final Evaluation evaluation;
        private final int steps;
        private final Map<Labels, Accumulator> groups = new LinkedHashMap<>();

        Reduction(Expr.Aggregation aggregation, Evaluation evaluation, int steps) {
            this.aggregation = aggregation;
            this.evaluation = evaluation;
            this.steps = steps;
        }

        void add(List<Row> rows) {
            for (Row row : rows) {
                Labels labels = labels(aggregation, row.labels);
                Accumulator group = groups.get(labels);
                if (group == null) {
                    group = Accumulator.of(aggregation, labels, steps);
                    groups.put(labels, group);
                    for (int i = 0; i < group.columns(); i++) {
                        evaluation.budget().row(steps);
                    }
                }
                group.dropName |= row.dropName;
                group.add(row, evaluation.annotations());
            }
        }

        static List<Row> finish(Evaluator evaluator, List<Reduction> parts) {
            Map<Labels, Accumulator> groups = parts.getFirst().groups;
            Annotations annotations = evaluator.annotations();
            for (Reduction part : parts.subList(1, parts.size())) {
                part.groups.forEach((labels, group) -> {
                    Accumulator there = groups.putIfAbsent(labels, group);
                    if (there != null) {
                        there.dropName |= group.dropName;
                        there.merge(group, annotations);
                    }
                });
                evaluator.evaluation.budget().check();
            }
            List<Row> result = new ArrayList<>(groups.size());
            for (Accumulator group : groups.values()) {
                Row row = evaluator.newRow(group.labels, group.dropName);
                group.finish(row, annotations);
                if (row.count() > 0) {
                    result.add(row);
                }
            }
            return result;
        }
    }

    static void noteHistogram(
            Annotations annotations, Expr.Aggregation aggregation, Row row, int step) {
        if (row.histogram(step) != null) {
            boolean picks = aggregation.operator().endsWith("k");
            annotations.histogramIgnored(
                    aggregation.operator(), picks ? aggregation.span() : aggregation.expr().span());
        }
    }

    private static List<Row> countValues(Evaluator evaluator, Expr.Aggregation aggregation) {
        String label = Evaluator.text(parameter(aggregation));
        if (label.isEmpty() || Strings.hasInvalidBytes(label)) {
            throw PromqlException.execution("invalid label name " + Strings.quote(label));
        }
        List<String> grouping = new ArrayList<>(aggregation.grouping());
        if (!aggregation.without()) {
            grouping.add(label);
        }
        Rows result = new Rows();
        for (Row row : evaluator.vector(aggregation.expr())) {
            evaluator.evaluation.budget().check();
            for (int i = 0; i < row.values.length; i++) {
                if (!row.has(i)) {
                    continue;
                }
                FloatHistogram histogram = row.histogram(i);
                String value =
                        histogram != null ? histogram.toString() : Floats.plain(row.values[i]);
                // As in Prometheus, the value may be left out again, and a name is kept.
                Labels labels =
                        labels(aggregation.without(), grouping, row.labels.with(label, value));
                Row target = result.row(evaluator, labels, false);
                target.values[i] = target.hasNumber(i) ? target.values[i] + 1 : 1;
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
        warnOfQuantiles(evaluator, quantiles, parameter.unwrapped().span());
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
                        noteHistogram(evaluator.annotations(), aggregation, row, i);
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
        double min = Arrays.stream(quantiles).reduce(Double.MAX_VALUE, InstantFunctions::smaller);
        double max = Arrays.stream(quantiles).reduce(-Double.MAX_VALUE, InstantFunctions::larger);
        if (ScalarFunctions.anyNaN(quantiles)) {
            evaluator.annotations().invalidQuantile(Double.NaN, span);
        }
        if (max > 1) {
            evaluator.annotations().invalidQuantile(max, span);
        }
        if (min < 0) {
            evaluator.annotations().invalidQuantile(min, span);
        }
    }
}
