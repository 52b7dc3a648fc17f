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
    /*
     * A reader is woken for frames of its streams. Others it passes over later: when there are so many that they should
     * leave memory, when somebody waits for it to be beyond them, or after the time that it wanted to wait. One store's
     * load would wake the other one for every group.
     */
    private final long bytesMax;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Object, Seat> seats = new IdentityHashMap<>();
    /* A ring: frame i is at (first + i) % ring.length, offsets ascend. */
    private final @Nullable Frame[] ring;
    private int first;
    private int count;
    private long bytes;
    private long startOffset;
    private volatile long endOffset;
    private boolean closed;

    /** Where a reader is, and what it waits for. */
    private static final class Seat {
        final Set<Stream> streams;
        final Condition published;
        long offset;
        long wantedEnd;
        boolean hurried;

        Seat(Set<Stream> streams, Condition published, long offset, long wantedEnd) {
            this.streams = streams;
            this.published = published;
            this.offset = offset;
            this.wantedEnd = wantedEnd;
        }
    }

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

    /** From now on {@code reader} of {@code streams}, which is at {@code offset}, is thought of. */
    void attach(Object reader, Set<Stream> streams, long offset) {
        lock.lock();
        try {
            seats.put(reader, new Seat(streams, lock.newCondition(), offset, endOffset));
        } finally {
            lock.unlock();
        }
    }

    /** {@code reader} does not read any more. */
    void detach(Object reader) {
        lock.lock();
        try {
            seats.remove(reader);
        } finally {
            lock.unlock();
        }
    }

    /** Adds frames, which are durable now, and wakes the readers that should see them. */
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
            for (Seat seat : seats.values()) {
                for (Frame frame : frames) {
                    if (seat.streams.contains(frame.stream())) {
                        seat.wantedEnd = frame.endOffset();
                    }
                }
                if (isDue(seat, seat.offset)) {
                    seat.published.signal();
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean isDue(Seat seat, long offset) {
        return seat.wantedEnd > offset
                || (endOffset > offset
                        && (seat.hurried
                                || offset < startOffset
                                || bytes > 2 * Limits.TAIL_SEEN_BYTES));
    }

    /**
     * Waits until {@code reader}, which is at {@code offset}, should read, or {@code ended};
     * whether there is more.
     */
    boolean awaitBeyond(Object reader, long offset, long timeoutNanos, BooleanSupplier ended)
            throws InterruptedException {
        lock.lockInterruptibly();
        try {
            Seat seat = seats.get(reader);
            long left = timeoutNanos;
            while (seat != null
                    && !isDue(seat, offset)
                    && left > 0
                    && !closed
                    && !ended.getAsBoolean()) {
                left = seat.published.awaitNanos(left);
            }
            return endOffset > offset;
        } finally {
            lock.unlock();
        }
    }

    /** Lets {@code reader} pass over all that there is, of whatever streams. */
    void hurry(Object reader) {
        lock.lock();
        try {
            Seat seat = seats.get(reader);
            if (seat != null && seat.offset < endOffset) {
                seat.hurried = true;
                seat.published.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Lets all that wait look whether they have ended. */
    void wakeAll() {
        lock.lock();
        try {
            signalAll();
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
                reached(reader, offset);
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
            reached(reader, reached);
            forgetSeen();
            return reached;
        } finally {
            lock.unlock();
        }
    }

    private void reached(Object reader, long offset) {
        Seat seat = seats.get(reader);
        if (seat != null) {
            seat.offset = offset;
            seat.hurried &= offset < endOffset;
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
            signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void signalAll() {
        for (Seat seat : seats.values()) {
            seat.published.signal();
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
        for (Seat seat : seats.values()) {
            seen = Math.min(seen, seat.offset);
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
