package dev.belfry.receive.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Finds the meaning of a name by the name's bytes; for one thread. */
final class NameTable {
    /*
     * As in FieldIndex, the name at a place of a document is guessed to be the one that stood there last; otherwise
     * a table with linear probing, at most half full, says. A name that finds it full is worked out each time.
     */
    private static final int PLACES_MAX = 128;
    private static final int TABLE_SIZE = 2 * Limits.NAMES_KEPT_MAX;

    private final @Nullable Entry[] places = new @Nullable Entry[PLACES_MAX];
    private @Nullable Entry[] table = new @Nullable Entry[64];
    private int count;
    private final Function<String, FieldMeaning> meanings;

    private record Entry(byte[] name, int hash, FieldMeaning meaning) {
        boolean is(byte[] text, int from, int to) {
            return Arrays.equals(name, 0, name.length, text, from, to);
        }
    }

    /** A table of what {@code meanings} says of names. */
    NameTable(Function<String, FieldMeaning> meanings) {
        this.meanings = meanings;
    }

    /** The meaning of {@code text[from .. to)}, the name of the document's member {@code place}. */
    FieldMeaning meaning(int place, byte[] text, int from, int to) {
        if (place >= PLACES_MAX) {
            return find(text, from, to).meaning;
        }
        Entry guess = places[place];
        if (guess != null && guess.is(text, from, to)) {
            return guess.meaning;
        }
        Entry entry = find(text, from, to);
        places[place] = entry;
        return entry.meaning;
    }

    private Entry find(byte[] text, int from, int to) {
        int hash = hash(text, from, to);
        int slot = hash & table.length - 1;
        for (Entry entry = table[slot]; entry != null; entry = table[slot]) {
            if (entry.hash == hash && entry.is(text, from, to)) {
                return entry;
            }
            slot = slot + 1 & table.length - 1;
        }
        String name = new String(text, from, to - from, StandardCharsets.UTF_8);
        Entry added = new Entry(Arrays.copyOfRange(text, from, to), hash, meanings.apply(name));
        if (count < Limits.NAMES_KEPT_MAX) {
            put(added);
        }
        return added;
    }

    private void put(Entry added) {
        if (++count * 2 > table.length && table.length < TABLE_SIZE) {
            @Nullable Entry[] old = table;
            table = new @Nullable Entry[old.length * 2];
            for (Entry entry : old) {
                if (entry != null) {
                    table[free(entry.hash)] = entry;
                }
            }
        }
        table[free(added.hash)] = added;
    }

    private int free(int hash) {
        int slot = hash & table.length - 1;
        while (table[slot] != null) {
            slot = slot + 1 & table.length - 1;
        }
        return slot;
    }

    private static int hash(byte[] text, int from, int to) {
        int hash = 0;
        for (int at = from; at < to; at++) {
            hash = hash * 31 + text[at];
        }
        return hash ^ hash >>> 15;
    }
}
