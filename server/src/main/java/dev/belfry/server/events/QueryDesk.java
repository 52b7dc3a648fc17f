package dev.belfry.server.events;

import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.server.http.Call;
import dev.belfry.server.limits.RateLimiter;
import dev.belfry.server.metrics.OwnMetrics;
import dev.belfry.store.QueryContext;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Lets queries in, a few at once, so that receiving always has processor and memory; bounds, counts
 * and cancels them.
 */
public final class QueryDesk {
    private static final Pattern TIMEOUT = Pattern.compile("(\\d{1,9})(ms|s|m)?");
    private static final Duration QUEUE_MAX = Duration.ofSeconds(10);

    private final Semaphore places;
    private final ExecutorService threads;
    private final Duration timeoutMax;
    private final long memoryMaxBytes;
    private final int rowsMax;
    private final OwnMetrics metrics;
    private final RateLimiter limiter;

    /** At most {@code atOnceMax} at once, each with the given bounds. */
    public QueryDesk(
            int atOnceMax,
            Duration timeoutMax,
            long memoryMaxBytes,
            int rowsMax,
            OwnMetrics metrics,
            RateLimiter limiter) {
        this.places = new Semaphore(atOnceMax, true);
        this.threads =
                Executors.newFixedThreadPool(
                        atOnceMax, Thread.ofPlatform().daemon().name("belfry-asked-", 0).factory());
        this.timeoutMax = timeoutMax;
        this.memoryMaxBytes = memoryMaxBytes;
        this.rowsMax = rowsMax;
        this.metrics = metrics;
        this.limiter = limiter;
    }

    /** Rows of an answer at most. */
    public int rowsMax() {
        return rowsMax;
    }

    /**
     * Runs {@code query} for {@code call}; it is cancelled when the client leaves.
     *
     * @param type by which it is counted
     * @param rows how many rows the result has
     * @throws BelfryException RATE_LIMITED when the caller asks too often, OVERLOADED when no place
     *     becomes free in time
     */
    <T> T run(String type, Call call, ToLongFunction<T> rows, Function<QueryContext, T> query)
            throws InterruptedException {
        return run(type, call, rowsMax, rows, query);
    }

    /** As above, where {@code query} may work on up to {@code rowsMost} rows. */
    <T> T run(
            String type,
            Call call,
            int rowsMost,
            ToLongFunction<T> rows,
            Function<QueryContext, T> query)
            throws InterruptedException {
        limiter.query(call.principal());
        Duration timeout = timeout(call);
        boolean eventual = call.parameter("consistency").orElse("").equals("eventual");
        QueryContext context = new QueryContext(timeout, memoryMaxBytes, rowsMost, eventual);
        call.whenGone(context::cancel);
        Duration patience = timeout.compareTo(QUEUE_MAX) < 0 ? timeout : QUEUE_MAX;
        if (!places.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS)) {
            throw new BelfryException(
                    ErrorCode.OVERLOADED,
                    "queries: too many at once (expected: to be asked again in a moment)");
        }
        long startNanoTime = System.nanoTime();
        try {
            context.check();
            T result = apart(query, context);
            metrics.queryResults.set(rows.applyAsLong(result), type);
            return result;
        } finally {
            places.release();
            metrics.queries.increment(type);
            metrics.queryDuration.observeNanos(System.nanoTime() - startNanoTime, type);
        }
    }

    /* On a thread of the machine: a query that computes for long would keep a virtual thread's carrier, of
     * which there are as many as processors, and with it everything else that waits for one. */
    private <T> T apart(Function<QueryContext, T> query, QueryContext context)
            throws InterruptedException {
        Future<T> answer = threads.submit(() -> query.apply(context));
        try {
            return answer.get();
        } catch (InterruptedException e) {
            context.cancel();
            throw e;
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case RuntimeException failure -> throw failure;
                case Error failure -> throw failure;
                case null, default -> throw new IllegalStateException("BUG: " + e.getCause(), e);
            }
        }
    }

    private Duration timeout(Call call) {
        String text = call.parameter("timeout").orElse("");
        if (text.isEmpty()) {
            return timeoutMax;
        }
        Matcher matcher = TIMEOUT.matcher(text);
        if (!matcher.matches()) {
            throw new BelfryException(
                    ErrorCode.VALIDATION_ERROR,
                    "timeout: "
                            + text
                            + " (expected: a time such as 500ms or 5s, at most "
                            + timeoutMax.toSeconds()
                            + "s)");
        }
        long number = Long.parseLong(matcher.group(1));
        String unit = matcher.group(2) == null ? "s" : matcher.group(2);
        Duration asked =
                switch (unit) {
                    case "ms" -> Duration.ofMillis(number);
                    case "m" -> Duration.ofMinutes(number);
                    default -> Duration.ofSeconds(number);
                };
        return asked.compareTo(timeoutMax) < 0 ? asked : timeoutMax;
    }
}
