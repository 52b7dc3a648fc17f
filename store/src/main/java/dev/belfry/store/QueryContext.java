package dev.belfry.store;

import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.store.column.ReadCost;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The bounds of one query, what it has used of them, and the way to stop it; safe for many threads.
 */
public final class QueryContext {
    /* Steps between two looks at the clock: some milliseconds. */
    private static final long STEPS_MAX = 1 << 22;

    private final long deadlineNanoTime;
    private final Duration timeout;
    private final long memoryMaxBytes;
    private final int rowsMax;
    private final boolean eventual;
    private final QueryMemory.Share share;
    private final AtomicLong memoryBytes = new AtomicLong();
    private final ReadCost cost = new ReadCost();
    private volatile boolean cancelled;

    /* Changed by all threads without a lock: what gets lost only makes a look at the clock later. */
    private long stepsUnchecked;

    /** Bounds a query that starts now and has memory of its own; otherwise as below. */
    public QueryContext(Duration timeout, long memoryMaxBytes, int rowsMax, boolean eventual) {
        this(timeout, memoryMaxBytes, new QueryMemory(Long.MAX_VALUE), rowsMax, eventual);
    }

    /**
     * Bounds a query that starts now.
     *
     * @param timeout how long it may take, waiting included
     * @param memoryMaxBytes what it may hold at once: groups, sorted rows, results
     * @param memory of which it takes that, until {@link #memory} is closed
     * @param rowsMax rows of the result; more are cut, and the result says so
     * @param eventual whether it takes what is there instead of waiting for all that was
     *     acknowledged
     */
    public QueryContext(
            Duration timeout,
            long memoryMaxBytes,
            QueryMemory memory,
            int rowsMax,
            boolean eventual) {
        this.timeout = timeout;
        this.deadlineNanoTime = System.nanoTime() + timeout.toNanos();
        this.memoryMaxBytes = memoryMaxBytes;
        this.share = memory.share();
        this.rowsMax = rowsMax;
        this.eventual = eventual;
    }

    /** Stops the query at its next {@link #check()}. */
    public void cancel() {
        cancelled = true;
    }

    /** Whether it is to stop. */
    public boolean isCancelled() {
        return cancelled;
    }

    /**
     * To be called at least once a row group.
     *
     * @throws BelfryException QUERY_LIMIT when it was cancelled or its time is over
     */
    public void check() {
        if (cancelled) {
            throw new BelfryException(ErrorCode.QUERY_LIMIT, "query: cancelled");
        }
        if (System.nanoTime() - deadlineNanoTime > 0) {
            throw new BelfryException(
                    ErrorCode.QUERY_LIMIT,
                    "timeout: "
                            + timeout.toMillis()
                            + " ms are over (expected: a narrower time range or"
                            + " filter, or a longer timeout)");
        }
    }

    /**
     * Counts {@code steps} of work, about a nanosecond each, and checks now and then: for loops
     * over texts, which may be long.
     *
     * @throws BelfryException as {@link #check}
     */
    public void work(long steps) {
        stepsUnchecked += steps;
        if (stepsUnchecked >= STEPS_MAX) {
            stepsUnchecked = 0;
            check();
        }
    }

    /**
     * Counts {@code bytes} more (negative: fewer) that the query holds.
     *
     * @throws BelfryException QUERY_LIMIT when that is over its bound, OVERLOADED when all queries
     *     together hold too much
     */
    public void reserve(long bytes) {
        long held = memoryBytes.addAndGet(bytes);
        if (bytes > 0 && held > memoryMaxBytes) {
            throw new BelfryException(
                    ErrorCode.QUERY_LIMIT,
                    "memory: over "
                            + memoryMaxBytes
                            + " bytes (expected: a narrower time range or filter,"
                            + " or fewer groups)");
        }
        if (bytes > 0 && !share.grow(held)) {
            throw overloaded();
        }
    }

    /** The refusal of a query for which the memory of all queries is not enough now. */
    public static BelfryException overloaded() {
        return new BelfryException(
                ErrorCode.OVERLOADED,
                "queries: hold too much memory together (expected: to be asked again in a moment)");
    }

    /** What it has of the memory of all queries. */
    public QueryMemory.Share memory() {
        return share;
    }

    /** Begins anew within the same time: what it held is given back. */
    void restart() {
        check();
        memoryBytes.set(0);
    }

    /** What is left of the timeout, at least zero. */
    public Duration remaining() {
        return Duration.ofNanos(Math.max(0, deadlineNanoTime - System.nanoTime()));
    }

    /** Nanoseconds since it was made. */
    public long elapsedNanos() {
        return System.nanoTime() - deadlineNanoTime + timeout.toNanos();
    }

    /** Bytes of a page of rows: an eighth of the query's memory; a longer page is cut. */
    public long pageMaxBytes() {
        return Math.max(1, memoryMaxBytes / 8);
    }

    /** Rows of the result at most. */
    public int rowsMax() {
        return rowsMax;
    }

    /** Whether it takes what is there instead of waiting. */
    public boolean eventual() {
        return eventual;
    }

    /** What was read so far. */
    public ReadCost cost() {
        return cost;
    }

    /** Rows that a filter looked at so far. */
    public long rowsRead() {
        return cost.rows();
    }
}
