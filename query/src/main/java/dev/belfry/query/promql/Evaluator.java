package dev.belfry.query.promql;

import dev.belfry.model.series.FloatHistogram;
import dev.belfry.model.series.Labels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Evaluates expressions over the steps of a query or of a subquery. */
final class Evaluator {
    /* Functions that look at the time of evaluation: their result differs where arguments do not. */
    private static final Set<String> TIMED =
            Set.of(
                    "days_in_month",
                    "day_of_month",
                    "day_of_week",
                    "day_of_year",
                    "hour",
                    "minute",
                    "month",
                    "year",
                    "predict_linear",
                    "time",
                    "timestamp");

    final Evaluation evaluation;
    final Steps steps;

    /* The series that the selector of an expression is evaluated for; null for all of them. */
    private final @Nullable Leaf leaf;

    Evaluator(Evaluation evaluation, Steps steps) {
        this(evaluation, steps, null);
    }

    private Evaluator(Evaluation evaluation, Steps steps, @Nullable Leaf leaf) {
        this.evaluation = evaluation;
        this.steps = steps;
        this.leaf = leaf;
    }

    /** The same for a part of the work, maybe for another thread. */
    Evaluator within(Evaluation part) {
        return new Evaluator(part, steps, leaf);
    }

    /** The same for some series of one selector only, maybe for another thread. */
    Evaluator within(Evaluation part, Leaf only) {
        return new Evaluator(part, steps, only);
    }

    /** The series of {@code selector} that are evaluated; null when it is to be read as a whole. */
    @Nullable Leaf leafOf(Expr.Selector selector) {
        return leaf != null && leaf.selector().equals(selector) ? leaf : null;
    }

    /** {@code binary} with one side that is there already; null when both are to be evaluated. */
    @Nullable Join join(Expr.Binary binary) {
        if (leaf != null) {
            for (Join join : leaf.joins()) {
                if (join.isOf(binary)) {
                    return join;
                }
            }
        }
        return null;
    }

    /** Whether it evaluates some series of a selector only. */
    boolean isPart() {
        return leaf != null;
    }

    Annotations annotations() {
        return evaluation.annotations();
    }

    static String text(Expr expr) {
        return ((Expr.Text) expr.unwrapped()).value();
    }

    // ---- what is the same at each step is evaluated once

    static boolean steady(Expr expr) {
        return switch (expr) {
            case Expr.Num _, Expr.Text _ -> true;
            case Expr.Selector selector -> selector.at() != null;
            case Expr.Range range -> range.selector().at() != null;
            case Expr.Subquery query -> query.at() != null;
            case Expr.Call call ->
                    !TIMED.contains(call.function().name())
                            && call.arguments().stream().allMatch(Evaluator::steady);
            case Expr.Aggregation _, Expr.Binary _, Expr.Paren _, Expr.Unary _ ->
                    expr.children().stream().allMatch(Evaluator::steady);
        };
    }

    private Evaluator once() {
        return new Evaluator(evaluation, new Steps(steps.startMillis(), 1, 1), leaf);
    }

    private List<Row> spread(List<Row> rows) {
        List<Row> spread = new ArrayList<>(rows.size());
        for (Row row : rows) {
            Row wide = newRow(row.labels, row.dropName);
            FloatHistogram histogram = row.histogram(0);
            if (histogram == null) {
                Arrays.fill(wide.values, row.values[0]);
            } else {
                wide.set(0, histogram);
                Arrays.fill(wide.histograms, histogram);
            }
            spread.add(wide);
        }
        return spread;
    }

    Row newRow(Labels labels, boolean dropName) {
        evaluation.budget().row(steps.count());
        return new Row(labels, dropName, steps.count());
    }

    // ---- scalars

    /** The values of a scalar, one a step. */
    double[] scalar(Expr expr) {
        if (steps.count() > 1 && steady(expr)) {
            double[] values = new double[steps.count()];
            Arrays.fill(values, once().scalar(expr)[0]);
            return values;
        }
        return switch (expr) {
            case Expr.Num number -> filled(number.value());
            case Expr.Paren paren -> scalar(paren.expr());
            case Expr.Unary unary -> {
                double[] values = scalar(unary.expr());
                for (int i = 0; i < values.length && unary.negative(); i++) {
                    values[i] = -values[i];
                }
                yield values;
            }
            case Expr.Binary binary -> BinaryOperations.scalars(this, binary);
            case Expr.Call call -> ScalarFunctions.call(this, call);
            case Expr.Text _, Expr.Selector _, Expr.Range _, Expr.Subquery _, Expr.Aggregation _ ->
                    throw new IllegalStateException("BUG: no scalar: " + Printer.print(expr));
        };
    }

    double[] filled(double value) {
        double[] values = new double[steps.count()];
        Arrays.fill(values, value);
        return values;
    }

    // ---- vectors

    /** The series of a vector, in the order in which they are found. */
    List<Row> vector(Expr expr) {
        evaluation.budget().check();
        long[] before = evaluation.budget().held();
        List<Row> rows;
        // Directly where it can be: in a long chain of operators each frame counts.
        if (isPart() || !evaluation.repeats().repeats(expr)) {
            rows = evaluateOrSpread(expr);
        } else {
            rows =
                    evaluation
                            .repeats()
                            .rows(expr, steps, annotations(), () -> evaluateOrSpread(expr));
        }
        evaluation.budget().settle(before, rows, steps.count());
        return rows;
    }

