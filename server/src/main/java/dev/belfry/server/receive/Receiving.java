package dev.belfry.server.receive;

import dev.belfry.identity.Principal;
import dev.belfry.journal.Appended;
import dev.belfry.journal.Idempotency;
import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.model.EventBatch;
import dev.belfry.query.Engine;
import dev.belfry.receive.DecodedEvents;
import dev.belfry.receive.Inflation;
import dev.belfry.receive.ItemError;
import dev.belfry.receive.MetricEvents;
import dev.belfry.receive.Preparation;
import dev.belfry.receive.Preparation.Lifting;
import dev.belfry.receive.Snappy;
import dev.belfry.receive.SourceRule;
import dev.belfry.server.http.Call;
import dev.belfry.server.http.InFlight;
import dev.belfry.server.metrics.OwnMetrics;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The way of a body, the same for every protocol: inflated within bounds, decoded on a few threads,
 * prepared, appended, counted. Safe for many threads.
 */
public final class Receiving {
    /*
     *   bytes ─► inflate ─► decode ─► admit ─► prepare ─► append ─► count
     *            (bound)              (rates)            (durable)
     *
     * Inflating, decoding and preparing take a turn each: few at once, and each sender in its turn. Small bodies do not
     * stand in the line of large ones, which are worked on by threads that stand back: a processor that both want goes
     * to event loops, small bodies, writing and queries.
     *
     * What a protocol adds is a declaration, a Decoder, its answer, and the Dialect by which it refuses.
     */
    private static final int SMALL = 64 << 10;

    /* A sixth of the processor time of another thread, when both want all of it. */
    private static final int NICENESS = 8;

    /* What a compressed body is taken to inflate to, as often as it is long, before that is known. */
    private static final int INFLATES = 8;

    private final Supplier<Engine> engine;
    private final Ingested ingested;
    private final OwnMetrics metrics;
    private final LongSupplier nowNanos;
    private final int bodyBytesMax;
    private final Preparation preparation;
    private final Admission admission;
    private final MetricEventUse metricEvents;
    private final Turns turns =
            Turns.inThreads(
                    Math.max(1, Runtime.getRuntime().availableProcessors() - 1),
                    "belfry-decode-",
                    NICENESS);
    private final Turns smallTurns = new Turns(Runtime.getRuntime().availableProcessors());
    private final Buffers buffers = new Buffers();

    /** Turns a body into events. */
    @FunctionalInterface
    public interface Decoder {
        /**
         * The events of {@code body[0 .. length)}.
         *
         * @param nowNanos the time of events that have none, epoch nanoseconds
         * @param sources what the sender may write
         * @throws BelfryException when the body as a whole is bad
         */
        DecodedEvents decode(byte[] body, int length, long nowNanos, SourceRule sources);
    }

    /** Makes samples of events of type metric durable. */
    @FunctionalInterface
    public interface MetricEventUse {
        /**
         * Appends the samples that are in {@code events}, which are durable.
         *
         * @param idempotency what makes doing it again harmless; null for none
         */
        void append(EventBatch events, Principal principal, @Nullable Idempotency idempotency);
    }

    /** Does something with a body as it was before it was compressed. */
    @FunctionalInterface
    public interface BodyUse<T> {
        /** The outcome for {@code body[0 .. length)}, which must not be kept. */
        T use(byte[] body, int length);
    }

    /**
     * Takes events into {@code engine}.
     *
     * @param bodyBytesMax what a body may inflate to
     * @param preparation what is done to every batch
     * @param admission whether a sender may send so much
     * @param metricEvents takes events that are samples too
     */
    public Receiving(
            Supplier<Engine> engine,
            OwnMetrics metrics,
            LongSupplier nowNanos,
            int bodyBytesMax,
            Preparation preparation,
            Admission admission,
            MetricEventUse metricEvents) {
        this.engine = engine;
        this.ingested = new Ingested(metrics);
        this.metrics = metrics;
        this.nowNanos = nowNanos;
        this.bodyBytesMax = bodyBytesMax;
        this.preparation = preparation;
        this.admission = admission;
        this.metricEvents = metricEvents;
    }

