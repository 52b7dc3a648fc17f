package dev.belfry.store.exec;

import java.util.Arrays;

/** Distinct longs, numbered in the order of their coming; one thread. */
final class LongTable {
    /* Open addressing with linear probing; slots hold number + 1, 0 is free; at most half full. */
    private int[] slots;
    private long[] keys;
    private int count;

    LongTable(int expectedCount) {
        int size = Integer.highestOneBit(Math.max(8, expectedCount) * 2 - 1) * 2;
        slots = new int[size];
        keys = new long[size / 2];
    }

    /** The number of {@code key}, which is new when it is the count before. */
    int add(long key) {
        int mask = slots.length - 1;
        int slot = (int) mix(key) & mask;
        while (slots[slot] != 0) {
            int number = slots[slot] - 1;
            if (keys[number] == key) {
                return number;
            }
            slot = (slot + 1) & mask;
        }
        if (count == keys.length) {
            grow();
            return add(key);
        }
        keys[count] = key;
        slots[slot] = ++count;
        return count - 1;
    }

    private void grow() {
        keys = Arrays.copyOf(keys, keys.length * 2);
        slots = new int[slots.length * 2];
        int mask = slots.length - 1;
        for (int number = 0; number < count; number++) {
            int slot = (int) mix(keys[number]) & mask;
            while (slots[slot] != 0) {
                slot = (slot + 1) & mask;
            }
            slots[slot] = number + 1;
        }
    }

    /** How many distinct keys there are. */
    int count() {
        return count;
    }

    /** The key of a number. */
    long key(int number) {
        return keys[number];
    }

    /** What the table holds of the heap. */
    long sizeBytes() {
        return 4L * slots.length + 8L * keys.length;
    }

    /** Spreads the bits of a key (Stafford's variant 13 of the finaliser of MurmurHash3). */
    static long mix(long key) {
        long z = (key ^ key >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }
}
