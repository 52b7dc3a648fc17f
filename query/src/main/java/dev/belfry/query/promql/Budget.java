package dev.belfry.query.promql;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/** Counts what a query uses, and ends it when that is too much or nobody waits any more. */
final class Budget {
    private final QueryOptions options;
    private final BooleanSupplier cancelled;
    private final LongSupplier nanoTime;
    private final long deadlineNanos;
    private final AtomicLong samples = new AtomicLong();
    private final AtomicLong series = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong samplesRead = new AtomicLong();

    Budget(QueryOptions options, BooleanSupplier cancelled, LongSupplier nanoTime) {
        this.options = options;
        this.cancelled = cancelled;
        this.nanoTime = nanoTime;
        this.deadlineNanos = nanoTime.getAsLong() + options.timeoutMillis() * 1_000_000;
    }

    /** Looks at the client and the clock. */
    void check() {
        if (cancelled.getAsBoolean()) {
            throw new PromqlException(
                    PromqlException.Kind.CANCELLED, "query was canceled in expression evaluation");
        }
        if (nanoTime.getAsLong() - deadlineNanos > 0) {
            throw new PromqlException(
                    PromqlException.Kind.TIMEOUT,
                    "query timed out in expression evaluation after "
                            + options.timeoutMillis()
                            + " ms (expected: less)");
        }
    }

    void series() {
        long now = series.incrementAndGet();
        if (now > options.seriesMax()) {
            throw limit("series", options.seriesMax());
        }
        if (now % Limits.SERIES_BETWEEN_CHECKS == 0) {
            check();
        }
    }

    /** Samples that are in memory from now on. */
    void hold(long number) {
        samplesRead.addAndGet(number);
        if (samples.addAndGet(number) > options.samplesMax()) {
            throw new PromqlException(
                    PromqlException.Kind.LIMIT,
                    "query processing would load too many samples into memory in query execution"
                            + " (expected: at most "
                            + options.samplesMax()
                            + ")");
        }
    }

    /** Memory that a vector of {@code steps} takes. */
    void row(int steps) {
        if (bytes.addAndGet(8L * steps + 64) > options.memoryMaxBytes()) {
            throw limit("bytes of memory", options.memoryMaxBytes());
        }
    }

    void releaseRow(int steps) {
        bytes.addAndGet(-(8L * steps + 64));
    }

    /** What is held now, to come back to. */
    long[] held() {
        return new long[] {samples.get(), bytes.get()};
    }

    /** Of what was taken since {@code before}, only a vector of this size is held any more. */
    void settle(long[] before, int rows, int steps) {
        long cells = (long) rows * steps;
        samples.set(before[0] + Math.min(samples.get() - before[0], cells));
        bytes.set(before[1] + rows * (8L * steps + 64));
    }

    private static PromqlException limit(String what, long max) {
        return new PromqlException(
                PromqlException.Kind.LIMIT,
                "query needs too many " + what + " (expected: at most " + max + ")");
    }

    long samplesRead() {
        return samplesRead.get();
    }
}
