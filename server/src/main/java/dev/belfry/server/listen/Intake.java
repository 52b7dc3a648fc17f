package dev.belfry.server.listen;

import dev.belfry.identity.Permission;
import dev.belfry.identity.Principal;
import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.model.EventBatch;
import dev.belfry.receive.DecodedEvents;
import dev.belfry.receive.DecodedSamples;
import dev.belfry.receive.KnownFamilies;
import dev.belfry.receive.SeriesIntake;
import dev.belfry.server.receive.MetricReceiving;
import dev.belfry.server.receive.Receiving;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Appends batches of senders that cannot be told to come again; safe for many threads. */
final class Intake {
    private static final long WAIT_NANOS_MIN = 50_000_000L;
    private static final long WAIT_NANOS_MAX = 1_000_000_000L;

    private final Receiving receiving;
    private final MetricReceiving metricReceiving;
    private final Function<String, Principal> authenticate;
    private final LongSupplier nowNanos;
    private final ListenMetrics metrics;

    Intake(
            Receiving receiving,
            MetricReceiving metricReceiving,
            Function<String, Principal> authenticate,
            LongSupplier nowNanos,
            ListenMetrics metrics) {
        this.receiving = receiving;
        this.metricReceiving = metricReceiving;
        this.authenticate = authenticate;
        this.nowNanos = nowNanos;
        this.metrics = metrics;
    }

    long nowNanos() {
        return nowNanos.getAsLong();
    }

    ListenMetrics metrics() {
        return metrics;
    }

    /**
     * Who writes: the key's principal, or the listener by its own name.
     *
     * @throws BelfryException UNAUTHORIZED, FORBIDDEN when the key is none that may write
     */
    Principal principal(@Nullable String key, String name) {
        if (key == null) {
            return Principal.system(name, Set.of(Permission.EVENTS_WRITE));
        }
        Principal principal = authenticate.apply(key);
        principal.require(Permission.EVENTS_WRITE);
        return principal;
    }

    /**
     * Appends; durable when it returns true. While there is overload, a full disk or a rate limit
     * it waits, so that the sender is not read.
     *
     * @return false when {@code ended} became true before
     */
    boolean append(Principal principal, long bytes, EventBatch batch, BooleanSupplier ended) {
        DecodedEvents decoded =
                new DecodedEvents(batch, new int[batch.count()], List.of(), false, batch.count());
        return append(() -> receiving.append(principal, bytes, decoded, null), ended);
    }

    /**
     * As above, of metrics.
     *
     * @param decoder gives them; asked again after a refusal
     */
    boolean append(
            Principal principal,
            long bytes,
            BiFunction<KnownFamilies, SeriesIntake, DecodedSamples> decoder,
            BooleanSupplier ended) {
        return append(
                () ->
                        metricReceiving.append(
                                principal,
                                bytes,
                                decoder.apply(
                                        metricReceiving.families(),
                                        metricReceiving.series(principal))),
                ended);
    }

    private <T> boolean append(Supplier<T> appending, BooleanSupplier ended) {
        long wait = WAIT_NANOS_MIN;
        while (true) {
            try {
                receiving.counted(appending);
                return true;
            } catch (BelfryException e) {
                if (!isPassing(e.code())) {
                    throw e;
                }
                if (ended.getAsBoolean()) {
                    return false;
                }
                LockSupport.parkNanos(wait);
                wait = Math.min(WAIT_NANOS_MAX, wait * 2);
            }
        }
    }

    /** Whether the same batch may be taken later. */
    static boolean isPassing(ErrorCode code) {
        return code == ErrorCode.OVERLOADED
                || code == ErrorCode.STORAGE_FULL
                || code == ErrorCode.RATE_LIMITED;
    }
}
