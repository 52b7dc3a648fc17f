package dev.belfry.query.insight;

import dev.belfry.store.Expr;
import dev.belfry.store.Plan;
import java.util.List;

/**
 * A query that can be run.
 *
 * @param plan what the store answers; its columns are the first rows' columns
 * @param templates whether the plan's one column is a text whose templates are wanted
 * @param steps what is done with its rows then
 * @param columns what is shown of the last rows
 * @param limit rows at most
 */
record Program(
        Plan plan,
        List<Expr> slots,
        boolean templates,
        List<Step> steps,
        List<Column> columns,
        int limit) {
    /**
     * A column of the answer.
     *
     * @param time whether its values are times
     */
    record Column(String name, Expr value, boolean time) {}

    Program {
        slots = List.copyOf(slots);
        steps = List.copyOf(steps);
        columns = List.copyOf(columns);
    }
}
