package dev.belfry.query.insight;

import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.query.InsightResult;
import dev.belfry.store.EventStore;
import dev.belfry.store.Expr;
import dev.belfry.store.Owner;
import dev.belfry.store.QueryContext;
import dev.belfry.store.TimeRange;
import java.util.List;
import java.util.Set;

/** See {@link dev.belfry.query.Insights}. */
public final class Insight {
    private final String text;
    private final List<Stage> stages;

    private Insight(String text, List<Stage> stages) {
        this.text = text;
        this.stages = stages;
    }

    /** Reads a query. */
    public static Insight parse(String text) {
        if (text.length() > Limits.TEXT_MAX) {
            throw new BelfryException(
                    ErrorCode.VALIDATION_ERROR,
                    "query: "
                            + text.length()
                            + " characters (expected: at most "
                            + Limits.TEXT_MAX
                            + ")");
        }
        return new Insight(text, new Parser(text).stages());
    }

    /** The query as text that reads the same. */
    public String print() {
        return Printer.print(stages);
    }

    /** See {@link dev.belfry.query.Insights#condition}. */
    public Expr condition(long nowNanos) {
        return new Compiler(text, TimeRange.ALL, Owner.ALL, Set.of(), nowNanos).condition(stages);
    }

    /** See {@link dev.belfry.query.Insights#check}. */
    public void check(long nowNanos) {
        new Compiler(text, new TimeRange(0, nowNanos), Owner.ALL, Set.of(), nowNanos)
                .compile(stages, Limits.ROWS_MAX);
    }

    /** Runs the query. */
    public InsightResult run(
            EventStore store,
            TimeRange range,
            Owner owner,
            Set<String> sources,
            long nowNanos,
            int limit,
            QueryContext context) {
        int rowsMax = Math.min(limit, Limits.ROWS_MAX);
        Program program =
                new Compiler(text, range, owner, sources, nowNanos).compile(stages, rowsMax);
        return new Runner(store, context).run(program);
    }
}
