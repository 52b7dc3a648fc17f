package dev.belfry.query.promql;

import dev.belfry.query.QueryCost;
import java.util.function.LongSupplier;

/** Measures how long the stages of a query take, one after the other. */
final class StageClock {
    private final LongSupplier nanoTime;
    private long since;
    private long prepareNanos;
    private long evaluateNanos;
    private long sortNanos;

    /** Begins with the first stage, by {@code nanoTime}. */
    StageClock(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.since = nanoTime.getAsLong();
    }

    /** There is a plan. */
    void prepared() {
        prepareNanos = lap();
    }

    /** There are series. */
    void evaluated() {
        evaluateNanos += lap();
    }

    /** They are in the order of their labels. */
    void sorted() {
        sortNanos = lap();
    }

    private long lap() {
        long now = nanoTime.getAsLong();
        long took = now - since;
        since = now;
        return took;
    }

    /** What the query cost, with what {@code budget} counted. */
    QueryCost cost(Budget budget) {
        return new QueryCost(
                budget.samplesRead(), budget.samplesPeak(), prepareNanos, evaluateNanos, sortNanos);
    }
}
