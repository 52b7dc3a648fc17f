package dev.belfry.server.receive;

import dev.belfry.server.threads.Niceness;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** Lets a few work at once; of those who wait, each sender has its turn. Safe for many threads. */
final class Turns {
    /*
     * Who waits stands in its sender's line; a free turn goes to the first of the line that had none for the longest.
     * So a sender with forty bodies waiting costs another one body's time, not forty. How many can wait is bounded
     * by limits.inflight: each has a body.
     */
    private final ReentrantLock lock = new ReentrantLock();
    private final LinkedHashMap<String, Deque<Semaphore>> lines = new LinkedHashMap<>();
    private final Executor threads;
    private int free;

    /** At most {@code max} at once, in the threads of those who ask. */
    Turns(int max) {
        this(max, Runnable::run);
    }

    private Turns(int max, Executor threads) {
        this.free = max;
        this.threads = threads;
    }

    /**
     * At most {@code max} at once, in threads of their own called {@code name} that stand back by
     * {@code niceness} when others want a processor.
     */
    static Turns inThreads(int max, String name, int niceness) {
        return new Turns(max, Niceness.pool(max, name, niceness));
    }

    /** What {@code work} of {@code sender} gives, when it is its turn; must not be nested. */
    <T> T in(String sender, Supplier<T> work) {
        return in(sender, false, work);
    }

    /**
     * As above, but ahead of what else of {@code sender} waits: for work that goes on with what an
     * earlier turn made, which takes more memory than what waits for its first.
     */
    <T> T ahead(String sender, Supplier<T> work) {
        return in(sender, true, work);
    }

    private <T> T in(String sender, boolean ahead, Supplier<T> work) {
        take(sender, ahead);
        try {
            return CompletableFuture.supplyAsync(work, threads).join();
        } catch (CompletionException e) {
            switch (e.getCause()) {
                case RuntimeException failure -> throw failure;
                case Error failure -> throw failure;
                case null, default -> throw e;
            }
        } finally {
            give();
        }
    }

    /** How many wait now. */
    int waiting() {
        lock.lock();
        try {
            return lines.values().stream().mapToInt(Deque::size).sum();
        } finally {
            lock.unlock();
        }
    }

    private void take(String sender, boolean ahead) {
        Semaphore called;
        lock.lock();
        try {
            if (free > 0) {
                free--;
                return;
            }
            called = new Semaphore(0);
            Deque<Semaphore> line = lines.computeIfAbsent(sender, _ -> new ArrayDeque<>());
            if (ahead) {
                line.addFirst(called);
            } else {
                line.addLast(called);
            }
        } finally {
            lock.unlock();
        }
        called.acquireUninterruptibly();
    }

    private void give() {
        lock.lock();
        try {
            Map.Entry<String, Deque<Semaphore>> next = lines.pollFirstEntry();
            if (next == null) {
                free++;
                return;
            }
            Deque<Semaphore> line = next.getValue();
            line.remove().release();
            if (!line.isEmpty()) {
                lines.putLast(next.getKey(), line);
            }
        } finally {
            lock.unlock();
        }
    }
}
