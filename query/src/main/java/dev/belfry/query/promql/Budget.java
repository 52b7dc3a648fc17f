package dev.belfry.query.promql;

import dev.belfry.store.QueryContext;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Counts what a query uses, and ends it when that is too much or nobody waits any more. Each is for
 * one thread; {@link #part} gives one for another thread that counts for the same query.
 */
final class Budget {
    /*
     * Threads that count in one place for each series wait for each other's processors more than they work. So each counts
     * what it took since it last told the others, and tells them when that is more than a small share of the bound: with
     * all parts the sum is wrong by less than a fiftieth of it.
     */
    private static final int SHARES = 2048;
    private static final long SAMPLES_UNTOLD_MAX = 1 << 16;
    private static final long BYTES_UNTOLD_MAX = 64 << 10;

    private static final String LESS_MEMORY =
            ": select fewer series or steps, aggregate them, or give the program more heap";

    /* What all threads of a query use together. */
    private static final class Total {
        final AtomicLong samples = new AtomicLong();
        final AtomicLong series = new AtomicLong();
        final AtomicLong bytes = new AtomicLong();
        final AtomicLong samplesRead = new AtomicLong();
        final AtomicLong samplesPeak = new AtomicLong();
        volatile boolean failed;
    }

    private final QueryOptions options;
    private final QueryContext asker;
    private final LongSupplier nanoTime;
    private final long deadlineNanos;
    private final Total total;
    private final long samplesSlack;
    private final long bytesSlack;
    private long samples;
    private long bytes;

    /* What the others were not told yet, and the most samples since they were. */
    private long untoldSamples;
    private long untoldPeak;
    private long untoldRead;
    private long untoldBytes;
    private long untoldSeries;

    Budget(QueryOptions options, QueryContext asker, LongSupplier nanoTime) {
        this(
                options,
                asker,
                nanoTime,
                nanoTime.getAsLong() + options.timeoutMillis() * 1_000_000,
                new Total());
    }

    private Budget(
            QueryOptions options,
            QueryContext asker,
            LongSupplier nanoTime,
            long deadlineNanos,
            Total total) {
        this.options = options;
        this.asker = asker;
        this.nanoTime = nanoTime;
        this.deadlineNanos = deadlineNanos;
        this.total = total;
        this.samplesSlack = Math.min(SAMPLES_UNTOLD_MAX, options.samplesMax() / SHARES);
        this.bytesSlack = Math.min(BYTES_UNTOLD_MAX, options.memoryMaxBytes() / SHARES);
    }

    /** For another thread of the same query. */
    Budget part() {
        tellSamples();
        tellBytes();
        return new Budget(options, asker, nanoTime, deadlineNanos, total);
    }

    /** What {@code part} holds is held here from now on. */
    void absorb(Budget part) {
        part.tellSamples();
        part.tellBytes();
        samples += part.samples;
        bytes += part.bytes;
    }

    /** Lets the other threads of the query end soon. */
    void fail() {
        total.failed = true;
    }

    /** Looks at the client and the clock. */
    void check() {
        if (total.failed || asker.isCancelled()) {
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
        untoldSeries++;
        if (untoldSeries < Limits.SERIES_BETWEEN_CHECKS
                && untoldSeries <= options.seriesMax() / SHARES) {
            return;
        }
        boolean due = untoldSeries == Limits.SERIES_BETWEEN_CHECKS;
        long now = total.series.addAndGet(untoldSeries);
        untoldSeries = 0;
        if (now > options.seriesMax()) {
            throw limit("series", options.seriesMax());
        }
        if (due || now % Limits.SERIES_BETWEEN_CHECKS == 0) {
            check();
        }
    }

    /** Samples that are in memory from now on. */
    void hold(long number) {
        untoldRead += number;
        calculated(number);
    }

    /** Samples that were calculated, and are in memory from now on. */
    void calculated(long number) {
        samples += number;
        untoldSamples += number;
        untoldPeak = Math.max(untoldPeak, untoldSamples);
        if (untoldSamples > samplesSlack && tellSamples() > options.samplesMax()) {
            throw new PromqlException(
                    PromqlException.Kind.LIMIT,
                    "query processing would load too many samples into memory in query execution"
                            + " (expected: at most "
                            + options.samplesMax()
                            + ")");
        }
    }

    /** Samples that are not in memory any more. */
    void release(long number) {
        samples -= number;
        untoldSamples -= number;
        if (untoldSamples < -samplesSlack) {
            tellSamples();
        }
    }

    /* How many there are in all threads. */
    private long tellSamples() {
        long now = total.samples.addAndGet(untoldSamples);
        long peak = now - untoldSamples + untoldPeak;
        if (peak > total.samplesPeak.get()) {
            total.samplesPeak.accumulateAndGet(peak, Math::max);
        }
        total.samplesRead.addAndGet(untoldRead);
        untoldSamples = 0;
        untoldPeak = 0;
        untoldRead = 0;
        return now;
    }

    /** What was taken between {@code before} and {@code after} is not held any more. */
    void release(long[] before, long[] after) {
        release(after[0] - before[0]);
        take(before[1] - after[1]);
    }

    /** Memory that a series of {@code steps} takes. */
    void row(int steps) {
        take(Row.bytes(steps));
    }

    void releaseRow(int steps) {
        take(-Row.bytes(steps));
    }

    /** Text of labels that was made; it counts until the query ends. */
    void text(int chars) {
        count(2L * chars);
    }

    /** {@code size} bytes more are held; below 0, less. */
    void take(long size) {
        bytes += size;
        count(size);
    }

    private void count(long size) {
        untoldBytes += size;
        if (size <= 0) {
            if (untoldBytes < -bytesSlack) {
                tellBytes();
            }
            return;
        }
        if (untoldBytes <= bytesSlack) {
            return;
        }
        long now = tellBytes();
        if (now > options.memoryMaxBytes()) {
            throw new PromqlException(
                    PromqlException.Kind.LIMIT,
                    tooMany("bytes of memory", options.memoryMaxBytes()) + LESS_MEMORY);
        }
        if (!asker.memory().grow(now)) {
            throw new PromqlException(
                    PromqlException.Kind.BUSY,
                    "all queries together hold too much memory (expected: less, in a moment)");
        }
    }

    /* How many there are in all threads. */
    private long tellBytes() {
        long now = total.bytes.addAndGet(untoldBytes);
        untoldBytes = 0;
        return now;
    }

    /** What is held now, to come back to. */
    long[] held() {
        return new long[] {samples, bytes};
    }

    /** Of what was taken since {@code before}, only {@code rows} are held any more. */
    void settle(long[] before, List<Row> rows, int steps) {
        long cells = (long) rows.size() * steps;
        long keptSamples = before[0] + Math.min(samples - before[0], cells);
        release(samples - keptSamples);
        long kept = rows.size() * Row.bytes(steps);
        for (Row row : rows) {
            kept += row.histogramBytes();
        }
        take(before[1] + kept - bytes);
    }

    /** Gives back the memory that the result does not need. */
    void end() {
        asker.memory().shrink(tellBytes());
    }

    private static PromqlException limit(String what, long max) {
        return new PromqlException(PromqlException.Kind.LIMIT, tooMany(what, max));
    }

    private static String tooMany(String what, long max) {
        return "query needs too many " + what + " (expected: at most " + max + ")";
    }

    long samplesPeak() {
        tellSamples();
        return total.samplesPeak.get();
    }

    long samplesRead() {
        tellSamples();
        return total.samplesRead.get();
    }
}
