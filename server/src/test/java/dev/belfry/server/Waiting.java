package dev.belfry.server;

import java.time.Duration;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Waits for what comes by itself. */
final class Waiting {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private Waiting() {}

    /** Asks until {@code good}; fails with the last answer when it does not become so. */
    static <T> T until(Supplier<T> question, Predicate<T> good) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            T answer = question.get();
            if (good.test(answer)) {
                return answer;
            }
            if (System.nanoTime() > end) {
                throw new AssertionError("still: " + answer);
            }
            Thread.onSpinWait();
            Thread.yield();
        }
    }
}
