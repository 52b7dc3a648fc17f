package dev.belfry.store.record;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How often something is in use, once at first; after its last use it has ended. Safe for many
 * threads.
 */
public final class UseCount {
    private final AtomicInteger count = new AtomicInteger(1);

    /** Whether it is in use once more; false when it has ended. */
    public boolean acquire() {
        int before;
        do {
            before = count.get();
            if (before == 0) {
                return false;
            }
        } while (!count.compareAndSet(before, before + 1));
        return true;
    }

    /** Ends one use; whether that was the last one, so that the caller ends what was used. */
    public boolean release() {
        return count.decrementAndGet() == 0;
    }
}
