package dev.belfry.store;

import dev.belfry.store.exec.RowEvaluator;
import org.jspecify.annotations.Nullable;

/** What the values of results mean, for those who work on with a {@link ResultTable}'s rows. */
public final class Values {
    /* The same meaning as in plans: whoever runs a step on rows gets what a plan would have given. */
    private final RowEvaluator evaluator;

    /** Values within the bounds of a query. */
    public Values(QueryContext context) {
        this.evaluator = new RowEvaluator(context);
    }

    /** A row whose columns and fields can be asked for. */
    @FunctionalInterface
    public interface Row {
        /** The value of an {@link Expr.Column} or {@link Expr.Field}, null when it is absent. */
        @Nullable Object value(Expr leaf);
    }

    /**
     * The value of {@code expr}, null when it is absent.
     *
     * @throws dev.belfry.model.BelfryException VALIDATION_ERROR for an {@link Expr.Phrase},
     *     QUERY_LIMIT when a text grows too long
     */
    public @Nullable Object value(Expr expr, Row row) {
        return evaluator.value(expr, row);
    }

    /** Whether {@code expr} is true. */
    public boolean isTrue(Expr expr, Row row) {
        return evaluator.isTrue(expr, row);
    }

    /** The order of results: absent last, whichever way it goes. */
    public static int order(@Nullable Object left, @Nullable Object right, boolean descending) {
        return RowEvaluator.order(left, right, descending);
    }

    /** About how many bytes of the heap a value holds. */
    public static long sizeBytes(@Nullable Object value) {
        return RowEvaluator.sizeBytes(value);
    }

    /** The text of a value; null when it is absent. */
    public static @Nullable String text(@Nullable Object value) {
        return RowEvaluator.text(value);
    }

    /** The number that a value is or that its text says; NaN when it is none. */
    public static double number(@Nullable Object value) {
        return RowEvaluator.number(value);
    }

    /** Equal for values that are one group. */
    public static @Nullable Object groupKey(@Nullable Object value) {
        return RowEvaluator.groupKey(value);
    }
}
