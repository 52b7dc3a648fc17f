package dev.belfry.store.metrics;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;

/** Memory outside the heap for open samples, in chunks that are used again; safe for threads. */
final class PagePool {
    /** The size of a chunk. */
    static final int CHUNK_BYTES = 1 << 20;

    private final int chunksMax;
    private final ArrayDeque<MemorySegment> free = new ArrayDeque<>();
    private int made;

    /** A pool of about {@code bytesMax}; what is above is made when it must be, and not kept. */
    PagePool(long bytesMax) {
        chunksMax = (int) Math.max(1, bytesMax / CHUNK_BYTES);
    }

    /** A chunk of unknown content. */
    synchronized MemorySegment take() {
        MemorySegment used = free.pollLast();
        if (used != null) {
            return used;
        }
        made++;
        return Arena.ofAuto().allocate(CHUNK_BYTES, 64);
    }

    /** Gives a chunk back that nobody reads any more. */
    synchronized void give(MemorySegment chunk) {
        if (made > chunksMax) {
            made--;
        } else {
            free.addLast(chunk);
        }
    }
}
