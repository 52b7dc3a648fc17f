package dev.belfry.store.metrics;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * An array of int that grows without being copied. One writer at a time; a reader sees what was set
 * before it learned of the index.
 */
final class IntChunks {
    private static final VarHandle INTS = MethodHandles.arrayElementVarHandle(int[].class);
    private static final int SHIFT = 14;
    private static final int SIZE = 1 << SHIFT;
    private static final int MASK = SIZE - 1;

    private final int initial;
    private int[][] chunks = {};

    /** An array in which all values are {@code initial}. */
    IntChunks(int initial) {
        this.initial = initial;
    }

    int get(int index) {
        int chunk = index >>> SHIFT;
        int[][] now = chunks;
        return chunk < now.length ? now[chunk][index & MASK] : initial;
    }

    /** As {@link #get}, and sees what was written before it was set by {@link #setRelease}. */
    int getAcquire(int index) {
        int chunk = index >>> SHIFT;
        int[][] now = chunks;
        return chunk < now.length ? (int) INTS.getAcquire(now[chunk], index & MASK) : initial;
    }

    void set(int index, int value) {
        chunkOf(index)[index & MASK] = value;
    }

    void setRelease(int index, int value) {
        INTS.setRelease(chunkOf(index), index & MASK, value);
    }

    /** Makes room for indexes below {@code end} at once. */
    void expect(int end) {
        if (end > 0) {
            chunkOf(end - 1);
        }
    }

    private int[] chunkOf(int index) {
        int chunk = index >>> SHIFT;
        int[][] now = chunks;
        return chunk < now.length ? now[chunk] : grow(chunk);
    }

    private int[] grow(int chunk) {
        int[][] now = chunks;
        int[][] more = Arrays.copyOf(now, chunk + 1);
        for (int i = now.length; i <= chunk; i++) {
            more[i] = new int[SIZE];
            if (initial != 0) {
                Arrays.fill(more[i], initial);
            }
        }
        VarHandle.releaseFence();
        chunks = more;
        return more[chunk];
    }

    /** The index after the last one that has memory. */
    int end() {
        return chunks.length << SHIFT;
    }

    long bytes() {
        return (long) chunks.length * (SIZE * 4 + 20);
    }
}
