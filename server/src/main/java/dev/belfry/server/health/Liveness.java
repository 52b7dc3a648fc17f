package dev.belfry.server.health;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Whether the process is alive: no threads wait for one another for ever, and no event loop is
 * stuck. Looks at nothing outside.
 */
public final class Liveness implements AutoCloseable {
    /** An event loop that has not run its own task for so long is stuck. */
    public static final Duration STUCK = Duration.ofSeconds(10);

    private static final long BEAT_MILLIS = 1_000;
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final List<Beat> beats;
    private final Supplier<long[]> deadlocks;
    private volatile Check deadlock = Check.UP;
    private final AtomicLong lookedNanoTime = new AtomicLong(System.nanoTime() - 2 * LOOK_NANOS);

    private static final class Beat {
        private volatile long lastNanoTime = System.nanoTime();
        private final ScheduledFuture<?> task;

        Beat(ScheduledExecutorService loop) {
            task =
                    loop.scheduleAtFixedRate(
                            () -> lastNanoTime = System.nanoTime(),
                            BEAT_MILLIS,
                            BEAT_MILLIS,
                            TimeUnit.MILLISECONDS);
        }
    }

    /** Watches {@code loops}. */
    public Liveness(List<? extends ScheduledExecutorService> loops) {
        this(loops, Liveness::deadlockedThreads);
    }

    Liveness(List<? extends ScheduledExecutorService> loops, Supplier<long[]> deadlocks) {
        this.beats = loops.stream().map(Beat::new).toList();
        this.deadlocks = deadlocks;
    }

    /** Whether it is alive now. */
    public Check check() {
        return check(STUCK);
    }

    Check check(Duration stuck) {
        long now = System.nanoTime();
        for (Beat beat : beats) {
            long silent = now - beat.lastNanoTime;
            if (silent > stuck.toNanos()) {
                return Check.down("an event loop is stuck since " + silent / 1_000_000 + " ms");
            }
        }
        long last = lookedNanoTime.get();
        if (now - last > LOOK_NANOS && lookedNanoTime.compareAndSet(last, now)) {
            int count = deadlocks.get().length;
            deadlock = count == 0 ? Check.UP : Check.down(count + " threads are in a deadlock");
        }
        return deadlock;
    }

    @Override
    public void close() {
        beats.forEach(beat -> beat.task.cancel(false));
    }

    private static long[] deadlockedThreads() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long[] found = threads.findDeadlockedThreads();
        return found == null ? new long[0] : found;
    }
}
