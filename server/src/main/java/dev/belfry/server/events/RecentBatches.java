package dev.belfry.server.events;

import dev.belfry.store.AppliedBatch;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The newest batches, once for all tails; the oldest make room. Each event has a number, by which
 * who comes too late sees how many were missed. Safe for several threads.
 */
final class RecentBatches {
    private static final int BATCHES_MAX = 10_000;

    /**
     * A batch.
     *
     * @param first the number of its first event
     */
    record Numbered(long first, AppliedBatch batch) {
        /** The number of the event after it. */
        long end() {
            return first + batch.count();
        }
    }

    private final long bytesMax;
    private final TreeMap<Long, AppliedBatch> kept = new TreeMap<>();
    private long bytes;
    private long end;

    /** Keeps at most {@code bytesMax}, and the newest batch in any case. */
    RecentBatches(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    synchronized void add(AppliedBatch batch) {
        kept.put(end, batch);
        end += batch.count();
        bytes += batch.bytes();
        while (kept.size() > 1 && (bytes > bytesMax || kept.size() > BATCHES_MAX)) {
            bytes -= kept.pollFirstEntry().getValue().bytes();
        }
    }

    /** Forgets all; numbers go on. */
    synchronized void clear() {
        kept.clear();
        bytes = 0;
    }

    /** The number of the next event. */
    synchronized long end() {
        return end;
    }

    /** The oldest batch whose first event's number is {@code number} or later, null if none is. */
    synchronized @Nullable Numbered from(long number) {
        Map.Entry<Long, AppliedBatch> entry = kept.ceilingEntry(number);
        return entry == null ? null : new Numbered(entry.getKey(), entry.getValue());
    }
}
