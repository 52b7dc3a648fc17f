package dev.belfry.server.events;

import dev.belfry.identity.Principal;
import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.model.time.TimeLength;
import dev.belfry.server.http.Call;
import dev.belfry.server.http.Parameter;
import dev.belfry.server.http.Reply;
import dev.belfry.server.http.Sending;
import dev.belfry.server.http.Shape;
import dev.belfry.server.limits.RateLimiter;
import dev.belfry.server.metrics.OwnMetrics;
import dev.belfry.store.QueryContext;
import dev.belfry.store.QueryMemory;
import java.time.Duration;
import java.util.StringJoiner;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;

/**
 * Lets queries in, a few at once, so that receiving always has processor and memory; bounds, counts
 * and cancels them.
 */
public final class QueryDesk {
    private static final Duration QUEUE_MAX = Duration.ofSeconds(10);

    /** The parameter by which a call bounds its query's time. */
    static final Parameter TIMEOUT =
            Parameter.of("timeout", Shape.TEXT, "How long it may take.", "5s");

    /** The parameter by which a call does without the newest. */
    static final Parameter CONSISTENCY =
            Parameter.of(
                    "consistency",
                    Shape.oneOf("strong", "eventual"),
                    "eventual does not wait for what was just received.",
                    "eventual");

    private final Semaphore places;
    private final ExecutorService threads;
    private final Duration timeoutMax;
    private final long memoryMaxBytes;
    private final QueryMemory memory;
    private final int rowsMax;
    private final OwnMetrics metrics;
    private final RateLimiter limiter;
    private final LongSupplier nowNanos;
    private final RunningQueries running = new RunningQueries();

    /** At most {@code atOnceMax} at once, each with the given bounds, all with {@code memory}. */
    public QueryDesk(
            int atOnceMax,
            Duration timeoutMax,
            long memoryMaxBytes,
            QueryMemory memory,
            int rowsMax,
            OwnMetrics metrics,
            RateLimiter limiter,
            LongSupplier nowNanos) {
        this.places = new Semaphore(atOnceMax, true);
        this.threads =
                Executors.newFixedThreadPool(
                        atOnceMax, Thread.ofPlatform().daemon().name("belfry-asked-", 0).factory());
        this.timeoutMax = timeoutMax;
        this.memoryMaxBytes = memoryMaxBytes;
        this.memory = memory;
        this.rowsMax = rowsMax;
        this.metrics = metrics;
        this.limiter = limiter;
        this.nowNanos = nowNanos;
    }

    /** What is asked now. */
    RunningQueries running() {
        return running;
    }

    /** How long every query may take. */
    public Duration timeoutMax() {
        return timeoutMax;
    }

    /** Rows of an answer at most. */
    public int rowsMax() {
        return rowsMax;
    }

    /**
     * What is asked.
     *
     * @param type by which it is counted
     * @param text for people who look at what runs
     * @param rowsMost rows that it may work on
     */
    record Question(String type, String text, int rowsMost) {}

    /**
     * As below, for another protocol.
     *
     * @param text for people who look at what runs
     */
    public <T> T run(
            String type,
            String text,
            Call call,
            ToLongFunction<T> rows,
            Function<QueryContext, T> query)
            throws InterruptedException {
        return run(new Question(type, text, rowsMax), call, rows, query);
    }

    /** The next piece of a long answer, whose call has been counted as a query already. */
    public <T> T piece(String type, Call call, Function<QueryContext, T> query)
            throws InterruptedException {
        return runOn(new Question(type, "", rowsMax), call, _ -> 0, query);
    }

    /**
     * Runs {@code query} for {@code call}, whose parameters say what is asked; it is cancelled when
     * the client leaves.
     *
     * @param type by which it is counted
     * @param rows how many rows the result has
     * @throws BelfryException RATE_LIMITED when the caller asks too often, OVERLOADED when no place
     *     becomes free in time
     */
    public <T> T run(
            String type, Call call, ToLongFunction<T> rows, Function<QueryContext, T> query)
            throws InterruptedException {
        return run(new Question(type, described(call), rowsMax), call, rows, query);
    }

    /** As above. */
    <T> T run(Question question, Call call, ToLongFunction<T> rows, Function<QueryContext, T> query)
            throws InterruptedException {
        limiter.query(call.principal());
        return runOn(question, call, rows, query);
    }

    /**
     * As above, with the reply that {@code written} makes of the result while the query still has
     * its place: so only as many results and texts of them are in memory as queries run at once.
     */
    <T> Reply answer(
            Question question,
            Call call,
            ToLongFunction<T> rows,
            Function<QueryContext, T> query,
            Function<T, Reply> written)
            throws InterruptedException {
        record Answer(long rows, Reply reply) {}
        Function<QueryContext, Answer> both =
                context -> {
                    T result = query.apply(context);
                    return new Answer(rows.applyAsLong(result), written.apply(result));
                };
        return run(question, call, Answer::rows, both).reply();
    }

