package dev.belfry.store.chunk;

import java.util.Arrays;

/** Rows of a column: ranges that ascend and do not meet; used again; for one thread. */
public final class RowRanges {
    private int[] bounds = new int[2];
    private int size;

    /** All rows of {@code count}. */
    public static RowRanges all(int count) {
        RowRanges all = new RowRanges();
        all.add(0, count);
        return all;
    }

    /** Forgets all ranges. */
    public void clear() {
        size = 0;
    }

    /**
     * Adds the rows {@code [from .. to)}, which are above those before; nothing when there are
     * none.
     */
    public void add(int from, int to) {
        if (from >= to) {
            return;
        }
        if (size > 0 && bounds[2 * size - 1] == from) {
            bounds[2 * size - 1] = to;
            return;
        }
        if (bounds.length < 2 * size + 2) {
            bounds = Arrays.copyOf(bounds, 2 * bounds.length);
        }
        bounds[2 * size] = from;
        bounds[2 * size + 1] = to;
        size++;
    }

    /** How many ranges there are. */
    public int size() {
        return size;
    }

    /** The first row of a range. */
    public int from(int range) {
        return bounds[2 * range];
    }

    /** The row after the last one of a range. */
    public int to(int range) {
        return bounds[2 * range + 1];
    }
}