    private List<Row> evaluateOrSpread(Expr expr) {
        if (steps.count() > 1 && steady(expr)) {
            return spread(once().vector(expr));
        }
        RowWise rowWise = isPart() ? null : RowWise.of(this, expr);
        List<Row> rows = rowWise == null ? null : rowWise.rows();
        return rows == null ? evaluate(expr) : rows;
    }

    /** The series of a vector, without looking for a way to divide the work. */
    List<Row> evaluate(Expr expr) {
        return switch (expr) {
            case Expr.Paren paren -> vector(paren.expr());
            case Expr.Unary unary -> unary(unary);
            case Expr.Selector selector -> Selectors.instant(this, selector, "");
            case Expr.Aggregation aggregation -> Aggregations.evaluate(this, aggregation);
            case Expr.Binary binary -> BinaryOperations.vectors(this, binary);
            case Expr.Call call -> Functions.call(this, call);
            case Expr.Num _, Expr.Text _, Expr.Range _, Expr.Subquery _ ->
                    throw new IllegalStateException("BUG: no vector: " + Printer.print(expr));
        };
    }

    private List<Row> unary(Expr.Unary unary) {
        List<Row> rows = vector(unary.expr());
        if (!unary.negative()) {
            return rows;
        }
        List<Row> result = new ArrayList<>(rows.size());
        for (Row row : rows) {
            Row negated = newRow(row.labels, true);
            for (int i = 0; i < steps.count(); i++) {
                FloatHistogram histogram = row.histogram(i);
                if (histogram != null) {
                    negated.set(i, histogram.times(-1));
                } else if (row.hasNumber(i)) {
                    negated.set(i, -row.values[i]);
                }
            }
            result.add(negated);
        }
        return result;
    }

    // ---- ranges

    /**
     * Calls {@code consumer} with each series of a range selector or subquery; a series may be read
     * until the next one comes.
     *
     * @param function the function around it, which a source may want to know
     */
    void ranges(Expr expr, String function, Consumer<RangeSeries> consumer) {
        switch (expr) {
            case Expr.Range range -> Selectors.range(this, range, function, consumer);
            case Expr.Subquery query -> subquery(query, consumer);
            default -> throw new IllegalStateException("BUG: no range: " + Printer.print(expr));
        }
    }

    /** When the ends of a range are evaluated: {@code @}, or each step; less the offset. */
    long[] times(Expr.@Nullable At at, @Nullable DurationExpr offset) {
        long shift = offset == null ? 0 : evaluation.millis(offset);
        long[] times = new long[steps.count()];
        for (int i = 0; i < times.length; i++) {
            times[i] =
                    switch (at) {
                                case null -> steps.time(i);
                                case Expr.At.Start _ -> evaluation.startMillis();
                                case Expr.At.End _ -> evaluation.endMillis();
                                case Expr.At.Time(long millis) -> millis;
                            }
                            - shift;
        }
        return times;
    }

    private void subquery(Expr.Subquery query, Consumer<RangeSeries> consumer) {
        Evaluator inner = within(query);
        if (inner == null) {
            return;
        }
        long[] times = times(query.at(), query.offset());
        long range = evaluation.positiveMillis(query.range());
        for (Row row : inner.vector(query.expr())) {
            consumer.accept(RangeSeries.of(row, inner.steps, times, range));
        }
    }

    /** For the steps of {@code query}; null when it has none. */
    @Nullable Evaluator within(Expr.Subquery query) {
        long[] times = times(query.at(), query.offset());
        long range = evaluation.positiveMillis(query.range());
        DurationExpr stepDuration = query.step();
        long step =
                stepDuration != null
                        ? evaluation.positiveMillis(stepDuration)
                        : evaluation.options().subqueryStepMillis();
        long first = times[0] - range;
        long start = step * (first / step);
        if (start <= first) {
            start += step;
        }
        long end = times[times.length - 1];
        if (start > end) {
            return null;
        }
        Steps grouped = query.at() == null ? grouped(start, step, times[0], range) : null;
        long count = grouped == null ? (end - start) / step + 1 : grouped.count();
        if (count > evaluation.options().samplesMax()) {
            throw new PromqlException(
                    PromqlException.Kind.LIMIT,
                    "subquery steps: "
                            + count
                            + " (expected: at most "
                            + evaluation.options().samplesMax()
                            + ")");
        }
        // The times of the steps, twice, and a scalar.
        evaluation.budget().take(3 * 8 * count);
        Steps inner = grouped == null ? new Steps(start, step, (int) count) : grouped;
        return new Evaluator(evaluation, inner, leaf);
    }

    /*
     * The steps of a subquery of which each step sees as many, and of which some are seen by none;
     * null where that is not so. The first of them are from start to end.
     */
    private @Nullable Steps grouped(long start, long step, long end, long range) {
        long apart = steps.intervalMillis();
        if (!steps.isOneGroup() || apart % step != 0 || apart < range || start > end) {
            return null;
        }
        long seen = (end - start) / step + 1;
        long count = seen * steps.count();
        boolean gaps = steps.count() > 1 && seen < apart / step && count <= Integer.MAX_VALUE;
        return gaps ? new Steps(start, step, (int) count, (int) seen, apart) : null;
    }
}