    /** As above, for {@code call}, whose parameters say what is asked. */
    public <T> Reply answer(
            String type,
            Call call,
            ToLongFunction<T> rows,
            Function<QueryContext, T> query,
            Function<T, Reply> written)
            throws InterruptedException {
        return answer(new Question(type, described(call), rowsMax), call, rows, query, written);
    }

    /** As above, for a call that has been counted as a query already. */
    <T> T runOn(
            Question question, Call call, ToLongFunction<T> rows, Function<QueryContext, T> query)
            throws InterruptedException {
        boolean eventual = call.parameter("consistency").orElse("").equals("eventual");
        QueryContext context =
                new QueryContext(
                        timeout(call), memoryMaxBytes, memory, question.rowsMost(), eventual);
        call.whenGone(context::cancel);
        try (QueryMemory.Share _ = context.memory()) {
            return run(question, call.principal(), context, rows, query);
        }
    }

    /**
     * As above, for an answer that keeps its memory until it has been sent, and may have all there
     * is.
     *
     * @param text for people who look at what runs
     * @param timeout how long it may take, at most as long as every query may
     */
    public <T> T ask(
            String type,
            String text,
            Call call,
            Duration timeout,
            ToLongFunction<T> rows,
            Function<QueryContext, T> query)
            throws InterruptedException {
        limiter.query(call.principal());
        Duration bounded = timeout.compareTo(timeoutMax) < 0 ? timeout : timeoutMax;
        QueryContext context = new QueryContext(bounded, memory.maxBytes(), memory, rowsMax, false);
        call.whenGone(context::cancel);
        QueryMemory.Share share = context.memory();
        Sending sending = call.sending();
        share.keepUntilSent(sending::stalledNanos, sending::giveUp);
        call.whenEnded(share::close);
        return run(new Question(type, text, rowsMax), call.principal(), context, rows, query);
    }

    /** As above, in the name of {@code asker}, who does not wait for it. */
    <T> T run(
            Question question,
            Principal asker,
            ToLongFunction<T> rows,
            Function<QueryContext, T> query)
            throws InterruptedException {
        QueryContext context =
                new QueryContext(timeoutMax, memoryMaxBytes, memory, question.rowsMost(), true);
        try (QueryMemory.Share _ = context.memory()) {
            return run(question, asker, context, rows, query);
        }
    }

    private <T> T run(
            Question question,
            Principal asker,
            QueryContext context,
            ToLongFunction<T> rows,
            Function<QueryContext, T> query)
            throws InterruptedException {
        String type = question.type();
        RunningQueries.Running entry =
                running.begin(type, question.text(), asker, nowNanos.getAsLong(), context);
        try {
            Duration left = context.remaining();
            Duration patience = left.compareTo(QUEUE_MAX) < 0 ? left : QUEUE_MAX;
            if (!places.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new BelfryException(
                        ErrorCode.OVERLOADED,
                        "queries: too many at once (expected: to be asked again in a moment)");
            }
            long startNanoTime = System.nanoTime();
            try {
                entry.place().take();
                context.check();
                T result = apart(query, context);
                metrics.queryResults.set(rows.applyAsLong(result), type);
                return result;
            } finally {
                places.release();
                metrics.queries.increment(type);
                metrics.queryDuration.observeNanos(System.nanoTime() - startNanoTime, type);
            }
        } finally {
            running.end(entry);
        }
    }

    /* The call's parameters as a query has them. */
    private static String described(Call call) {
        StringJoiner text = new StringJoiner("&");
        call.parameters()
                .forEach((name, values) -> values.forEach(value -> text.add(name + "=" + value)));
        return text.toString();
    }

    /* On a thread of the machine: a query that computes for long would keep a virtual thread's carrier, of
     * which there are as many as processors, and with it everything else that waits for one. A call that came on such a
     * thread stays there. */
    private <T> T apart(Function<QueryContext, T> query, QueryContext context)
            throws InterruptedException {
        if (!Thread.currentThread().isVirtual()) {
            return query.apply(context);
        }
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
        Duration asked =
                TimeLength.parse(text)
                        .orElseThrow(() ->
                                new BelfryException(
                                        ErrorCode.VALIDATION_ERROR,
                                        "timeout: "
                                                + text
                                                + " (expected: a time such as 500ms or 5s, at most "
                                                + timeoutMax.toSeconds()
                                                + "s)"));
        return asked.compareTo(timeoutMax) < 0 ? asked : timeoutMax;
    }
}