    /** What a body may inflate to, and so how large one may be sent. */
    public int bodyBytesMax() {
        return bodyBytesMax;
    }

    /** The engine that events go to, waited for if it is not open yet. */
    public Engine engine() {
        return engine.get();
    }

    /**
     * Takes the body of {@code call}, inflated by its {@code Content-Encoding}; durable when it
     * returns.
     *
     * @throws BelfryException when the whole is refused; it was counted
     */
    public Taken take(Call call, Decoder decoder) {
        String encoding = call.header("content-encoding");
        return take(call, encoding == null ? "" : encoding, 0, call.bodyLength(), decoder);
    }

    /**
     * Takes {@code [from .. from + length)} of the body of {@code call}, inflated by {@code
     * encoding}.
     *
     * @throws BelfryException when the whole is refused; it was counted
     */
    public Taken take(Call call, String encoding, int from, int length, Decoder decoder) {
        Principal principal = call.principal();
        return counted(() ->
                inflated(
                        call,
                        encoding,
                        from,
                        length,
                        (body, size) ->
                                append(
                                        principal,
                                        size,
                                        decode(principal, body, size, decoder),
                                        null)));
    }

    /**
     * What {@code use} makes of the body of {@code call}, inflated by its {@code Content-Encoding}.
     *
     * @throws BelfryException TOO_LARGE, VALIDATION_ERROR as {@link Inflation}; RATE_LIMITED when
     *     too much is in work
     */
    public <T> T inflated(Call call, BodyUse<T> use) {
        String encoding = call.header("content-encoding");
        return inflated(call, encoding == null ? "" : encoding, 0, call.bodyLength(), use);
    }

    /** As above, of {@code [from .. from + length)} of the body, inflated by {@code encoding}. */
    <T> T inflated(Call call, String encoding, int from, int length, BodyUse<T> use) {
        byte[] bytes = call.bodyBytes();
        if (encoding.isBlank() || encoding.strip().equalsIgnoreCase("identity")) {
            return from == 0
                    ? use.use(bytes, length)
                    : use.use(Arrays.copyOfRange(bytes, from, from + length), length);
        }
        /* What came compressed is only kept: decoding and writing cost what it inflates to. */
        call.reserve((1L - InFlight.COST) * length);
        byte[] inflated =
                inTurn(
                        call.principal(),
                        length > SMALL / INFLATES ? SMALL + 1 : length,
                        () ->
                                Inflation.inflate(
                                        bytes,
                                        from,
                                        length,
                                        encoding,
                                        bodyBytesMax,
                                        more -> call.reserve(more * InFlight.COST)));
        return use.use(inflated, inflated.length);
    }

    /**
     * What {@code use} makes of the body of {@code call}, inflated by {@code encoding}, when it is
     * its turn. A Snappy block is inflated into an array that others have used and will use, and is
     * small or large as it was sent: what it repeats is passed over, and two threads more would
     * cost as much as the work.
     *
     * @throws BelfryException as {@link #inflated(Call, BodyUse)}
     */
    <T> T inflatedForAMoment(Call call, String encoding, BodyUse<T> use) {
        int sent = call.bodyLength();
        if (!encoding.strip().equalsIgnoreCase("snappy")) {
            return inflated(
                    call,
                    encoding,
                    0,
                    sent,
                    (body, length) ->
                            inTurn(call.principal(), length, () -> use.use(body, length)));
        }
        int length = Snappy.inflatedLength(call.bodyBytes(), sent, bodyBytesMax);
        call.reserve((long) length * InFlight.COST);
        return inTurn(
                call.principal(),
                sent,
                () -> {
                    byte[] body = buffers.take(length);
                    try {
                        Snappy.inflate(call.bodyBytes(), sent, body);
                        return use.use(body, length);
                    } finally {
                        buffers.give(body);
                    }
                });
    }

