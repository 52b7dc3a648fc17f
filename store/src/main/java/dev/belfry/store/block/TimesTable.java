package dev.belfry.store.block;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/** The columns of times that a block has so far, each once; for one thread. */
final class TimesTable {
    /*
     * Columns are told apart by 128 bits of hash with a random seed, and by what the table says of
     * them. One target's series have the same times, so that a block of 100,000 series has a few
     * hundred columns.
     */
    private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

    private record Key(long first, long second) {}

    private final long seed = ThreadLocalRandom.current().nextLong();
    private final Map<Key, Integer> known = new HashMap<>();
    private long[] rows = new long[3 * 64];
    private int[] counts = new int[64];
    private int size;
    private Key asked = new Key(0, 0);

    /** The number of the column, -1 when it is not known; {@link #add} then refers to it. */
    int find(long[] times, int from, int count) {
        long first = seed;
        long second = count;
        for (int i = from; i < from + count; i++) {
            first = (first ^ times[i]) * MULTIPLIER;
            first ^= first >>> 29;
            second = Long.rotateLeft(second, 23) * 31 + times[i];
        }
        asked = new Key(first, second * MULTIPLIER ^ seed);
        int found = known.getOrDefault(asked, -1);
        boolean same =
                found >= 0
                        && counts[found] == count
                        && rows[3 * found] == times[from]
                        && rows[3 * found + 1] == times[from + count - 1];
        return same ? found : -1;
    }

    int add(long[] times, int from, int count, long place) {
        if (size == counts.length) {
            counts = Arrays.copyOf(counts, size * 2);
            rows = Arrays.copyOf(rows, size * 6);
        }
        if (known.size() >= Limits.TIMES_KNOWN_MAX) {
            known.clear();
        }
        known.put(asked, size);
        counts[size] = count;
        rows[3 * size] = times[from];
        rows[3 * size + 1] = times[from + count - 1];
        rows[3 * size + 2] = place;
        return size++;
    }

    int size() {
        return size;
    }

    int count(int column) {
        return counts[column];
    }

    long min(int column) {
        return rows[3 * column];
    }

    long max(int column) {
        return rows[3 * column + 1];
    }

    long place(int column) {
        return rows[3 * column + 2];
    }
}
