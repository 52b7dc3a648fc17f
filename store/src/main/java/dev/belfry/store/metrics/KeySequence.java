package dev.belfry.store.metrics;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Which key came after which: senders send the same series in the same order time after time, so
 * that the next key is known before it is looked for, and lies beside the last one in memory.
 * Forgets whatever is in its way; for many threads, without locks.
 */
final class KeySequence {
    private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);
    private static final int NONE = -1;

    /*
     * At the place number mod size stand, as in KeyTable, the upper half of the series' key, and 32 bits of the lower
     * half with the number + 1; and in next the number + 1 of the series that came after it. A slot is overwritten
     * while others read it: its second long is 0 meanwhile, and is read again after the first one.
     */
    private final long[] slots;
    private final int[] next;
    private final int mask;

    /** Room for {@code size} series, a power of two. */
    KeySequence(int size) {
        slots = new long[2 * size];
        next = new int[size];
        mask = size - 1;
    }

    int size() {
        return next.length;
    }

    long bytes() {
        return 8L * slots.length + 4L * next.length;
    }

    /** The number of the key, if it is the one after {@code previous}; else -1. */
    int find(long high, long low, int previous) {
        int number = next[previous & mask] - 1;
        int at = 2 * (number & mask);
        long second = (long) LONGS.getAcquire(slots, at + 1);
        long first = (long) LONGS.getAcquire(slots, at);
        return first == high
                        && second >>> 32 == low >>> 32
                        && (int) second == number + 1
                        && second == (long) LONGS.getOpaque(slots, at + 1)
                        && second != 0
                ? number
                : NONE;
    }

    /** From now on {@code number}, of this key, comes after {@code previous}. */
    void learn(long high, long low, int previous, int number) {
        int at = 2 * (number & mask);
        LONGS.setRelease(slots, at + 1, 0L);
        VarHandle.storeStoreFence();
        LONGS.setRelease(slots, at, high);
        LONGS.setRelease(slots, at + 1, low >>> 32 << 32 | number + 1);
        next[previous & mask] = number + 1;
    }
}
