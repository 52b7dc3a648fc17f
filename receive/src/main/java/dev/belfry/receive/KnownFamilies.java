package dev.belfry.receive;

import java.util.HashSet;
import java.util.Set;

/**
 * Which families' type, unit and help went to the store already, so that each request does not
 * repeat them. Safe for many threads.
 */
public final class KnownFamilies {
    /** More than a large installation has; beyond it all are forgotten, and told once more. */
    private static final int KEYS_MAX = 100_000;

    /**
     * A key by which a decoder knows what a request says of a family.
     *
     * @param high upper half of a {@link dev.belfry.model.series.KeyHash}
     * @param low lower half
     */
    private record Key(long high, long low) {}

    private final Set<Key> keys = new HashSet<>();

    /** Whether this is told for the first time; it counts as told from now on. */
    public synchronized boolean isNew(long high, long low) {
        if (keys.size() >= KEYS_MAX) {
            keys.clear();
        }
        return keys.add(new Key(high, low));
    }

    /** Forgets all: what was told last did not reach the store. */
    public synchronized void clear() {
        keys.clear();
    }
}
