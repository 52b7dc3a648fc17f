package dev.belfry.store.metrics;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/** How many series came and went in the last hour; safe for many threads. */
final class Churn {
    private static final int MINUTES = 60;

    private final long[] created = new long[MINUTES];
    private final long[] forgotten = new long[MINUTES];
    private long minute = now();

    private static long now() {
        return TimeUnit.NANOSECONDS.toMinutes(System.nanoTime());
    }

    private int slot() {
        long now = now();
        for (long empty = Math.max(minute, now - MINUTES) + 1; empty <= now; empty++) {
            created[Math.floorMod(empty, MINUTES)] = 0;
            forgotten[Math.floorMod(empty, MINUTES)] = 0;
        }
        minute = now;
        return Math.floorMod(now, MINUTES);
    }

    synchronized void created() {
        created[slot()]++;
    }

    synchronized void forgotten(int count) {
        forgotten[slot()] += count;
    }

    synchronized long createdInTheLastHour() {
        slot();
        return Arrays.stream(created).sum();
    }

    synchronized long forgottenInTheLastHour() {
        slot();
        return Arrays.stream(forgotten).sum();
    }
}
