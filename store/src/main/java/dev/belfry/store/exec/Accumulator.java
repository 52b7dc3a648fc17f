package dev.belfry.store.exec;

import dev.belfry.store.Expr;
import dev.belfry.store.Plan;
import dev.belfry.store.QueryContext;
import org.jspecify.annotations.Nullable;

/** One measure of an aggregation, for all its groups; one thread. */
interface Accumulator {
    /** Takes in rows of a row group. */
    void add(GroupReader reader, Rows rows, GroupIds ids);

    /**
     * Whether {@link #addKnown} may be called for a group.
     *
     * @param split whether the group's rows are of more than one group of the aggregation
     */
    default boolean isKnown(GroupReader reader, boolean split) {
        return false;
    }

    /**
     * Takes in {@code rows} rows of a row group, unless it is split all of them, for group {@code
     * id} of the aggregation, one below {@code groups}, without reading them.
     */
    default void addKnown(GroupReader reader, long rows, int id, int groups) {
        throw new IllegalStateException("BUG: rows that must be read");
    }

    /**
     * Takes in what another of the same measure has found.
     *
     * @param ids the id here of each group there
     * @param groups ids here are below
     */
    void merge(Accumulator other, int[] ids, int groups);

    /** The result for a group, null when it has no value. */
    @Nullable Object result(int id);

    /** The accumulator for a measure. */
    static Accumulator of(Plan.Measure measure, QueryContext context) {
        Expr operand = measure.operand();
        if (operand == null) {
            return new CountMeasure(null);
        }
        return switch (measure.function()) {
            case COUNT -> new CountMeasure(operand);
            case COUNT_DISTINCT -> new DistinctMeasure(operand, context);
            case SUM, AVERAGE, STANDARD_DEVIATION ->
                    new MomentsMeasure(measure.function(), operand);
            case MIN -> new ExtremeMeasure(operand, false, context);
            case MAX -> new ExtremeMeasure(operand, true, context);
            case QUANTILE -> new QuantileMeasure(operand, measure.argument(), context);
            case FIRST -> new EdgeMeasure(operand, false, context);
            case LAST -> new EdgeMeasure(operand, true, context);
        };
    }
}
