package dev.belfry.receive.json;

import dev.belfry.model.EventBatchBuilder;
import dev.belfry.model.FieldColumn;
import dev.belfry.model.FieldSpace;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Finds the column of a key by the key's bytes, in one space of one batch; for one thread. */
final class FieldIndex {
    /*
     * Events of one program have their members in the same order, so the key at a place is guessed to be the
     * one that stood there last; otherwise a table with linear probing, at most half full, says.
     */
    private static final int PLACES_MAX = 64;
    private static final int TABLE_SIZE = Integer.highestOneBit(EventBatchBuilder.KEYS_MAX) * 4;

    private final EventBatchBuilder builder;
    private final FieldSpace space;
    private final @Nullable Entry[] places = new @Nullable Entry[PLACES_MAX];
    private @Nullable Entry[] table = new @Nullable Entry[16];
    private int count;

    private record Entry(byte[] key, int hash, FieldColumn.Builder column) {
        boolean is(byte[] text, int from, int to) {
            return Arrays.equals(key, 0, key.length, text, from, to);
        }
    }

    FieldIndex(EventBatchBuilder builder, FieldSpace space) {
        this.builder = builder;
        this.space = space;
    }

    /**
     * The column of the key {@code text[from .. to)}, made if need be; null when there are too
     * many.
     *
     * @param place the member's place in its object, from 0
     */
    FieldColumn.@Nullable Builder column(int place, byte[] text, int from, int to) {
        if (place < PLACES_MAX) {
            Entry guess = places[place];
            if (guess != null && guess.is(text, from, to)) {
                return guess.column;
            }
        }
        Entry entry = find(text, from, to);
        if (entry == null) {
            return null;
        }
        if (place < PLACES_MAX) {
            places[place] = entry;
        }
        return entry.column;
    }

    private @Nullable Entry find(byte[] text, int from, int to) {
        int hash = hash(text, from, to);
        int slot = hash & table.length - 1;
        for (Entry entry = table[slot]; entry != null; entry = table[slot]) {
            if (entry.hash == hash && entry.is(text, from, to)) {
                return entry;
            }
            slot = slot + 1 & table.length - 1;
        }
        String key = new String(text, from, to - from, StandardCharsets.UTF_8);
        FieldColumn.Builder column = builder.field(space, key);
        if (column == null) {
            return null;
        }
        Entry added = new Entry(Arrays.copyOfRange(text, from, to), hash, column);
        table[slot] = added;
        if (++count * 2 > table.length && table.length < TABLE_SIZE) {
            grow();
        }
        return added;
    }

    private void grow() {
        @Nullable Entry[] old = table;
        table = new @Nullable Entry[old.length * 2];
        for (Entry entry : old) {
            if (entry != null) {
                int slot = entry.hash & table.length - 1;
                while (table[slot] != null) {
                    slot = slot + 1 & table.length - 1;
                }
                table[slot] = entry;
            }
        }
    }

    private static int hash(byte[] text, int from, int to) {
        int hash = 0;
        for (int at = from; at < to; at++) {
            hash = hash * 31 + text[at];
        }
        return hash ^ hash >>> 15;
    }

    /** Drops the values of {@code row} from all columns of the space. */
    void drop(int row) {
        for (Entry entry : table) {
            if (entry != null) {
                entry.column.truncateRows(row);
            }
        }
    }
}
