package dev.belfry.server;

import dev.belfry.model.BelfryException;
import dev.belfry.query.Engine;
import dev.belfry.store.Expr;
import dev.belfry.store.Owner;
import dev.belfry.store.Plan;
import dev.belfry.store.QueryContext;
import dev.belfry.store.Table;
import dev.belfry.store.TimeRange;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How many sources have events; counted now and then in the background, since that reads a column.
 */
final class SourceCount {
    private static final long FRESH_NANOS = TimeUnit.MINUTES.toNanos(1);

    /* A start has more urgent things to do. */
    private static final long FIRST_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final long MEMORY_BYTES = 16L << 20;

    private final Supplier<@Nullable Engine> engine;
    private final AtomicBoolean counting = new AtomicBoolean();
    private volatile long count;
    private volatile long countedNanoTime = System.nanoTime() - FRESH_NANOS + FIRST_NANOS;

    SourceCount(Supplier<@Nullable Engine> engine) {
        this.engine = engine;
    }

    /** As it was when it was last counted; begins to count when that is long ago. */
    long count() {
        Engine open = engine.get();
        boolean old = System.nanoTime() - countedNanoTime > FRESH_NANOS;
        if (open != null && old && counting.compareAndSet(false, true)) {
            Thread.ofVirtual().name("source-count").start(() -> recount(open));
        }
        return count;
    }

    private void recount(Engine open) {
        try {
            Plan plan =
                    new Plan.Aggregate(
                            new Plan.Scan(Table.EVENTS, TimeRange.ALL, Expr.TRUE, Owner.ALL, null),
                            List.of(),
                            List.of(
                                    new Plan.Measure(
                                            "sources",
                                            Plan.Function.COUNT_DISTINCT,
                                            new Expr.Column("source"),
                                            0)));
            QueryContext context = new QueryContext(TIMEOUT, MEMORY_BYTES, 1, true);
            Object value = open.store().execute(plan, context).rows().getFirst()[0];
            count = value instanceof Number number ? number.longValue() : count;
        } catch (BelfryException _) {
            // Too many or too slow now: the last count stands.
        } finally {
            countedNanoTime = System.nanoTime();
            counting.set(false);
        }
    }
}
