package dev.belfry.testkit;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Waits until something is so, instead of sleeping. */
public final class Await {
    private static final long STEP_NANOS = Duration.ofMillis(1).toNanos();

    private Await() {}

    /**
     * Returns once {@code condition} holds.
     *
     * @throws AssertionError when it does not within {@code timeout}
     */
    public static void until(String what, Duration timeout, Callable<Boolean> condition)
            throws Exception {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (!condition.call()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError(what + ": not within " + timeout);
            }
            LockSupport.parkNanos(STEP_NANOS);
        }
    }

    /** As above within 10 seconds. */
    public static void until(String what, Callable<Boolean> condition) throws Exception {
        until(what, Duration.ofSeconds(10), condition);
    }
}
