package dev.belfry.store.metrics;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** Memory outside the heap for open samples, in chunks that are used again; safe for threads. */
final class PagePool {
    /** The size of a chunk. */
    static final int CHUNK_BYTES = 1 << 20;

    /* Chunks that are made one at a time: a small server needs no more, and nothing of the C library. */
    private static final int SINGLE_CHUNKS = 8;

    /* Further ones are parts of a slab, which stays with all of them; above what the pool keeps there are none. */
    private static final int SLAB_CHUNKS = 8;

    private final int chunksMax;
    private final ArrayDeque<MemorySegment> free = new ArrayDeque<>();
    private final List<MemorySegment> slabs = new ArrayList<>();
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
        if (made >= SINGLE_CHUNKS && made + SLAB_CHUNKS <= chunksMax) {
            return takeOfSlab();
        }
        made++;
        return Arena.ofAuto().allocate(CHUNK_BYTES, 64);
    }

    private MemorySegment takeOfSlab() {
        MemorySegment slab = LargePages.allocate((long) SLAB_CHUNKS * CHUNK_BYTES);
        slabs.add(slab);
        made += SLAB_CHUNKS;
        for (int chunk = SLAB_CHUNKS - 1; chunk > 0; chunk--) {
            free.addLast(slab.asSlice((long) chunk * CHUNK_BYTES, CHUNK_BYTES));
        }
        return slab.asSlice(0, CHUNK_BYTES);
    }

    /** Gives a chunk back that nobody reads any more. */
    synchronized void give(MemorySegment chunk) {
        if (made > chunksMax && !isOfSlab(chunk)) {
            made--;
        } else {
            free.addLast(chunk);
        }
    }

    private boolean isOfSlab(MemorySegment chunk) {
        long address = chunk.address();
        for (MemorySegment slab : slabs) {
            if (address >= slab.address() && address < slab.address() + slab.byteSize()) {
                return true;
            }
        }
        return false;
    }
}
