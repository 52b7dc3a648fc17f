package dev.belfry.query.promql;

import dev.belfry.model.series.SeriesSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An expression that makes each of its series of one stored series and of no other, such as {@code
 * rate(a[5m]) * 8}: it can be evaluated for some series at a time, by several threads, and need not
 * be in memory as a whole.
 */
final class RowWise {
    /* Functions whose result depends on all series, or on labels that must be unique. */
    private static final Set<String> WHOLE =
            Set.of(
                    "absent",
                    "absent_over_time",
                    "histogram_fraction",
                    "histogram_quantile",
                    "histogram_quantiles",
                    "info",
                    "label_join",
                    "label_replace",
                    "sort",
                    "sort_by_label",
                    "sort_by_label_desc",
                    "sort_desc",
                    "timestamp",
                    "vector");

    private final Evaluator evaluator;
    private final Expr expr;

    /* The one selector, with the evaluator of its steps. */
    private final Evaluator reader;
    private final Expr selector;
    private final String function;

    private RowWise(
            Evaluator evaluator, Expr expr, Evaluator reader, Expr selector, String function) {
        this.evaluator = evaluator;
        this.expr = expr;
        this.reader = reader;
        this.selector = selector;
        this.function = function;
    }

    /** {@code expr} as such an expression; null when it is none. */
    static @Nullable RowWise of(Evaluator evaluator, Expr expr) {
        return find(evaluator, expr, evaluator, expr);
    }

    private static @Nullable RowWise find(Evaluator top, Expr whole, Evaluator at, Expr expr) {
        if (at.steps.count() > 1 && Evaluator.steady(expr)) {
            return null;
        }
        return switch (expr) {
            case Expr.Selector selector -> new RowWise(top, whole, at, selector, "");
            case Expr.Paren paren -> find(top, whole, at, paren.expr());
            case Expr.Unary unary -> find(top, whole, at, unary.expr());
            case Expr.Binary binary -> {
                boolean left = binary.left().type() == ValueType.VECTOR;
                boolean possible =
                        binary.matching() == null && !reads(left ? binary.right() : binary.left());
                yield possible ? find(top, whole, at, left ? binary.left() : binary.right()) : null;
            }
            case Expr.Call call -> ofCall(top, whole, at, call);
            case Expr.Aggregation _, Expr.Num _, Expr.Text _, Expr.Range _, Expr.Subquery _ -> null;
        };
    }

    private static @Nullable RowWise ofCall(
            Evaluator top, Expr whole, Evaluator at, Expr.Call call) {
        if (WHOLE.contains(call.function().name())) {
            return null;
        }
        Expr series = null;
        for (Expr argument : call.arguments()) {
            boolean scalar =
                    argument.type() == ValueType.SCALAR || argument.type() == ValueType.STRING;
            if (!scalar) {
                series = argument;
            } else if (reads(argument)) {
                return null;
            }
        }
        if (series == null) {
            return null;
        }
        return switch (series.unwrapped()) {
            case Expr.Range range -> new RowWise(top, whole, at, range, call.function().name());
            case Expr.Subquery query -> {
                Evaluator inner = at.within(query);
                yield inner == null ? null : find(top, whole, inner, query.expr());
            }
            default -> find(top, whole, at, series);
        };
    }

    private static boolean reads(Expr expr) {
        return expr instanceof Expr.Selector || expr.children().stream().anyMatch(RowWise::reads);
    }

    // ---- evaluation

    /** All series. */
    List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        inParts(
                        true,
                        (part, batches) -> {
                            List<Row> found = new ArrayList<>();
                            batches.accept(found::addAll);
                            return found;
                        })
                .forEach(rows::addAll);
        return rows;
    }

    /**
     * Calls {@code work} for each part of the series, in several threads: with the evaluation of
     * the part, and with what gives the rows of the part, some at a time. The results are in the
     * order of the parts.
     *
     * @param keep whether the rows are kept; else they are given up when the next ones come
     */
    <T> List<T> inParts(
            boolean keep, BiFunction<Evaluation, Consumer<Consumer<List<Row>>>, T> work) {
        Expr.Selector plain =
                selector instanceof Expr.Range range ? range.selector() : (Expr.Selector) selector;
        try (SeriesSource.Selection selection = Selectors.open(reader, selector, function)) {
            Steps steps = reader.steps;
            return evaluator.evaluation.seriesInParts(
                    selection.size(),
                    steps.endMillis() - steps.startMillis(),
                    (evaluation, part) ->
                            work.apply(
                                    evaluation,
                                    sink ->
                                            batches(
                                                    evaluation,
                                                    plain,
                                                    selection,
                                                    part,
                                                    keep,
                                                    sink)));
        }
    }

    private void batches(
            Evaluation evaluation,
            Expr.Selector plain,
            SeriesSource.Selection selection,
            Evaluation.Part part,
            boolean keep,
            Consumer<List<Row>> sink) {
        Budget budget = evaluation.budget();
        int from = part.from();
        // Once without series too: what is wrong with the query is found by evaluating it.
        do {
            int to = Math.min(part.to(), from + Limits.SERIES_OF_BATCH);
            Leaf leaf = new Leaf(plain, selection, from, to);
            long[] before = budget.held();
            List<Row> rows = evaluator.within(evaluation, leaf).vector(expr);
            long[] after = budget.held();
            sink.accept(rows);
            if (!keep) {
                budget.release(before, after);
            }
            from = to;
        } while (from < part.to());
    }
}
