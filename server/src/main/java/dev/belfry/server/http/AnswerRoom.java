package dev.belfry.server.http;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Memory of answers that their clients have not read yet, all together bounded; safe for many
 * threads.
 */
final class AnswerRoom {
    /*
     * Most answers go to the kernel at once. What stays is that of clients who read slowly, or not at all: where a new
     * answer finds no room, the oldest of whoever holds most is given up for it, once its client had a while to read.
     * Until then the new one waits; so a burst of clients who read comes through whole. A few may wait: more than that
     * finds no room. An answer that is alone may be over the bound.
     */
    /**
     * An answer of so many bytes needs no room: so many of as many connections as may be are few.
     */
    static final int SMALL_BYTES = 4 << 10;

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final long maxBytes;
    private final LongSupplier nanoTime;
    private final ReentrantLock lock = new ReentrantLock(true);
    private final Condition changed = lock.newCondition();
    private final Map<String, Owner> owners = new HashMap<>();
    private long bytes;
    private long waitingBytes;

    /** At most {@code maxBytes}, and half of it that waits. */
    AnswerRoom(long maxBytes) {
        this(maxBytes, System::nanoTime);
    }

    /** The same by another clock. */
    AnswerRoom(long maxBytes, LongSupplier nanoTime) {
        this.maxBytes = maxBytes;
        this.nanoTime = nanoTime;
    }

    private static final class Owner {
        final Set<Held> held = new LinkedHashSet<>();
        long bytes;
    }

    /** Room that is held. */
    final class Held {
        private final String owner;
        private final long size;
        private final Runnable giveUp;
        private final long sinceNanoTime = nanoTime.getAsLong();

        private Held(String owner, long size, Runnable giveUp) {
            this.owner = owner;
            this.size = size;
            this.giveUp = giveUp;
        }

        /** Gives it back, if it was not given up before. */
        void release() {
            lock.lock();
            try {
                remove(this);
            } finally {
                lock.unlock();
            }
        }
    }

    /** How many bytes are held now. */
    long bytes() {
        lock.lock();
        try {
            return bytes;
        } finally {
            lock.unlock();
        }
    }

    /** Whether an answer waits for room. */
    boolean isAwaited() {
        lock.lock();
        try {
            return waitingBytes > 0;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes room for {@code size} bytes of an answer to {@code owner}; may wait.
     *
     * @param giveUp ends the answer when its room goes to another; called by any thread
     * @throws NoRoomException when too many wait for room
     */
    Held take(String owner, long size, Runnable giveUp)
            throws NoRoomException, InterruptedException {
        List<Held> given = new ArrayList<>();
        lock.lockInterruptibly();
        try {
            if (!fits(size)) {
                await(size, given);
            }
            Held held = new Held(owner, size, giveUp);
            Owner its = owners.computeIfAbsent(owner, _ -> new Owner());
            its.held.add(held);
            its.bytes += size;
            bytes += size;
            return held;
        } finally {
            lock.unlock();
            given.forEach(held -> held.giveUp.run());
        }
    }

    private boolean fits(long size) {
        return bytes == 0 || bytes + size <= maxBytes;
    }

    private void await(long size, List<Held> given) throws NoRoomException, InterruptedException {
        if (waitingBytes > 0 && waitingBytes + size > maxBytes / 2) {
            throw new NoRoomException();
        }
        waitingBytes += size;
        try {
            while (!fits(size)) {
                Held oldest = oldestOfMost();
                long left = PATIENCE_NANOS - (nanoTime.getAsLong() - oldest.sinceNanoTime);
                if (left <= 0) {
                    remove(oldest);
                    given.add(oldest);
                } else {
                    long _ = changed.awaitNanos(left);
                }
            }
        } finally {
            waitingBytes -= size;
        }
    }

    private Held oldestOfMost() {
        Owner most = null;
        for (Owner owner : owners.values()) {
            if (most == null || owner.bytes > most.bytes) {
                most = owner;
            }
        }
        if (most == null) {
            throw new IllegalStateException("BUG: bytes without an owner");
        }
        return most.held.iterator().next();
    }

    private void remove(Held held) {
        Owner owner = owners.get(held.owner);
        if (owner == null || !owner.held.remove(held)) {
            return;
        }
        owner.bytes -= held.size;
        if (owner.held.isEmpty()) {
            owners.remove(held.owner);
        }
        bytes -= held.size;
        changed.signalAll();
    }

    /** There is no room, and too many wait for it. */
    static final class NoRoomException extends Exception {
        private static final long serialVersionUID = 1;

        NoRoomException() {
            super("answers: too many that their clients do not read");
        }
    }
}
