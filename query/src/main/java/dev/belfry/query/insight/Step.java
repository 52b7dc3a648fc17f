package dev.belfry.query.insight;

import dev.belfry.store.Expr;
import dev.belfry.store.Plan;
import java.util.List;

/** What is done with rows after the plan, one after another. */
sealed interface Step {
    /** Keeps rows. */
    record Keep(Expr condition) implements Step {}

    /** Puts rows in order; ties stay as they are. */
    record Order(List<Key> keys) implements Step {}

    /** One key of an order. */
    record Key(Expr value, boolean descending) {}

    /** Keeps the first rows. */
    record First(int count) implements Step {}

    /** Keeps the first row of each combination of values; rows where one is absent all stay. */
    record Distinct(List<Expr> values) implements Step {}

    /** Makes one row a group; its columns are the keys, then the measures, by name. */
    record Group(List<Plan.Named> keys, List<Plan.Measure> measures) implements Step {}

    /** Makes one row a template of a text. */
    record Templates(Expr value) implements Step {}
}
