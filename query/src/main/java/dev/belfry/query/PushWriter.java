package dev.belfry.query;

import dev.belfry.journal.Appended;
import dev.belfry.journal.Idempotency;
import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.model.series.KeyHash;
import dev.belfry.model.series.Labels;
import dev.belfry.model.series.MetricMetadata;
import dev.belfry.model.series.MetricType;
import dev.belfry.model.series.PushBatch;
import dev.belfry.model.series.SampleBatch;
import dev.belfry.model.series.SampleBatch.SeriesExemplar;
import dev.belfry.model.series.SeriesResolver;
import dev.belfry.query.push.Totals;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Appends pushed increments and observations as samples of their totals, one after the other. Safe
 * for many threads.
 */
public final class PushWriter implements AutoCloseable {
    /*
     *   requests ─► queue ─► one thread: all that waits is added up ─► one append ─► all are answered
     *
     * The totals are changed by one thread only, in the order in which the journal gets them. What waits is taken
     * together, so that a force of the disk is paid for once. A request with an idempotency key goes alone: when the
     * journal knows it, its changes are forgotten again, and the first answer stands. A total that a failed append had
     * changed is read from the store again.
     */
    /** The counter of all pushed observations. */
    public static final String RECEIVED = "monitoring_total_metrics";

    private static final String RECEIVED_HELP = "Total number of metric observations received";
    private static final int QUEUE_MAX = 4_096;
    private static final int ROWS_MAX = 200_000;
    private static final long LOOK_MILLIS = 200;

    private final Supplier<Engine> engine;
    private final InstantSource clock;
    private final BlockingQueue<Request> queue = new ArrayBlockingQueue<>(QUEUE_MAX);
    private final Thread thread;
    private @Nullable Totals totals;
    private volatile boolean closed;

    private record Request(
            SampleBatch samples,
            PushBatch pushed,
            String principal,
            @Nullable Idempotency idempotency,
            CompletableFuture<Appended> done) {}

    /** A writer into {@code engine}, which is asked for with the first request. */
    public PushWriter(Supplier<Engine> engine, InstantSource clock) {
        this.engine = engine;
        this.clock = clock;
        this.thread = Thread.ofVirtual().name("belfry-push").start(this::run);
    }

    /**
     * Appends the totals that {@code pushed} makes, and {@code samples} as they are; durable when
     * it returns. One of them has something in it.
     *
     * @param idempotency what makes sending it again harmless; null for none
     * @throws BelfryException OVERLOADED when too much waits; as {@link Engine#append}
     */
    public Appended append(
            SampleBatch samples,
            PushBatch pushed,
            String principal,
            @Nullable Idempotency idempotency) {
        Request request =
                new Request(samples, pushed, principal, idempotency, new CompletableFuture<>());
        if (closed || !queue.offer(request)) {
            throw new BelfryException(
                    ErrorCode.OVERLOADED,
                    "pushed metrics: " + QUEUE_MAX + " requests wait (expected: fewer; try again)");
        }
        try {
            return request.done().join();
        } catch (CompletionException failure) {
            if (failure.getCause() instanceof BelfryException refused) {
                throw new BelfryException(
                        refused.code(), String.valueOf(refused.getMessage()), refused.details());
            }
            throw failure;
        }
    }

    private void run() {
        while (true) {
            try {
                Request first = queue.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
                if (first != null) {
                    take(first);
                } else if (closed) {
                    return;
                }
            } catch (InterruptedException stopped) {
                closed = true;
            }
        }
    }

    private void take(Request first) {
        List<Request> together = new ArrayList<>();
        together.add(first);
        int rows = first.pushed().count() + first.samples().count();
        while (first.idempotency() == null && rows < ROWS_MAX) {
            Request next = queue.peek();
            if (next == null || next.idempotency() != null) {
                break;
            }
            queue.remove();
            together.add(next);
            rows += next.pushed().count() + next.samples().count();
        }
        try {
            Appended appended = write(together, first.idempotency());
            together.forEach(request -> request.done().complete(appended));
        } catch (RuntimeException failure) {
            together.forEach(request -> request.done().completeExceptionally(failure));
        }
    }

    private Appended write(List<Request> together, @Nullable Idempotency idempotency) {
        Engine open = engine.get();
        Totals known = totals == null ? new Totals(open.metrics(), open.seriesResolver()) : totals;
        totals = known;
        boolean kept = false;
        PushBatch counted = PushBatch.EMPTY;
        try {
            SampleBatch.Builder batch = new SampleBatch.Builder(64);
            String principal = together.getFirst().principal();
            long nowMillis = clock.millis();
            PushBatch.Builder received = new PushBatch.Builder();
            int observations = 0;
            for (Request request : together) {
                observations += request.pushed().observations();
                copy(request.samples(), batch);
                known.apply(request.pushed(), batch, nowMillis);
                principal = request.principal().equals(principal) ? principal : "";
            }
            if (observations > 0) {
                int series = received(open.seriesResolver(), batch);
                received.add(PushBatch.Kind.ADD, series, nowMillis, observations);
                counted = received.build();
                known.apply(counted, batch, nowMillis);
            }
            Appended appended = open.append(batch.build(), principal, idempotency);
            kept = !appended.replayed();
            return appended;
        } finally {
            if (!kept) {
                together.forEach(request -> known.forget(request.pushed()));
                known.forget(counted);
            }
        }
    }

    /* The series of what was received, whose total is kept like any other. */
    private int received(SeriesResolver resolver, SampleBatch.Builder batch) {
        KeyHash hash = new KeyHash(resolver.seed());
        byte[] name = RECEIVED.getBytes(StandardCharsets.UTF_8);
        hash.add(name, 0, name.length);
        int series = resolver.find(hash.high(), hash.low());
        if (series == SeriesResolver.NONE) {
            series = resolver.resolve(hash.high(), hash.low(), Labels.of(Labels.NAME, RECEIVED));
            batch.add(new MetricMetadata(RECEIVED, MetricType.COUNTER, "", RECEIVED_HELP));
        }
        return series;
    }

    private static void copy(SampleBatch samples, SampleBatch.Builder into) {
        for (int i = 0; i < samples.count(); i++) {
            var histogram = samples.histogram(i);
            if (histogram != null) {
                into.add(samples.series()[i], samples.timestampsMillis()[i], histogram);
            } else {
                into.add(samples.series()[i], samples.timestampsMillis()[i], samples.values()[i]);
            }
            if (samples.startMillis(i) != 0) {
                into.startOfLast(samples.startMillis(i));
            }
        }
        for (SeriesExemplar exemplar : samples.exemplars()) {
            into.add(exemplar.series(), exemplar.exemplar());
        }
        samples.metadata().forEach(into::add);
    }

    /** Ends it: what waits is written first. */
    @Override
    public void close() {
        closed = true;
        try {
            thread.join();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
