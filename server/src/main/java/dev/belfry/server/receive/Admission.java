package dev.belfry.server.receive;

import dev.belfry.identity.Principal;
import dev.belfry.model.BelfryException;

/** Whether a sender may send so much now; safe for many threads. */
@FunctionalInterface
public interface Admission {
    /** Everyone may send all they like. */
    Admission ANY = (_, _, _) -> {};

    /**
     * Returns when {@code events} of {@code bytes} may be taken from {@code principal} now, and
     * counts them. Asked after decoding, before anything is kept.
     *
     * @throws BelfryException RATE_LIMITED with {@code retry_after_seconds}
     */
    void admit(Principal principal, int events, long bytes);
}
