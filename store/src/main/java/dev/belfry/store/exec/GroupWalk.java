package dev.belfry.store.exec;

import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.store.QueryContext;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Visits the groups of one query in order, on the calling thread and on others that are free. */
final class GroupWalk {
    /** What is done with a group. */
    interface Visitor {
        /**
         * Visits a group; called by one thread at a time for each visitor.
         *
         * @return whether later groups are of interest
         */
        boolean visit(int index);
    }

    /** Makes a visitor for each thread that takes part. */
    interface VisitorFactory {
        Visitor create();
    }

    private final int count;
    private final QueryContext context;
    private final AtomicInteger next = new AtomicInteger();
    private volatile boolean stopped;
    private @Nullable Throwable failure;
    private boolean closed;
    private int running;

    private GroupWalk(int count, QueryContext context) {
        this.count = count;
        this.context = context;
    }

    /**
     * Visits the groups 0 to {@code count - 1}, each once. The caller takes part, so that nothing
     * waits for a busy pool, and returns when all have finished.
     *
     * @param workersMax threads that take part at most, the caller included
     */
    static void run(
            int count,
            int workersMax,
            Executor pool,
            QueryContext context,
            VisitorFactory visitors) {
        GroupWalk walk = new GroupWalk(count, context);
        Visitor own = visitors.create();
        walk.work(own, workersMax > 1 ? Limits.GROUPS_ALONE : count);
        int helpers = Math.min(workersMax - 1, count - walk.next.get() - 1);
        for (int i = 0; i < helpers && !walk.stopped; i++) {
            try {
                pool.execute(() -> walk.help(visitors));
            } catch (RejectedExecutionException _) {
                break; // The caller does the work alone.
            }
        }
        walk.work(own, count);
        walk.await();
    }

    private void help(VisitorFactory visitors) {
        synchronized (this) {
            if (closed) {
                return;
            }
            running++;
        }
        try {
            work(visitors.create(), count);
        } catch (Throwable e) {
            fail(e);
        } finally {
            synchronized (this) {
                running--;
                notifyAll();
            }
        }
    }

    /* Visits groups until none below end is left. */
    private void work(Visitor visitor, int end) {
        try {
            while (!stopped && next.get() < end) {
                int index = next.getAndIncrement();
                if (index >= count) {
                    return;
                }
                context.check();
                if (!visitor.visit(index)) {
                    stopped = true;
                }
            }
        } catch (RuntimeException | Error e) {
            fail(e);
        }
    }

    private synchronized void fail(Throwable e) {
        stopped = true;
        if (failure == null) {
            failure = e;
        }
    }

    private synchronized void await() {
        closed = true;
        boolean interrupted = false;
        while (running > 0) {
            try {
                wait();
            } catch (InterruptedException _) {
                interrupted = true;
                stopped = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
            fail(new BelfryException(ErrorCode.QUERY_LIMIT, "query: interrupted"));
        }
        switch (failure) {
            case null -> {}
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> throw new IllegalStateException("BUG: a checked exception", failure);
        }
    }
}
