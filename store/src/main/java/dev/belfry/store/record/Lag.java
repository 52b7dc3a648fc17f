package dev.belfry.store.record;

import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How far a store is behind what was acknowledged, in bytes of the journal since its start. Safe
 * for many threads.
 */
public final class Lag {
    /* At which receiving is refused. */
    private static final long BYTES_MAX = 64L << 20;

    /* How long an eighth of that is borne. */
    private static final long NANOS_MAX = TimeUnit.SECONDS.toNanos(2);

    private final String store;
    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicLong applied = new AtomicLong();
    private volatile long behindSinceNanos;

    /** None yet, of {@code store}, as it is called in errors. */
    public Lag(String store) {
        this.store = store;
    }

    /** Counts bytes that were acknowledged and are to be applied; how many those are in all. */
    public long acknowledged(long bytes) {
        return acknowledged.addAndGet(bytes);
    }

    /** Counts bytes that are readable. */
    public void applied(long bytes) {
        applied.addAndGet(bytes);
    }

    /** Bytes that were acknowledged and are not readable yet. */
    public long bytes() {
        /* Either may be counted first. */
        return Math.max(0, acknowledged.get() - applied.get());
    }

    /**
     * Refuses when the store is behind.
     *
     * @throws BelfryException OVERLOADED when more than 64 MiB, or for 2 s more than 8 MiB, of what
     *     was acknowledged are not readable yet
     */
    public void check() {
        long bytes = bytes();
        if (bytes <= BYTES_MAX / 8) {
            behindSinceNanos = 0;
            return;
        }
        long now = System.nanoTime() | 1;
        long since = behindSinceNanos;
        if (since == 0) {
            behindSinceNanos = now;
        }
        if (bytes > BYTES_MAX || since != 0 && now - since > NANOS_MAX) {
            throw new BelfryException(
                    ErrorCode.OVERLOADED,
                    store
                            + ": "
                            + (bytes >> 20)
                            + " MiB behind (expected: less; try again in a second)");
        }
    }
}
