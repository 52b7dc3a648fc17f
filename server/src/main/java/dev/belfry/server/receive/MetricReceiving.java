package dev.belfry.server.receive;

import dev.belfry.identity.Principal;
import dev.belfry.journal.Idempotency;
import dev.belfry.model.BelfryException;
import dev.belfry.model.EventBatch;
import dev.belfry.model.series.PushBatch;
import dev.belfry.model.series.SampleBatch;
import dev.belfry.model.series.SeriesResolver;
import dev.belfry.receive.DecodedSamples;
import dev.belfry.receive.ItemError;
import dev.belfry.receive.KnownFamilies;
import dev.belfry.receive.MetricEvents;
import dev.belfry.receive.SeriesIntake;
import dev.belfry.server.http.Call;
import dev.belfry.server.metrics.Counter;
import dev.belfry.server.metrics.OwnMetrics;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The way of a body of samples, the same for every protocol: inflated within bounds, decoded on a
 * few threads while its series are resolved, appended, counted. Safe for many threads.
 */
public final class MetricReceiving {
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final Receiving receiving;
    private final Supplier<SeriesResolver> resolver;
    private final Store store;
    private final KnownFamilies families = new KnownFamilies();
    private final Admission admission;
    private final LongSupplier nowNanos;
    private final Counter samples;

    /** Turns a body into samples. */
    @FunctionalInterface
    public interface Decoder {
        /**
         * The samples of {@code body[0 .. length)}.
         *
         * @param series finds their series, for this sender
         * @param nowMillis the time of samples that have none, epoch milliseconds
         * @throws BelfryException when the body as a whole is bad
         */
        DecodedSamples decode(byte[] body, int length, SeriesIntake series, long nowMillis);
    }

    /** Makes what was decoded durable. */
    @FunctionalInterface
    public interface Store {
        /**
         * Returns when {@code batch}, and the totals that {@code pushed} makes, are durable.
         *
         * @param principal who sent them, as text
         * @param idempotency what makes sending it again harmless; null for none
         */
        void append(
                SampleBatch batch,
                PushBatch pushed,
                String principal,
                @Nullable Idempotency idempotency);
    }

    /**
     * Takes samples.
     *
     * @param resolver finds series, waited for if it is not open yet
     * @param store makes a batch durable
     */
    public MetricReceiving(
            Receiving receiving,
            Supplier<SeriesResolver> resolver,
            Store store,
            Admission admission,
            LongSupplier nowNanos,
            OwnMetrics metrics) {
        this.receiving = receiving;
        this.resolver = resolver;
        this.store = store;
        this.admission = admission;
        this.nowNanos = nowNanos;
        this.samples = metrics.samplesIngested;
    }

    /** Which families are in the store. */
    public KnownFamilies families() {
        return families;
    }

    /** What a body may inflate to, and so how large one may be sent. */
    public int bodyBytesMax() {
        return receiving.bodyBytesMax();
    }

    /**
     * Takes the body of {@code call}, inflated by its {@code Content-Encoding}; durable when it
     * returns.
     *
     * @throws BelfryException when the whole is refused; it was counted
     */
    public DecodedSamples take(Call call, Decoder decoder) {
        String encoding = call.header("content-encoding");
        return take(call, encoding == null ? "" : encoding, decoder::decode, Function.identity());
    }

    /** Turns a body into something with samples. */
    @FunctionalInterface
    public interface Reading<T> {
        /** As {@link Decoder#decode}. */
        T read(byte[] body, int length, SeriesIntake series, long nowMillis);
    }

    /**
     * Takes the body of {@code call}, inflated by {@code encoding}; durable when it returns.
     *
     * @param samples those of what was read
     * @throws BelfryException when the whole is refused; it was counted
     */
    public <T> T take(
            Call call, String encoding, Reading<T> reading, Function<T, DecodedSamples> samples) {
        Principal principal = call.principal();
        SeriesIntake series = series(principal);
        long nowMillis = Math.floorDiv(nowNanos.getAsLong(), NANOS_PER_MILLI);
        return receiving.counted(() -> {
            int[] bytes = new int[1];
            T read =
                    receiving.inflatedForAMoment(
                            call,
                            encoding,
                            (body, length) -> {
                                bytes[0] = length;
                                return reading.read(body, length, series, nowMillis);
                            });
            append(principal, bytes[0], samples.apply(read));
            return read;
        });
    }

    /**
     * Takes {@code [from .. from + length)} of the body of {@code call}, inflated by {@code
     * encoding}.
     *
     * @throws BelfryException when the whole is refused; it was counted
     */
    public DecodedSamples take(Call call, String encoding, int from, int length, Decoder decoder) {
        return receiving.counted(() ->
                receiving.inflated(
                        call,
                        encoding,
                        from,
                        length,
                        (body, size) ->
                                append(
                                        call.principal(),
                                        size,
                                        decode(call.principal(), body, size, decoder))));
    }

    /**
     * What {@code use} makes of the body of {@code call}, inflated by its {@code Content-Encoding};
     * counted as one of its kind.
     */
    public <T> T counted(Call call, Receiving.BodyUse<T> use) {
        return receiving.counted(() -> receiving.inflated(call, use));
    }

    /** The samples of an inflated body, decoded when it is its turn. */
    public DecodedSamples decode(Principal principal, byte[] body, int length, Decoder decoder) {
        SeriesIntake series = series(principal);
        long nowMillis = Math.floorDiv(nowNanos.getAsLong(), NANOS_PER_MILLI);
        return receiving.inTurn(
                principal, length, () -> decoder.decode(body, length, series, nowMillis));
    }

    /** The way to the series that {@code principal} may write. */
    public SeriesIntake series(Principal principal) {
        return SeriesIntake.of(resolver.get(), principal.onlySources());
    }

    /**
     * Appends the good ones of what was decoded; durable when it returns.
     *
     * @param bytes of the body that it was decoded from
     * @throws BelfryException RATE_LIMITED, OVERLOADED, STORAGE_FULL
     */
    public DecodedSamples append(Principal principal, long bytes, DecodedSamples decoded) {
        return append(principal, bytes, decoded, null);
    }

    /**
     * As above, once for all requests of the same key.
     *
     * @param idempotency what makes sending it again harmless; null for none
     */
    public DecodedSamples append(
            Principal principal,
            long bytes,
            DecodedSamples decoded,
            @Nullable Idempotency idempotency) {
        admission.admit(principal, decoded.batch().records() + decoded.pushed().count(), bytes);
        return keep(principal, decoded, idempotency);
    }

    /**
     * Appends the samples in {@code events}, which were admitted and are durable.
     *
     * @throws BelfryException OVERLOADED, STORAGE_FULL
     */
    public void append(EventBatch events, Principal principal, @Nullable Idempotency idempotency) {
        long nowMillis = Math.floorDiv(nowNanos.getAsLong(), NANOS_PER_MILLI);
        keep(
                principal,
                MetricEvents.decode(events, families, series(principal), nowMillis),
                idempotency);
    }

    private DecodedSamples keep(
            Principal principal, DecodedSamples decoded, @Nullable Idempotency idempotency) {
        for (ItemError error : decoded.errors()) {
            receiving.refused(error.code());
        }
        SampleBatch batch = decoded.batch();
        PushBatch pushed = decoded.pushed();
        if (batch.records() + pushed.count() > 0) {
            store.append(batch, pushed, principal.text(), idempotency);
            decoded.told().kept();
            samples.add(batch.count() + pushed.observations());
        }
        return decoded;
    }
}
