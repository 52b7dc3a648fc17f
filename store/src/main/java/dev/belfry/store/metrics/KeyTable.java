package dev.belfry.store.metrics;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.function.IntPredicate;

/**
 * Keys of 128 bits to numbers of series; found without a lock, put and removed by one thread at a
 * time. Bounded: one that is full forgets the older half. What comes in the order in which it came
 * before is found without a search.
 */
final class KeyTable {
    private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);
    private static final VarHandle INTS = MethodHandles.arrayElementVarHandle(int[].class);
    private static final int NONE = -1;
    private static final int PLACES_MIN = 1 << 10;

    /* An entry's number + 1 takes 24 bits of its place, the key's upper 8 bits the others. */
    private static final int ENTRY_BITS = 24;
    private static final int ENTRY_MASK = (1 << ENTRY_BITS) - 1;
    private static final int CHUNK_SHIFT = 12;
    private static final int CHUNK = 1 << CHUNK_SHIFT;

    /*
     * An entry is two longs: the key's upper half, then 32 bits of the lower half with the number + 1. So 96 bits
     * under a secret seed are compared. Entries stand in the order in which they came, in chunks that are never
     * copied; open addressing over ints finds them. Senders send the same series in the same order time after time:
     * by the number of the series before stands the entry that came after it, so that it is known before it is looked
     * for, and mostly lies beside the last one in memory.
     *
     * An entry is written once, its second long last (released), then its place (released). Whoever finds its number
     * in `next`, which any thread writes, may see neither: so the key is compared there as well. Nothing is taken out
     * of a table: what leaves, leaves by a new one.
     */
    private static final class Table {
        final int[] places;
        final int[] next;
        long[][] chunks = {};
        int used;

        Table(int count) {
            places = new int[count];
            next = new int[count / 2];
        }

        /** One of twice the size with the same entries. */
        Table(Table from) {
            this(2 * from.places.length);
            chunks = from.chunks;
            used = from.used;
            System.arraycopy(from.next, 0, next, 0, from.next.length);
            System.arraycopy(from.next, 0, next, from.next.length, from.next.length);
            for (int entry = 0; entry < used; entry++) {
                place(chunks[entry >>> CHUNK_SHIFT][2 * (entry & CHUNK - 1)], entry);
            }
        }

        int find(long high, long low) {
            int mask = places.length - 1;
            for (int at = (int) high & mask; ; at = at + 1 & mask) {
                int place = (int) INTS.getAcquire(places, at);
                if (place == 0) {
                    return NONE;
                }
                int entry = (place & ENTRY_MASK) - 1;
                if ((place ^ tag(high)) >>> ENTRY_BITS == 0 && number(entry, high, low) >= 0) {
                    return entry;
                }
            }
        }

        /** The number of an entry, if it has the key. */
        int number(int entry, long high, long low) {
            long[][] now = chunks;
            int chunk = entry >>> CHUNK_SHIFT;
            if (chunk >= now.length) {
                return NONE;
            }
            int at = 2 * (entry & CHUNK - 1);
            long second = (long) LONGS.getAcquire(now[chunk], at + 1);
            return (second ^ low) >>> 32 == 0 && now[chunk][at] == high ? (int) second - 1 : NONE;
        }

        void put(long high, long low, int number) {
            int chunk = used >>> CHUNK_SHIFT;
            if (chunk == chunks.length) {
                long[][] more = Arrays.copyOf(chunks, chunk + 1);
                more[chunk] = new long[2 * CHUNK];
                VarHandle.releaseFence();
                chunks = more;
            }
            int at = 2 * (used & CHUNK - 1);
            chunks[chunk][at] = high;
            LONGS.setRelease(chunks[chunk], at + 1, low >>> 32 << 32 | number + 1);
            place(high, used++);
        }

        private void place(long high, int entry) {
            int mask = places.length - 1;
            int at = (int) high & mask;
            while (places[at] != 0) {
                at = at + 1 & mask;
            }
            INTS.setRelease(places, at, tag(high) | entry + 1);
        }

        private static int tag(long high) {
            return (int) (high >>> 56) << ENTRY_BITS;
        }

        boolean isFull() {
            return 8L * (used + 1) > 5L * places.length;
        }
    }

    private final int keysMax;
    private volatile Table table = new Table(PLACES_MIN);

    /** A table of at most {@code keysMax} keys, and of 16 million. */
    KeyTable(int keysMax) {
        this.keysMax = Math.clamp(keysMax, 1, ENTRY_MASK - 1);
    }

    /** The number that was put under the key; -1 when there is none. */
    int find(long high, long low) {
        Table now = table;
        int entry = now.find(high, low);
        return entry == NONE ? NONE : now.number(entry, high, low);
    }

    /**
     * As above, faster when the key comes after the one of {@code previous} as it did before.
     *
     * @param previous what was found before, -1 for nothing
     */
    int find(long high, long low, int previous) {
        Table now = table;
        int after = previous & now.next.length - 1;
        int expected = now.next[after] - 1;
        int number = expected < 0 ? NONE : now.number(expected, high, low);
        if (number != NONE) {
            return number;
        }
        int entry = now.find(high, low);
        if (entry == NONE) {
            return NONE;
        }
        now.next[after] = entry + 1;
        return now.number(entry, high, low);
    }

    /** From now on the key finds {@code number}, unless it finds another already. */
    void put(long high, long low, int number) {
        Table now = table;
        if (now.find(high, low) != NONE) {
            return;
        }
        if (now.used >= keysMax) {
            now = copy(now, now.used - now.used / 2, any -> true);
            table = now;
        } else if (now.isFull()) {
            now = new Table(now);
            table = now;
        }
        now.put(high, low, number);
    }

    /** Forgets the keys of the series that {@code gone} names. */
    void remove(IntPredicate gone) {
        table = copy(table, 0, gone.negate());
    }

    /* Those entries from `first` on that are to be kept. */
    private static Table copy(Table from, int first, IntPredicate keep) {
        Table copy = new Table(from.places.length);
        for (int entry = first; entry < from.used; entry++) {
            long[] chunk = from.chunks[entry >>> CHUNK_SHIFT];
            int at = 2 * (entry & CHUNK - 1);
            int number = (int) chunk[at + 1] - 1;
            if (keep.test(number)) {
                copy.put(chunk[at], chunk[at + 1], number);
            }
        }
        return copy;
    }

    /** How many keys there are. */
    int size() {
        return table.used;
    }

    /** Memory, about. */
    long bytes() {
        Table now = table;
        return 4L * (now.places.length + now.next.length)
                + (long) now.chunks.length * (16 * CHUNK + 20);
    }
}
