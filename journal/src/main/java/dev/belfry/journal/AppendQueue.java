package dev.belfry.journal;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** What waits to be written, bounded in bytes; small appends before large ones. */
final class AppendQueue {
    /*
     * A small append waits for the group that is being written and its own, whatever else waits: a sender of little is
     * not to wait for one that floods. No order is promised among appends that wait, since nobody has an answer yet.
     * A group has one large append at least, so that small ones cannot hold them up for ever.
     */
    private final long bytesMax;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private final ArrayDeque<PendingAppend> small = new ArrayDeque<>();
    private final ArrayDeque<PendingAppend> large = new ArrayDeque<>();
    private long bytes;
    private boolean closed;

    AppendQueue(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /** What became of an offer. */
    enum Offer {
        TAKEN,
        TOO_MUCH,
        CLOSED
    }

    /** Adds {@code append}; its bytes count until {@link #done}. A single one always fits. */
    Offer offer(PendingAppend append) {
        lock.lock();
        try {
            if (closed) {
                return Offer.CLOSED;
            }
            if (bytes > 0 && bytes + append.frameBytes() > bytesMax) {
                return Offer.TOO_MUCH;
            }
            bytes += append.frameBytes();
            boolean first = isEmpty();
            (append.frameBytes() <= Limits.SMALL_FRAME_BYTES ? small : large).add(append);
            if (first) {
                arrived.signal();
            }
            return Offer.TAKEN;
        } finally {
            lock.unlock();
        }
    }

    private boolean isEmpty() {
        return small.isEmpty() && large.isEmpty();
    }

    /**
     * Takes what waits, at most {@code groupBytesMax} but at least one, and one large append in any
     * case; empty when nothing came in time or the queue is closed and empty.
     */
    List<PendingAppend> take(long groupBytesMax, long timeoutMillis) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
            while (isEmpty() && !closed && left > 0) {
                left = arrived.awaitNanos(left);
            }
            List<PendingAppend> group = new ArrayList<>(small.size() + 1);
            long taken = 0;
            PendingAppend next;
            while ((next = small.peek()) != null
                    && (group.isEmpty() || taken + next.frameBytes() <= groupBytesMax)) {
                taken += next.frameBytes();
                group.add(small.remove());
            }
            for (boolean first = true;
                    (next = large.peek()) != null
                            && (first || taken + next.frameBytes() <= groupBytesMax);
                    first = false) {
                taken += next.frameBytes();
                group.add(large.remove());
            }
            return group;
        } finally {
            lock.unlock();
        }
    }

    /** The appends of {@code group} do not wait any more. */
    void done(List<PendingAppend> group) {
        long size = 0;
        for (PendingAppend append : group) {
            size += append.frameBytes();
        }
        lock.lock();
        try {
            bytes -= size;
        } finally {
            lock.unlock();
        }
    }

    long bytes() {
        lock.lock();
        try {
            return bytes;
        } finally {
            lock.unlock();
        }
    }

    boolean isDrained() {
        lock.lock();
        try {
            return closed && isEmpty();
        } finally {
            lock.unlock();
        }
    }

    void close() {
        lock.lock();
        try {
            closed = true;
            arrived.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
