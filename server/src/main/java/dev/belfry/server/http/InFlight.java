package dev.belfry.server.http;

import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import java.util.concurrent.atomic.AtomicLong;

/** Memory of bodies that are in work, all together bounded; safe for many threads. */
public final class InFlight {
    /** What a byte of a body costs while it is decoded, encoded and written, at most about. */
    public static final int COST = 4;

    private final long maxBytes;
    private final AtomicLong bytes = new AtomicLong();

    /** At most {@code maxBytes} at once. */
    public InFlight(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /**
     * Takes {@code more} bytes of the bound, until {@link #release} gives them back. One body alone
     * may be over the bound.
     *
     * @throws BelfryException RATE_LIMITED when that would be over it
     */
    public void reserve(long more) {
        if (more == 0) {
            return;
        }
        long held = bytes.addAndGet(more);
        if (held > maxBytes && held != more) {
            bytes.addAndGet(-more);
            throw new BelfryException(
                    ErrorCode.RATE_LIMITED,
                    "bodies in work: over "
                            + maxBytes
                            + " bytes (expected: to be sent again, later"
                            + " or in smaller batches)");
        }
    }

    /** Gives {@code less} bytes back. */
    public void release(long less) {
        bytes.addAndGet(-less);
    }

    /** How many bytes are held now. */
    public long bytes() {
        return bytes.get();
    }
}
