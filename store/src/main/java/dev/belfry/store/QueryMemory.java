package dev.belfry.store;

import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The memory that all queries may hold together; safe for many threads. */
public final class QueryMemory {
    /* What is taken at once, so that queries seldom meet here. */
    private static final long GRAIN_BYTES = 256 << 10;

    /* Once an answer's client has not read for so long, its memory goes to who needs it. */
    private static final long STALLED_NANOS = TimeUnit.SECONDS.toNanos(2);

    /* How often who waits looks for such an answer. */
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final long maxBytes;
    private final Set<Share> sent = ConcurrentHashMap.newKeySet();
    private long takenBytes;

    /** At most {@code maxBytes} for all. */
    public QueryMemory(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** How much there is for all. */
    public long maxBytes() {
        return maxBytes;
    }

    /** How much is taken now. */
    public synchronized long takenBytes() {
        return takenBytes;
    }

    private synchronized boolean take(long bytes) {
        if (bytes > maxBytes - takenBytes) {
            return false;
        }
        takenBytes += bytes;
        return true;
    }

    /* The largest answer whose client does not read. */
    private void giveUpUnread() {
        sent.stream()
                .filter(Share::isUnread)
                .max(Comparator.comparingLong(share -> share.bytes))
                .ifPresent(Share::giveUp);
    }

    private synchronized void give(long bytes) {
        takenBytes -= bytes;
        notifyAll();
    }

    private boolean awaitRoom(long bytes, long patienceNanos) throws InterruptedException {
        long end = System.nanoTime() + patienceNanos;
        while (true) {
            synchronized (this) {
                long left = end - System.nanoTime();
                if (bytes > maxBytes - takenBytes && left > 0) {
                    TimeUnit.NANOSECONDS.timedWait(this, Math.min(left, LOOK_NANOS));
                }
                if (bytes <= maxBytes - takenBytes) {
                    return true;
                }
                if (left <= 0) {
                    return false;
                }
            }
            giveUpUnread();
        }
    }

    /** What one query has of it: nothing at first. */
    Share share() {
        return new Share();
    }

    /** What one query has of it; safe for many threads. */
    public final class Share implements AutoCloseable {
        private volatile long bytes;
        private long refused;
        private boolean closed;
        private volatile @Nullable Sent answer;

        private Share() {}

        /** How to end the answer, and for how long its client has not read. */
        private record Sent(LongSupplier stalledNanos, Runnable giveUp) {}

        /**
         * It is kept until an answer has been sent, or others need it and the client does not read.
         *
         * @param stalledNanos for how long the answer has waited for its client
         * @param giveUp ends the answer, which is to close this soon; called by any thread
         */
        public void keepUntilSent(LongSupplier stalledNanos, Runnable giveUp) {
            answer = new Sent(stalledNanos, giveUp);
            sent.add(this);
        }

        private boolean isUnread() {
            Sent its = answer;
            return its != null && its.stalledNanos.getAsLong() >= STALLED_NANOS;
        }

        private void giveUp() {
            Sent its = answer;
            if (its != null && sent.remove(this)) {
                its.giveUp.run();
            }
        }

        /**
         * Makes it at least {@code needed} bytes, about; false when so much is not left, or when it
         * was closed.
         */
        public boolean grow(long needed) {
            if (needed <= bytes || taken(needed)) {
                return true;
            }
            if (needed <= maxBytes && !isClosed()) {
                giveUpUnread();
            }
            return false;
        }

        private synchronized boolean isClosed() {
            return closed;
        }

        private synchronized boolean taken(long needed) {
            long grains = (needed + GRAIN_BYTES - 1) / GRAIN_BYTES * GRAIN_BYTES;
            long more = Math.max(needed, Math.min(grains, maxBytes)) - bytes;
            if (more <= 0) {
                return true;
            }
            if (closed || !take(more)) {
                refused = bytes + more;
                return false;
            }
            bytes += more;
            return true;
        }

        /** Gives back what is over {@code needed} bytes. */
        public synchronized void shrink(long needed) {
            long kept = Math.min(bytes, Math.max(0, needed));
            give(bytes - kept);
            bytes = kept;
        }

        /**
         * Gives all of it back, and waits until there is as much as it could not get; false when
         * not within {@code patienceNanos}.
         */
        public boolean awaitRoom(long patienceNanos) throws InterruptedException {
            shrink(0);
            long needed;
            synchronized (this) {
                needed = refused;
            }
            return QueryMemory.this.awaitRoom(needed, patienceNanos);
        }

        /** Gives all of it back, for good. */
        @Override
        public void close() {
            sent.remove(this);
            synchronized (this) {
                closed = true;
                shrink(0);
            }
        }
    }
}
