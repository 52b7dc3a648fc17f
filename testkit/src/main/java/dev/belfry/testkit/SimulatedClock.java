package dev.belfry.testkit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;

/** A clock that moves only when it is told to. */
public final class SimulatedClock implements InstantSource {
    private final AtomicReference<Instant> now;

    /** Stands at {@code start}. */
    public SimulatedClock(Instant start) {
        now = new AtomicReference<>(start);
    }

    /** Stands at noon of 2026-01-15 UTC. */
    public SimulatedClock() {
        this(Instant.parse("2026-01-15T12:00:00Z"));
    }

    @Override
    public Instant instant() {
        return now.get();
    }

    /** Moves it on, or back if {@code step} is negative. */
    public void advance(Duration step) {
        now.updateAndGet(instant -> instant.plus(step));
    }

    /** Sets it to {@code instant}. */
    public void set(Instant instant) {
        now.set(instant);
    }
}
