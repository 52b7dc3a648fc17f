package dev.belfry.store.metrics;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.IntPredicate;

/**
 * Keys of 128 bits to numbers of series; found without a lock, put under one of a part of the
 * table. Bounded: a part that is full forgets all of it.
 */
final class KeyTable {
    private static final VarHandle INTS = MethodHandles.arrayElementVarHandle(int[].class);
    private static final int PARTS = 64;
    private static final int SLOTS_MIN = 1 << 6;

    /*
     * A slot is written once: its keys first, then its number (released). Whoever sees the number sees its keys.
     * Nothing is taken out of a table: what leaves, leaves by a new table.
     */
    private static final class Table {
        final long[] keys;
        final int[] series;
        int used;

        Table(int slots) {
            keys = new long[2 * slots];
            series = new int[slots];
        }

        int find(long high, long low) {
            int mask = series.length - 1;
            for (int at = slot(low) & mask; ; at = at + 1 & mask) {
                int number = (int) INTS.getAcquire(series, at);
                if (number == 0 || keys[2 * at] == high && keys[2 * at + 1] == low) {
                    return number - 1;
                }
            }
        }

        void put(long high, long low, int number) {
            int mask = series.length - 1;
            int at = slot(low) & mask;
            while (series[at] != 0) {
                at = at + 1 & mask;
            }
            keys[2 * at] = high;
            keys[2 * at + 1] = low;
            INTS.setRelease(series, at, number + 1);
            used++;
        }

        private static int slot(long low) {
            return (int) (low ^ low >>> 32);
        }
    }

    private final AtomicReferenceArray<Table> parts = new AtomicReferenceArray<>(PARTS);
    private final Object[] locks = new Object[PARTS];
    private final int partMax;

    /** A table of at most {@code keysMax} keys. */
    KeyTable(int keysMax) {
        partMax = Math.max(SLOTS_MIN, keysMax / PARTS);
        for (int i = 0; i < PARTS; i++) {
            parts.set(i, new Table(SLOTS_MIN));
            locks[i] = new Object();
        }
    }

    private static int partOf(long high) {
        return (int) (high >>> 58);
    }

    /** The number that was put under the key; -1 when there is none. */
    int find(long high, long low) {
        return parts.getAcquire(partOf(high)).find(high, low);
    }

    /** From now on the key finds {@code number}, unless it finds another already. */
    void put(long high, long low, int number) {
        int part = partOf(high);
        synchronized (locks[part]) {
            Table table = parts.get(part);
            if (table.find(high, low) >= 0) {
                return;
            }
            if (table.used >= partMax) {
                table = new Table(SLOTS_MIN);
                parts.set(part, table);
            } else if (4 * (table.used + 1) > 3 * table.series.length) {
                table = copy(table, 2 * table.series.length, any -> true);
                parts.set(part, table);
            }
            table.put(high, low, number);
        }
    }

    /** Forgets the keys of the series that {@code gone} names. */
    void remove(IntPredicate gone) {
        for (int part = 0; part < PARTS; part++) {
            synchronized (locks[part]) {
                Table table = parts.get(part);
                parts.set(part, copy(table, table.series.length, gone.negate()));
            }
        }
    }

    private static Table copy(Table from, int slots, IntPredicate keep) {
        Table copy = new Table(slots);
        for (int at = 0; at < from.series.length; at++) {
            int number = from.series[at] - 1;
            if (number >= 0 && keep.test(number)) {
                copy.put(from.keys[2 * at], from.keys[2 * at + 1], number);
            }
        }
        return copy;
    }

    /** How many keys there are. */
    int size() {
        int size = 0;
        for (int part = 0; part < PARTS; part++) {
            size += parts.get(part).used;
        }
        return size;
    }

    /** Memory, about. */
    long bytes() {
        long bytes = 0;
        for (int part = 0; part < PARTS; part++) {
            bytes += 20L * parts.get(part).series.length;
        }
        return bytes;
    }
}
