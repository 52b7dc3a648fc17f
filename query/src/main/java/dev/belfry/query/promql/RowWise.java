package dev.belfry.query.promql;

import dev.belfry.model.series.SeriesSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
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

    /* Operators above it that have another side, from the inside out. */
    private final List<OtherSide> others = new ArrayList<>();

    private record OtherSide(Evaluator evaluator, Expr.Binary binary) {}

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
            case Expr.Binary binary when binary.matching() != null ->
                    ofJoin(top, whole, at, binary);
            case Expr.Binary binary -> {
                boolean left = binary.left().type() == ValueType.VECTOR;
                yield reads(left ? binary.right() : binary.left())
                        ? null
                        : find(top, whole, at, left ? binary.left() : binary.right());
            }
            case Expr.Call call -> ofCall(top, whole, at, call);
            case Expr.Aggregation _, Expr.Num _, Expr.Text _, Expr.Range _, Expr.Subquery _ -> null;
        };
    }

    private static @Nullable RowWise ofJoin(
            Evaluator top, Expr whole, Evaluator at, Expr.Binary binary) {
        Expr many = Join.many(binary);
        // What stands in the query once more is better read as a whole, once.
        if (many == null || top.evaluation.repeats().anyRepeats(many)) {
            return null;
        }
        RowWise found = find(top, whole, at, many);
        if (found != null) {
            found.others.add(new OtherSide(at, binary));
        }
        return found;
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

    /**
     * Gives all series of {@code expr} to what {@code begin} makes: where they can be evaluated in
     * parts to one for each, some series at a time, which are given up then; else all to one.
     *
     * @return what was made, in the order of the parts
     */
    static <T> List<T> inParts(
            Evaluator evaluator,
            Expr expr,
            Function<Evaluation, T> begin,
            BiConsumer<T, List<Row>> add) {
        boolean whole = evaluator.isPart() || evaluator.evaluation.repeats().repeats(expr);
        RowWise rowWise = whole ? null : of(evaluator, expr);
        List<T> parts =
                rowWise == null
                        ? null
                        : rowWise.inParts(
                                false,
                                (evaluation, batches) -> {
                                    T part = begin.apply(evaluation);
                                    batches.accept(rows -> add.accept(part, rows));
                                    return part;
                                });
        if (parts != null) {
            return parts;
        }
        T all = begin.apply(evaluator.evaluation);
        // What could not be divided is not tried again.
        add.accept(
                all,
                rowWise == null ? evaluator.vector(expr) : evaluator.evaluate(expr.unwrapped()));
        return List.of(all);
    }

    /** All series; null as of {@link #inParts}. */
    @Nullable List<Row> rows() {
        List<List<Row>> parts =
                inParts(
                        true,
                        (part, batches) -> {
                            List<Row> found = new ArrayList<>();
                            batches.accept(found::addAll);
                            return found;
                        });
        if (parts == null) {
            return null;
        }
        List<Row> rows = new ArrayList<>();
        parts.forEach(rows::addAll);
        return rows;
    }

    /**
     * Calls {@code work} for each part of the series, in several threads: with the evaluation of
     * the part, and with what gives the rows of the part, some at a time. The results are in the
     * order of the parts; null when an operator between vectors turns out to depend on all series,
     * so that the expression has to be evaluated as a whole.
     *
     * @param keep whether the rows are kept; else they are given up when the next ones come
     */
    private <T> @Nullable List<T> inParts(
            boolean keep, BiFunction<Evaluation, Consumer<Consumer<List<Row>>>, T> work) {
        Budget budget = evaluator.evaluation.budget();
        long[] before = budget.held();
        List<Join> joins = new ArrayList<>(others.size());
        for (OtherSide other : others) {
            Join join = Join.of(other.evaluator(), other.binary());
            if (join == null) {
                budget.release(before, budget.held());
                return null;
            }
            joins.add(join);
        }
        List<T> results = inParts(joins, keep, work);
        if (joins.stream().anyMatch(Join::isBroken)) {
            budget.release(before, budget.held());
            return null;
        }
        return results;
    }

    private <T> List<T> inParts(
            List<Join> joins,
            boolean keep,
            BiFunction<Evaluation, Consumer<Consumer<List<Row>>>, T> work) {
        Expr.Selector plain =
                selector instanceof Expr.Range range ? range.selector() : (Expr.Selector) selector;
        try (SeriesSource.Selection selection = Selectors.open(reader, selector, function)) {
            Leaf all = new Leaf(plain, selection, 0, selection.size(), joins);
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
                                                    all.part(part.from(), part.to()),
                                                    keep,
                                                    sink)));
        }
    }

    private void batches(Evaluation evaluation, Leaf part, boolean keep, Consumer<List<Row>> sink) {
        Budget budget = evaluation.budget();
        int from = part.from();
        // Once without series too: what is wrong with the query is found by evaluating it.
        do {
            int to = Math.min(part.to(), from + Limits.SERIES_OF_BATCH);
            long[] before = budget.held();
            List<Row> rows = evaluator.within(evaluation, part.part(from, to)).vector(expr);
            long[] after = budget.held();
            sink.accept(rows);
            if (!keep) {
                budget.release(before, after);
            }
            from = to;
        } while (from < part.to());
    }
}
