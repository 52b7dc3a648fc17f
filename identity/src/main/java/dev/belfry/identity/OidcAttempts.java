package dev.belfry.identity;

import java.net.URI;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Logins elsewhere that were begun and are not finished; in memory, bounded, each good once. */
final class OidcAttempts {
    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Attempt> byState = new LinkedHashMap<>();

    /**
     * What is remembered of an attempt.
     *
     * @param browser what only the browser that began it knows, hashed
     */
    record Attempt(
            TokenHash browser,
            String nonce,
            String verifier,
            URI redirect,
            String returnTo,
            long untilMillis) {}

    OidcAttempts(InstantSource clock) {
        this.clock = clock;
    }

    void put(String state, Attempt attempt) {
        lock.lock();
        try {
            byState.put(state, attempt);
            Iterator<Attempt> eldest = byState.values().iterator();
            while (byState.size() > Limits.ATTEMPTS_MAX) {
                eldest.next();
                eldest.remove();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * The attempt of {@code state}, which is over with this; null when there is none, it is too
     * old, or another browser began it.
     */
    @Nullable Attempt take(String state, String browser) {
        lock.lock();
        try {
            Attempt attempt = byState.remove(state);
            boolean good =
                    attempt != null
                            && clock.millis() < attempt.untilMillis
                            && attempt.browser.equals(TokenHash.of(browser));
            return good ? attempt : null;
        } finally {
            lock.unlock();
        }
    }
}
