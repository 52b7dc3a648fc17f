package dev.belfry.journal;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The newest durable frames in memory, and where readers wait for more. Bounded in bytes and
 * frames: the oldest go first, and most of those that every reader has seen go at once.
 */
final class MemoryTail {
    private final long bytesMax;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition published = lock.newCondition();
    private final Map<Object, Long> readers = new IdentityHashMap<>();
    /* A ring: frame i is at (first + i) % ring.length, offsets ascend. */
    private final @Nullable Frame[] ring;
    private int first;
    private int count;
    private long bytes;
    private long startOffset;
    private volatile long endOffset;
    private boolean closed;

    MemoryTail(int framesMax, long bytesMax, long endOffset) {
        this.ring = new @Nullable Frame[framesMax];
        this.bytesMax = bytesMax;
        this.startOffset = endOffset;
        this.endOffset = endOffset;
    }

    /** The offset after the last durable record. */
    long endOffset() {
        return endOffset;
    }

    /** From now on {@code reader}, which is at {@code offset}, is thought of. */
    void attach(Object reader, long offset) {
        lock.lock();
        try {
            readers.put(reader, offset);
        } finally {
            lock.unlock();
        }
    }

    /** {@code reader} does not read any more. */
    void detach(Object reader) {
        lock.lock();
        try {
            readers.remove(reader);
        } finally {
            lock.unlock();
        }
    }

    /** Adds frames, which are durable now, and wakes the readers. */
    void publish(List<Frame> frames) {
        lock.lock();
        try {
            for (Frame frame : frames) {
                add(frame);
            }
            endOffset = frames.getLast().endOffset();
            if (count == 0) {
                startOffset = endOffset;
            }
            published.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until there is more than {@code offset}, or {@code ended}; whether there is more. */
    boolean awaitBeyond(long offset, long timeoutNanos, BooleanSupplier ended)
            throws InterruptedException {
        if (endOffset > offset) {
            return true;
        }
        lock.lockInterruptibly();
        try {
            long left = timeoutNanos;
            while (endOffset <= offset && left > 0 && !closed && !ended.getAsBoolean()) {
                left = published.awaitNanos(left);
            }
            return endOffset > offset;
        } finally {
            lock.unlock();
        }
    }

    /** Lets all that wait look whether they have ended. */
    void wakeAll() {
        lock.lock();
        try {
            published.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Adds the frames of {@code streams} from {@code offset} on to {@code target}; {@code reader}
     * has seen them then.
     *
     * @return the offset after the last one that was taken or skipped; -1 when {@code offset} is
     *     not in memory (any more)
     */
    long read(
            Object reader,
            long offset,
            Set<Stream> streams,
            int maxFrames,
            long maxBytes,
            List<Frame> target) {
        lock.lock();
        try {
            if (offset < startOffset) {
                readers.replace(reader, offset);
                return -1;
            }
            long reached = offset;
            long taken = 0;
            for (int index = indexOf(offset); index < count; index++) {
                Frame frame = at(index);
                if (streams.contains(frame.stream())) {
                    taken += frame.bodyLength();
                    if (!target.isEmpty() && (target.size() >= maxFrames || taken > maxBytes)) {
                        break;
                    }
                    target.add(frame);
                }
                reached = frame.endOffset();
            }
            readers.replace(reader, reached);
            forgetSeen();
            return reached;
        } finally {
            lock.unlock();
        }
    }

    int frames() {
        lock.lock();
        try {
            return count;
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

    boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /** Wakes all readers for good. */
    void close() {
        lock.lock();
        try {
            closed = true;
            published.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void add(Frame frame) {
        long size = size(frame);
        while (count > 0 && (count == ring.length || bytes + size > bytesMax)) {
            removeOldest();
        }
        if (ring.length == 0 || size > bytesMax) {
            startOffset = frame.endOffset();
            return;
        }
        ring[(first + count) % ring.length] = frame;
        count++;
        bytes += size;
    }

    /* What stays for long is copied by the collector of young objects, which stops everything. */
    private void forgetSeen() {
        long seen = Long.MAX_VALUE;
        for (long offset : readers.values()) {
            seen = Math.min(seen, offset);
        }
        while (count > 0 && bytes > Limits.TAIL_SEEN_BYTES && at(0).endOffset() <= seen) {
            removeOldest();
        }
    }

    private void removeOldest() {
        Frame oldest = at(0);
        ring[first] = null;
        first = (first + 1) % ring.length;
        count--;
        bytes -= size(oldest);
        startOffset = oldest.endOffset();
    }

    /** The index of the first frame that ends after {@code offset}. */
    private int indexOf(long offset) {
        int low = 0;
        int high = count;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (at(middle).endOffset() <= offset) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private Frame at(int index) {
        Frame frame = ring[(first + index) % ring.length];
        if (frame == null) {
            throw new IllegalStateException("BUG: frame " + index + " of " + count);
        }
        return frame;
    }

    /* A decoded batch takes about what its bytes do. */
    private static long size(Frame frame) {
        long body = frame.body().length;
        return 128 + (frame.decoded() == null ? body : 2 * body);
    }
}
