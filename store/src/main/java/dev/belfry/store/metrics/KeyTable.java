package dev.belfry.store.metrics;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.IntPredicate;

/**
 * Keys of 128 bits to numbers of series; found without a lock, put under one of a part of the
 * table. Bounded: a part that is full forgets all of it. What comes in the order in which it came
 * before is found without a search.
 */
final class KeyTable {
    private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);
    private static final int NONE = -1;
    private static final int PARTS = 64;
    private static final int SLOTS_MIN = 1 << 6;

    /*
     * A slot is two longs: the key's upper half, which also chooses the place, then 32 bits of the lower half with the
     * number + 1. So 96 bits under a secret seed are compared, and one line of the cache is read. A slot is written
     * once, its second long last (released): whoever sees it sees the first. Nothing is taken out of a table: what
     * leaves, leaves by a new table.
     */
    private static final class Table {
        final long[] slots;
        int used;

        Table(int count) {
            slots = new long[2 * count];
        }

        int find(long high, long low) {
            int mask = slots.length - 1;
            for (int at = 2 * (int) high & mask; ; at = at + 2 & mask) {
                long second = (long) LONGS.getAcquire(slots, at + 1);
                if (second == 0) {
                    return NONE;
                }
                if ((second ^ low) >>> 32 == 0 && slots[at] == high) {
                    return (int) second - 1;
                }
            }
        }

        void put(long high, long low, int number) {
            int mask = slots.length - 1;
            int at = 2 * (int) high & mask;
            while (slots[at + 1] != 0) {
                at = at + 2 & mask;
            }
            slots[at] = high;
            LONGS.setRelease(slots, at + 1, low >>> 32 << 32 | number + 1);
            used++;
        }
    }

    private final AtomicReferenceArray<Table> parts = new AtomicReferenceArray<>(PARTS);
    private final Object[] locks = new Object[PARTS];
    private final int partMax;
    private volatile KeySequence sequence = new KeySequence(PARTS * SLOTS_MIN);

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

    /**
     * As above, faster when the key comes after the one of {@code previous} as it did before.
     *
     * @param previous what was found before, -1 for nothing
     */
    int find(long high, long low, int previous) {
        /* Read first: what is learnt is written where a removal that begins from now on throws it away. */
        KeySequence known = sequence;
        int number = known.find(high, low, previous);
        if (number == NONE) {
            number = find(high, low);
            if (number != NONE) {
                known.learn(high, low, previous, number);
            }
        }
        return number;
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
            } else if (16 * (table.used + 1) > 5 * table.slots.length) {
                table = copy(table, table.slots.length, any -> true);
                parts.set(part, table);
            }
            table.put(high, low, number);
            if (PARTS * table.used > sequence.size()) {
                sequence = new KeySequence(2 * sequence.size());
            }
        }
    }

    /** Forgets the keys of the series that {@code gone} names. */
    void remove(IntPredicate gone) {
        for (int part = 0; part < PARTS; part++) {
            synchronized (locks[part]) {
                Table table = parts.get(part);
                parts.set(part, copy(table, table.slots.length / 2, gone.negate()));
            }
        }
        sequence = new KeySequence(sequence.size());
    }

    private static Table copy(Table from, int count, IntPredicate keep) {
        Table copy = new Table(count);
        for (int at = 0; at < from.slots.length; at += 2) {
            int number = (int) from.slots[at + 1] - 1;
            if (number >= 0 && keep.test(number)) {
                copy.put(from.slots[at], from.slots[at + 1], number);
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
        long bytes = sequence.bytes();
        for (int part = 0; part < PARTS; part++) {
            bytes += 8L * parts.get(part).slots.length;
        }
        return bytes;
    }
}
