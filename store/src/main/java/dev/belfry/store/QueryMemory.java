package dev.belfry.store;

import java.util.concurrent.TimeUnit;

/** The memory that all queries may hold together; safe for many threads. */
public final class QueryMemory {
    /* What is taken at once, so that queries seldom meet here. */
    private static final long GRAIN_BYTES = 256 << 10;

    private final long maxBytes;
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

    private synchronized void give(long bytes) {
        takenBytes -= bytes;
        notifyAll();
    }

    private synchronized boolean awaitRoom(long bytes, long patienceNanos)
            throws InterruptedException {
        long end = System.nanoTime() + patienceNanos;
        while (bytes > maxBytes - takenBytes) {
            long left = end - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        return true;
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

        private Share() {}

        /**
         * Makes it at least {@code needed} bytes, about; false when so much is not left, or when it
         * was closed.
         */
        public boolean grow(long needed) {
            return needed <= bytes || taken(needed);
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
        public synchronized void close() {
            closed = true;
            shrink(0);
        }
    }
}
