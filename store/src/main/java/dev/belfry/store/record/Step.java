package dev.belfry.store.record;

import java.io.IOException;
import java.time.Duration;

/** Something that is done again and again; while it fails, later and later. For one thread. */
public final class Step {
    private static final long DELAY_MIN_NANOS = Duration.ofSeconds(1).toNanos();
    private static final long DELAY_MAX_NANOS = Duration.ofSeconds(30).toNanos();

    private final String name;
    private final Work work;
    private long failedAtNanos;
    private long delayNanos;
    private volatile String failure = "";

    /** What is done. */
    @FunctionalInterface
    public interface Work {
        /** Does it. */
        void run() throws IOException;
    }

    /**
     * A step.
     *
     * @param name what it is, for who reads of its failure
     */
    public Step(String name, Work work) {
        this.name = name;
        this.work = work;
    }

    /** Does it, unless it has failed just now. */
    public void run() {
        if (delayNanos > 0 && System.nanoTime() - failedAtNanos < delayNanos) {
            return;
        }
        try {
            work.run();
            failure = "";
            delayNanos = 0;
        } catch (Throwable problem) {
            /* Also an error: a thread that ended would do none of the steps any more. */
            failure = name + ": " + problem;
            failedAtNanos = System.nanoTime();
            delayNanos = Math.clamp(2 * delayNanos, DELAY_MIN_NANOS, DELAY_MAX_NANOS);
        }
    }

    /** Why it failed the last time; empty when it did not. Safe for other threads. */
    public String failure() {
        return failure;
    }
}
