package dev.belfry.receive.otlp;

import java.util.Arrays;

/** Pieces of a body, in order; for one thread. */
final class Spans {
    private int[] bounds = new int[16];
    private int size;

    /** Forgets all. */
    void clear() {
        size = 0;
    }

    /** How many there are. */
    int size() {
        return size;
    }

    /** Where piece {@code index} begins. */
    int from(int index) {
        return bounds[2 * index];
    }

    /** Where it ends, exclusive. */
    int to(int index) {
        return bounds[2 * index + 1];
    }

    /** Adds a piece; one that begins where the last ended continues it. */
    void join(int from, int to) {
        if (size > 0 && bounds[2 * size - 1] == from) {
            bounds[2 * size - 1] = to;
        } else {
            add(from, to);
        }
    }

    /** Adds a piece. */
    void add(int from, int to) {
        if (2 * size == bounds.length) {
            bounds = Arrays.copyOf(bounds, 4 * size);
        }
        bounds[2 * size] = from;
        bounds[2 * size + 1] = to;
        size++;
    }
}
