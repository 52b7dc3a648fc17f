package dev.belfry.store.events;

import dev.belfry.model.EventBatch;
import dev.belfry.store.column.RowGroup;
import dev.belfry.store.parquet.EncodedRowGroup;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The rows that are not in segments yet: an open chunk a partition, and the chunks that were full,
 * each encoded as a row group in the background. Safe for many threads; {@link #apply} is for one.
 */
final class HotRows {
    /*
     *   apply ──► open chunk ──full──► HotGroup(view of the chunk) ──encoder──► HotGroup(encoded) ──seal──► segment
     *
     * A group stays where it is from its freezing to its seal, only its rows change their shape; so every query sees
     * each row once.
     *
     * Rows of several partitions come mixed, so that their groups overlap in offsets. Now and then all open chunks are
     * frozen together: what stands before can be sealed without what comes after.
     */

    /* Bytes of values between two such moments, where there are several partitions: little enough to find room. */
    private static final long PART_VALUE_BYTES = 32L << 20;

    private final Router router;
    private final Map<Partition, Chunk> open = new LinkedHashMap<>();
    private final List<HotGroup> groups = new ArrayList<>();
    private long appliedEnd;
    private long applied;
    private long future;

    /* Values that were frozen since all of them were the last time. */
    private long partValueBytes;

    /* Receipt of the oldest row in open chunks, or later than any. */
    private long oldestMillis = Long.MAX_VALUE;

    HotRows(Router router, long appliedEnd) {
        this.router = router;
        this.appliedEnd = appliedEnd;
    }

    /** Rows that were frozen together: the chunk's view first, and the encoded row group later. */
    static final class HotGroup {
        final Partition partition;
        final long minReceivedMillis;
        final long maxReceivedMillis;
        private final int rowCount;
        private final long minOffset;
        private final long maxOffset;
        private volatile long memoryBytes;
        private volatile @Nullable ChunkView view;
        private volatile @Nullable EncodedRowGroup encoded;

        HotGroup(Partition partition, ChunkView view, long memoryBytes) {
            this.partition = partition;
            this.minReceivedMillis = view.minReceivedMillis();
            this.maxReceivedMillis = view.maxReceivedMillis();
            this.rowCount = view.rowCount();
            this.minOffset = view.minOffset();
            this.maxOffset = view.maxOffset();
            this.memoryBytes = memoryBytes;
            this.view = view;
        }

        int rowCount() {
            return rowCount;
        }

        boolean isEncoded() {
            return encoded != null;
        }

        /** The rows in the shape that they have by now. */
        RowGroup rows() {
            EncodedRowGroup done = encoded;
            if (done != null) {
                return done;
            }
            ChunkView rows = view;
            return rows != null ? rows : encoded();
        }

        /** The encoded rows; {@link #encode} must have been called. */
        EncodedRowGroup encoded() {
            EncodedRowGroup done = encoded;
            if (done == null) {
                throw new IllegalStateException("BUG: the group is not encoded");
            }
            return done;
        }

        /** Encodes the rows unless that is done; encoder and seal may both come. */
        synchronized void encode(RowGroupAssembler assembler) {
            ChunkView rows = view;
            if (rows != null) {
                EncodedRowGroup done = assembler.encode(rows);
                encoded = done;
                view = null;
                memoryBytes = done.sizeBytes();
            }
        }
    }

    /**
     * Adds a batch's events from {@code firstOffset} on; earlier ones are in segments.
     *
     * @return groups that became full by it
     */
    synchronized List<HotGroup> apply(
            EventBatch batch,
            long baseOffset,
            long firstOffset,
            long receivedMillis,
            String principal) {
        List<HotGroup> full = new ArrayList<>();
        for (Map.Entry<Partition, int[]> part : router.route(batch, receivedMillis).entrySet()) {
            int[] events = part.getValue();
            if (baseOffset < firstOffset) {
                events = Arrays.stream(events).filter(e -> baseOffset + e >= firstOffset).toArray();
            }
            int done = 0;
            while (done < events.length) {
                Chunk chunk = open.computeIfAbsent(part.getKey(), _ -> new Chunk());
                int count = Math.min(chunk.room(), events.length - done);
                int[] some =
                        count == events.length
                                ? events
                                : Arrays.copyOfRange(events, done, done + count);
                chunk.append(batch, some, baseOffset, receivedMillis, principal);
                done += count;
                if (chunk.isFull()) {
                    full.add(freeze(part.getKey(), chunk));
                    open.remove(part.getKey());
                }
            }
            applied += events.length;
        }
        future += ofTheFuture(batch.timestampsNanos(), batch.count(), receivedMillis);
        oldestMillis = Math.min(oldestMillis, receivedMillis);
        appliedEnd = Math.max(appliedEnd, baseOffset + batch.count());
        if (open.size() > 1 && partValueBytes + openValueBytes() >= PART_VALUE_BYTES) {
            full.addAll(freezeOpen());
        }
        notifyAll();
        return full;
    }

    /* A loop of its own: the optimizing compiler would take all of apply into it, and compile both. */
    private static int ofTheFuture(long[] timestampsNanos, int count, long receivedMillis) {
        long horizon = receivedMillis + 3_600_000L;
        int future = 0;
        for (int i = 0; i < count; i++) {
            if (Math.floorDiv(timestampsNanos[i], 1_000_000L) > horizon) {
                future++;
            }
        }
        return future;
    }

    /** Counts offsets that hold nothing for this store as applied. */
    synchronized void skipTo(long offset) {
        if (offset > appliedEnd) {
            appliedEnd = offset;
            notifyAll();
        }
    }

    private long openValueBytes() {
        long bytes = 0;
        for (Chunk chunk : open.values()) {
            bytes += chunk.valueBytes();
        }
        return bytes;
    }

    private List<HotGroup> freezeOpen() {
        List<HotGroup> frozen = new ArrayList<>();
        open.forEach((partition, chunk) -> frozen.add(freeze(partition, chunk)));
        open.clear();
        partValueBytes = 0;
        oldestMillis = Long.MAX_VALUE;
        return frozen;
    }

    private HotGroup freeze(Partition partition, Chunk chunk) {
        partValueBytes += chunk.valueBytes();
        HotGroup group = new HotGroup(partition, chunk.view(), chunk.memoryBytes());
        groups.add(group);
        return group;
    }

    /**
     * Hot rows frozen for a seal.
     *
     * @param groups all rows below the end that are not in segments, and no others
     * @param appliedEnd the journal offset that is its end
     * @param applied events applied since the start up to there
     */
    record Cut(List<HotGroup> groups, long appliedEnd, long applied) {
        /** Bytes that the groups take in segments; they must be encoded. */
        long bytes() {
            long bytes = 0;
            for (HotGroup group : groups) {
                bytes += group.encoded().sizeBytes();
            }
            return bytes;
        }

        /**
         * As many of the oldest rows as take at most {@code bytesMax}, or as few as can be sealed
         * without the others where those take more.
         */
        Cut oldest(long bytesMax) {
            long[] lowestFrom = new long[groups.size() + 1];
            lowestFrom[groups.size()] = appliedEnd;
            long rowsLeft = 0;
            for (int i = groups.size() - 1; i >= 0; i--) {
                lowestFrom[i] = Math.min(lowestFrom[i + 1], groups.get(i).minOffset);
                rowsLeft += groups.get(i).rowCount;
            }
            Cut oldest = null;
            long bytes = 0;
            long highest = Long.MIN_VALUE;
            for (int i = 0; i < groups.size(); i++) {
                HotGroup group = groups.get(i);
                bytes += group.encoded().sizeBytes();
                highest = Math.max(highest, group.maxOffset);
                rowsLeft -= group.rowCount;
                long end = lowestFrom[i + 1];
                if (oldest != null && bytes > bytesMax) {
                    break;
                }
                if (highest < end) {
                    oldest = new Cut(groups.subList(0, i + 1), end, applied - rowsLeft);
                }
            }
            return oldest == null ? this : oldest;
        }

        /** The rows of this that are not in {@code sealed}, the oldest of them. */
        Cut after(Cut sealed) {
            return new Cut(
                    groups.subList(sealed.groups.size(), groups.size()), appliedEnd, applied);
        }
    }

    /** Freezes what is open, so that all rows below the cut's end are in its groups. */
    synchronized Cut cut() {
        freezeOpen();
        return new Cut(List.copyOf(groups), appliedEnd, applied);
    }

    /**
     * Forgets the groups of {@code cut}; called under this lock together with the publishing of
     * their segments.
     */
    synchronized void remove(Cut cut) {
        groups.removeAll(cut.groups());
        notifyAll();
    }

    /**
     * Adds what is hot now to {@code target}, and gives the offset up to which that (with the
     * segments) is everything.
     */
    synchronized long snapshot(List<RowGroup> target) {
        for (HotGroup group : groups) {
            target.add(group.rows());
        }
        for (Chunk chunk : open.values()) {
            target.add(chunk.view());
        }
        return appliedEnd;
    }

    /**
     * Waits until everything below {@code offset} is applied, at most {@code nanos}; false when it
     * is not by then.
     */
    synchronized boolean await(long offset, long nanos) throws InterruptedException {
        long deadline = System.nanoTime() + nanos;
        while (appliedEnd < offset) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            wait(left / 1_000_000, (int) (left % 1_000_000));
        }
        return true;
    }

    synchronized long appliedEnd() {
        return appliedEnd;
    }

    /** Events applied since the start. */
    synchronized long applied() {
        return applied;
    }

    /** Events more than an hour ahead of their receipt, since the start. */
    synchronized long future() {
        return future;
    }

    /** Rows not in segments. */
    synchronized long rowCount() {
        long rows = 0;
        for (HotGroup group : groups) {
            rows += group.rowCount();
        }
        for (Chunk chunk : open.values()) {
            rows += chunk.rowCount();
        }
        return rows;
    }

    /** Bytes of memory that hot rows take, about. */
    synchronized long memoryBytes() {
        long bytes = 0;
        for (HotGroup group : groups) {
            bytes += group.memoryBytes;
        }
        for (Chunk chunk : open.values()) {
            bytes += chunk.memoryBytes();
        }
        return bytes;
    }

    /** Those of them that encoded rows take. */
    synchronized long encodedBytes() {
        long bytes = 0;
        for (HotGroup group : groups) {
            bytes += group.isEncoded() ? group.memoryBytes : 0;
        }
        return bytes;
    }

    /** Tells who waits for room that a group takes less memory now. */
    synchronized void encoded() {
        notifyAll();
    }

    /**
     * Waits until hot rows take less than {@code bytes} of memory, at most {@code nanos}; false
     * when they do not by then.
     */
    synchronized boolean awaitRoom(long bytes, long nanos) throws InterruptedException {
        long deadline = System.nanoTime() + nanos;
        while (memoryBytes() >= bytes) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        return true;
    }

    /** Receipt of the oldest row, epoch milliseconds; null when there is none. */
    synchronized @Nullable Long oldestMillis() {
        long oldest = oldestMillis;
        for (HotGroup group : groups) {
            oldest = Math.min(oldest, group.minReceivedMillis);
        }
        return oldest == Long.MAX_VALUE ? null : oldest;
    }
}
