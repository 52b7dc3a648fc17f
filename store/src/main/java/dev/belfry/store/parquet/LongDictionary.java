package dev.belfry.store.parquet;

import java.util.Arrays;

/** Distinct longs, numbered as they come; for one thread. */
final class LongDictionary {
    private final long[] values;
    private final int[] slots;
    private final int mask;
    private int count;

    /** A dictionary of at most {@code most} values. */
    LongDictionary(int most) {
        values = new long[most + 1];
        slots = new int[Integer.highestOneBit(most) * 4];
        mask = slots.length - 1;
    }

    void clear() {
        count = 0;
        Arrays.fill(slots, 0);
    }

    int count() {
        return count;
    }

    long value(int code) {
        return values[code];
    }

    /** The code of {@code value}; -1 when it is not there. */
    int code(long value) {
        int slot = slot(value);
        while (slots[slot] != 0) {
            int code = slots[slot] - 1;
            if (values[code] == value) {
                return code;
            }
            slot = slot + 1 & mask;
        }
        return -1;
    }

    /** Adds a value that is not there; how many there are then. */
    int add(long value) {
        int slot = slot(value);
        while (slots[slot] != 0) {
            slot = slot + 1 & mask;
        }
        values[count] = value;
        slots[slot] = ++count;
        return count;
    }

    private int slot(long value) {
        return (int) (value * 0x9E3779B97F4A7C15L >>> 40) & mask;
    }
}