    /** The events of an inflated body, decoded when it is its turn. */
    public DecodedEvents decode(Principal principal, byte[] body, int length, Decoder decoder) {
        DecodedEvents decoded =
                inTurn(
                        principal,
                        length,
                        () ->
                                decoder.decode(
                                        body, length, nowNanos.getAsLong(), sources(principal)));
        countErrors(decoded);
        return decoded;
    }

    /**
     * What {@code work} makes of a body of {@code length} bytes of {@code principal}, when it is
     * its turn; must not be nested.
     */
    <T> T inTurn(Principal principal, long length, Supplier<T> work) {
        return turns(length).in(principal.text(), work);
    }

    private Turns turns(long length) {
        return length <= SMALL ? smallTurns : turns;
    }

    /** As below, where documents in messages become events. */
    public Taken append(
            Principal principal,
            long bytes,
            DecodedEvents decoded,
            @Nullable Idempotency idempotency) {
        return append(principal, bytes, decoded, idempotency, Lifting.REPLACES);
    }

    /**
     * Appends what was decoded; durable when it returns.
     *
     * @param bytes of the body that it was decoded from
     * @param idempotency what makes sending it again harmless; null for none
     * @param lifting what becomes of events whose messages are documents
     * @throws BelfryException RATE_LIMITED, OVERLOADED, STORAGE_FULL; QUERY_LIMIT as {@link
     *     Engine#append}
     */
    public Taken append(
            Principal principal,
            long bytes,
            DecodedEvents decoded,
            @Nullable Idempotency idempotency,
            Lifting lifting) {
        int count = decoded.batch().count();
        admission.admit(principal, count, bytes);
        if (count == 0) {
            return new Taken(decoded, null);
        }
        EventBatch prepared =
                turns(bytes)
                        .ahead(
                                principal.text(),
                                () ->
                                        LogGroups.filled(
                                                preparation.prepare(
                                                        decoded.batch(),
                                                        sources(principal),
                                                        lifting),
                                                principal.logGroup()));
        Appended appended = engine.get().append(prepared, principal.text(), idempotency);
        if (!appended.replayed()) {
            ingested.count(prepared);
        }
        if ((!appended.replayed() || idempotency != null) && MetricEvents.any(prepared)) {
            metricEvents.append(
                    prepared, principal, idempotency == null ? null : idempotency.part(1));
        }
        return new Taken(
                new DecodedEvents(
                        prepared,
                        decoded.itemOf(),
                        decoded.errors(),
                        decoded.single(),
                        decoded.itemCount()),
                appended);
    }

    /** What {@code work} gives; its time, and what it is refused for, go into the metrics. */
    public <T> T counted(Supplier<T> work) {
        long startNanoTime = System.nanoTime();
        try {
            T outcome = work.get();
            metrics.ingestionDuration.observeNanos(System.nanoTime() - startNanoTime);
            return outcome;
        } catch (BelfryException e) {
            countError(e.code());
            throw e;
        }
    }

    /** The sources that {@code principal} may write. */
    public static SourceRule sources(Principal principal) {
        return principal.onlySources().isEmpty()
                ? SourceRule.ANY
                : SourceRule.only(principal.onlySources());
    }

    /** Counts what was refused within an answer that is good as a whole. */
    public void refused(ErrorCode code) {
        countError(code);
    }

    private void countErrors(DecodedEvents decoded) {
        for (ItemError error : decoded.errors()) {
            countError(error.code());
        }
    }

    private void countError(ErrorCode code) {
        metrics.ingestionErrors.increment();
        metrics.ingestionErrorsByReason.increment(code.name().toLowerCase(Locale.ROOT));
    }
}
