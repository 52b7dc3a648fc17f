package dev.belfry.query;

import dev.belfry.model.BelfryException;
import dev.belfry.query.insight.Insight;
import dev.belfry.store.EventStore;
import dev.belfry.store.Expr;
import dev.belfry.store.Owner;
import dev.belfry.store.QueryContext;
import dev.belfry.store.TimeRange;
import java.util.Set;

/**
 * The piped language of CloudWatch Logs Insights with a search bar as its first stage; see
 * docs/insights.md. Safe for many threads.
 */
public final class Insights {
    /** Rows of an answer at most. */
    public static final int ROWS_MAX = 10_000;

    /** Rows that a query's context must allow: what steps after the store work on. */
    public static final int STEP_ROWS_MAX = 1_000_000;

    private final EventStore store;

    Insights(EventStore store) {
        this.store = store;
    }

    /**
     * Answers a query.
     *
     * @param text stages with pipes between them
     * @param range event times
     * @param owner whose events it sees
     * @param sources of these sources only; empty for all
     * @param nowNanos what {@code now()} is, epoch nanoseconds
     * @param limit rows at most, 0 to {@link #ROWS_MAX}; a limit in the query may be smaller
     * @throws BelfryException VALIDATION_ERROR for a text that is no query, with {@code line},
     *     {@code column}, {@code offset} and what was {@code expected} there; QUERY_LIMIT over a
     *     bound of {@code context}
     */
    public InsightResult run(
            String text,
            TimeRange range,
            Owner owner,
            Set<String> sources,
            long nowNanos,
            int limit,
            QueryContext context) {
        return Insight.parse(text).run(store, range, owner, sources, nowNanos, limit, context);
    }

    /**
     * What must be true of an event for a text of stages that only keep events: a search, {@code
     * filter} and {@code parse}. An empty text keeps all.
     *
     * @param nowNanos what {@code now()} is, epoch nanoseconds
     * @throws BelfryException VALIDATION_ERROR for a text that is no query, or does more
     */
    public static Expr condition(String text, long nowNanos) {
        return text.isBlank() ? Expr.TRUE : Insight.parse(text).condition(nowNanos);
    }

    /**
     * Checks a query without running it.
     *
     * @param nowNanos what {@code now()} is, epoch nanoseconds
     * @throws BelfryException VALIDATION_ERROR as {@link #run}
     */
    public static void check(String text, long nowNanos) {
        Insight.parse(text).check(nowNanos);
    }

    /**
     * The query in one form: a stage a line.
     *
     * @throws BelfryException VALIDATION_ERROR for a text that is no query
     */
    public static String format(String text) {
        return Insight.parse(text).print();
    }
}
