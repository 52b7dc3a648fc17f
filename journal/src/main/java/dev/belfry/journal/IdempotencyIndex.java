package dev.belfry.journal;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The idempotency keys of durable appends: found by key, forgotten in the order of their offsets;
 * not thread-safe.
 */
final class IdempotencyIndex {
    /* Entries are a ring in order of arrival, in parallel arrays; a table of open addressing with
     * linear probing maps a key's hash to the entry's slot in the ring + 1. At most half of the
     * table is taken. Deletion shifts the following ones back (Knuth, volume 3, 6.4, algorithm R).
     */
    private static final int LONGS = 7;

    private final int keysMax;
    private final long ageMillis;
    private long[] entries = new long[16 * LONGS];
    private int[] table = new int[32];
    private int first;
    private int count;

    IdempotencyIndex(int keysMax, long ageMillis) {
        this.keysMax = keysMax;
        this.ageMillis = ageMillis;
    }

    /**
     * What was appended with a key.
     *
     * @param key key and body
     * @param baseOffset the first record's offset
     * @param count how many records
     * @param receivedMillis epoch milliseconds
     */
    record Entry(Idempotency key, long baseOffset, int count, long receivedMillis) {}

    int size() {
        return count;
    }

    /** What was appended with {@code key}'s key, whatever its body; null when it is not known. */
    @Nullable Entry find(Idempotency key, long nowMillis) {
        forgetOlderThan(nowMillis - ageMillis);
        int at = slot(key.keyHashHigh(), key.keyHashLow());
        return table[at] == 0 ? null : entry(table[at] - 1);
    }

    /** Remembers {@code entry}, in place of an older one of the same key. */
    void put(Entry entry) {
        forgetOlderThan(entry.receivedMillis() - ageMillis);
        if (count == keysMax) {
            forgetFirst();
        }
        if (count == capacity()) {
            grow();
        }
        int position = (first + count) % capacity();
        int at = position * LONGS;
        Idempotency key = entry.key();
        entries[at] = key.keyHashHigh();
        entries[at + 1] = key.keyHashLow();
        entries[at + 2] = key.bodyHashHigh();
        entries[at + 3] = key.bodyHashLow();
        entries[at + 4] = entry.baseOffset();
        entries[at + 5] = entry.receivedMillis();
        entries[at + 6] = entry.count();
        count++;
        table[slot(key.keyHashHigh(), key.keyHashLow())] = position + 1;
    }

    /** The entries with an offset of at least {@code fromOffset}, in order. */
    Entry[] from(long fromOffset) {
        int skip = 0;
        while (skip < count && entries[position(skip) * LONGS + 4] < fromOffset) {
            skip++;
        }
        Entry[] found = new Entry[count - skip];
        for (int index = skip; index < count; index++) {
            found[index - skip] = entry(position(index));
        }
        return found;
    }

    private void forgetOlderThan(long millis) {
        while (count > 0 && entries[first * LONGS + 5] < millis) {
            forgetFirst();
        }
    }

    private void forgetFirst() {
        int at = slot(entries[first * LONGS], entries[first * LONGS + 1]);
        if (table[at] == first + 1) {
            remove(at);
        }
        first = (first + 1) % capacity();
        count--;
    }

    private void remove(int hole) {
        int mask = table.length - 1;
        int empty = hole;
        for (int at = hole + 1 & mask; table[at] != 0; at = at + 1 & mask) {
            int home = home(entries[(table[at] - 1) * LONGS], entries[(table[at] - 1) * LONGS + 1]);
            if ((at - home & mask) >= (at - empty & mask)) {
                table[empty] = table[at];
                empty = at;
            }
        }
        table[empty] = 0;
    }

    /** Where the key is in the table or, when it is not there, where it belongs. */
    private int slot(long high, long low) {
        int mask = table.length - 1;
        int at = home(high, low);
        while (table[at] != 0) {
            int entry = (table[at] - 1) * LONGS;
            if (entries[entry] == high && entries[entry + 1] == low) {
                return at;
            }
            at = at + 1 & mask;
        }
        return at;
    }

    private int home(long high, long low) {
        return (int) (high ^ low >>> 32) & table.length - 1;
    }

    private void grow() {
        long[] larger = new long[entries.length * 2];
        for (int index = 0; index < count; index++) {
            System.arraycopy(entries, position(index) * LONGS, larger, index * LONGS, LONGS);
        }
        entries = larger;
        first = 0;
        table = new int[table.length * 2];
        Arrays.fill(table, 0);
        for (int index = 0; index < count; index++) {
            table[slot(entries[index * LONGS], entries[index * LONGS + 1])] = index + 1;
        }
    }

    private int capacity() {
        return entries.length / LONGS;
    }

    private int position(int index) {
        return (first + index) % capacity();
    }

    private Entry entry(int position) {
        int at = position * LONGS;
        return new Entry(
                new Idempotency(entries[at], entries[at + 1], entries[at + 2], entries[at + 3]),
                entries[at + 4],
                (int) entries[at + 6],
                entries[at + 5]);
    }
}
