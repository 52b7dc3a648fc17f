package dev.belfry.store.metrics;

import dev.belfry.model.series.Labels;
import dev.belfry.model.wire.WireReader;
import dev.belfry.model.wire.WireWriter;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The pairs of a label's name and value, each with a number, their bytes kept once. One writer at a
 * time; texts of a pair are read without a lock by who knows its number.
 */
final class Pairs {
    private static final int NONE = -1;

    /* The name of pairs that are lost: no label has it. They keep their numbers, and nothing finds them. */
    private static final String LOST = "";
    private static final int CACHED = 1 << 14;

    /* Bytes of values: a pair's place is its byte in all pages together; a value lies in one page. */
    private static final int PAGE_SHIFT = 16;
    private static final int PAGE_BYTES = 1 << PAGE_SHIFT;

    /** A label name with its pairs. */
    static final class Name {
        final int number;
        final String text;
        final PairList pairs = new PairList();
        private final byte[] bytes;

        Name(int number, String text) {
            this.number = number;
            this.text = text;
            this.bytes = text.getBytes(StandardCharsets.UTF_8);
        }

        /** Whether the name is {@code array[from .. from + length)}, in UTF-8. */
        boolean is(byte[] array, int from, int length) {
            return Arrays.equals(bytes, 0, bytes.length, array, from, from + length);
        }
    }

    /** Numbers of pairs in the order in which they came. */
    static final class PairList {
        private int[] pairs = new int[4];
        private int size;

        private void add(int pair) {
            if (size == pairs.length) {
                pairs = Arrays.copyOf(pairs, size + (size >> 1) + 4);
            }
            pairs[size++] = pair;
        }

        int size() {
            return size;
        }

        int get(int index) {
            return pairs[index];
        }
    }

    private record Cached(int pair, String value) {}

    private final Map<String, Name> names = new HashMap<>();
    private Name[] byNumber = {};
    private final IntChunks nameOf = new IntChunks(0);
    private final IntChunks placeOf = new IntChunks(0);
    private final IntChunks lengthOf = new IntChunks(0);
    private byte[][] pages = {};
    private int pageUsed = PAGE_BYTES;
    private int count;
    private int lost = NONE;
    private long bytes;

    /* Open addressing: a pair's number + 1, 0 where there is none. */
    private int[] table = new int[1 << 10];

    private final @Nullable Cached[] cache = new @Nullable Cached[CACHED];

    /** How many pairs there are. */
    int count() {
        return count;
    }

    /** The names in the order of their numbers. */
    Name[] names() {
        return byNumber;
    }

    /** The name {@code text}, null when no pair has it. */
    @Nullable Name name(String text) {
        return names.get(text);
    }

    Name nameOf(int pair) {
        return byNumber[nameOf.get(pair)];
    }

    int nameNumber(int pair) {
        return nameOf.get(pair);
    }

    /** The pair's number, -1 when there is none. */
    int find(String name, String value) {
        Name known = names.get(name);
        if (known == null) {
            return NONE;
        }
        byte[] text = value.getBytes(StandardCharsets.UTF_8);
        return find(known, text, 0, text.length, hash(known.number, text, 0, text.length));
    }

    /** The pair's number, -1 when there is none; {@code hash} is that of {@link #hash}. */
    int find(Name name, byte[] value, int from, int length, int hash) {
        int mask = table.length - 1;
        for (int at = hash & mask; ; at = at + 1 & mask) {
            int pair = table[at] - 1;
            if (pair < 0 || nameOf.get(pair) == name.number && holds(pair, value, from, length)) {
                return pair;
            }
        }
    }

    /** Whether the pair's value is {@code value[from .. from + length)}, in UTF-8. */
    boolean holds(int pair, byte[] value, int from, int length) {
        if (length != lengthOf.get(pair)) {
            return false;
        }
        int place = placeOf.get(pair);
        int at = place & PAGE_BYTES - 1;
        return Arrays.equals(
                pages[place >>> PAGE_SHIFT], at, at + length, value, from, from + length);
    }

    /** The pair's number, a new one when there was none. */
    int intern(String name, String value) {
        byte[] text = value.getBytes(StandardCharsets.UTF_8);
        return intern(nameFor(name), text, 0, text.length);
    }

    /** As above, of the value {@code value[from .. from + length)}, in UTF-8. */
    int intern(Name name, byte[] value, int from, int length) {
        int hash = hash(name.number, value, from, length);
        int found = find(name, value, from, length, hash);
        return found >= 0 ? found : add(name, value, from, length, hash);
    }

    /** The name {@code text}, a new one when there was none. */
    Name nameFor(String text) {
        Name known = names.get(text);
        if (known == null) {
            known = new Name(byNumber.length, text);
            names.put(text, known);
            Name[] more = Arrays.copyOf(byNumber, byNumber.length + 1);
            more[known.number] = known;
            VarHandle.releaseFence();
            byNumber = more;
        }
        return known;
    }

    /** A new pair, of which {@link #find} has found none. */
    int add(Name name, byte[] value, int from, int length, int hash) {
        if (2 * (count + 1) > table.length) {
            rehash();
        }
        int pair = count;
        nameOf.set(pair, name.number);
        placeOf.set(pair, store(value, from, length));
        lengthOf.set(pair, length);
        count++;
        name.pairs.add(pair);
        put(pair, hash);
        return pair;
    }

    private int store(byte[] value, int from, int length) {
        if (pageUsed + length > PAGE_BYTES) {
            byte[][] more = Arrays.copyOf(pages, pages.length + 1);
            byte[] fresh = new byte[Math.max(PAGE_BYTES, length)];
            more[pages.length] = fresh;
            VarHandle.releaseFence();
            pages = more;
            bytes += fresh.length;
            pageUsed = 0;
        }
        int page = pages.length - 1;
        System.arraycopy(value, from, pages[page], pageUsed, length);
        int place = (page << PAGE_SHIFT) + pageUsed;
        pageUsed += length;
        return place;
    }

    private void rehash() {
        table = new int[table.length * 2];
        for (int pair = 0; pair < count; pair++) {
            if (isLost(pair)) {
                continue;
            }
            int place = placeOf.get(pair);
            int from = place & PAGE_BYTES - 1;
            byte[] page = pages[place >>> PAGE_SHIFT];
            put(pair, hash(nameOf.get(pair), page, from, lengthOf.get(pair)));
        }
    }

    private void put(int pair, int hash) {
        int mask = table.length - 1;
        int at = hash & mask;
        while (table[at] != 0) {
            at = at + 1 & mask;
        }
        table[at] = pair + 1;
    }

    /** What the table goes by. */
    static int hash(int name, byte[] value, int from, int length) {
        int hash = name * 0x9E3779B9;
        for (int i = from; i < from + length; i++) {
            hash = 31 * hash + value[i];
        }
        return mix(hash);
    }

    static int mix(int hash) {
        int mixed = (hash ^ hash >>> 16) * 0x85EBCA6B;
        mixed = (mixed ^ mixed >>> 13) * 0xC2B2AE35;
        return mixed ^ mixed >>> 16;
    }

    /** Writes name and value, each with its length ahead. */
    void writeLabel(int pair, WireWriter out) {
        byte[] name = nameOf(pair).bytes;
        out.varint(name.length);
        out.bytes(name, 0, name.length);
        int place = placeOf.get(pair);
        int length = lengthOf.get(pair);
        out.varint(length);
        out.bytes(pages[place >>> PAGE_SHIFT], place & PAGE_BYTES - 1, length);
    }

    /** Writes pairs {@code [from ..)} until {@code to} or the writer is full; the pair after. */
    int write(int from, int to, int bytesMax, WireWriter out) {
        int[] local = new int[byNumber.length];
        int locals = 0;
        int pair = from;
        for (; pair < to && out.size() < bytesMax; pair++) {
            int name = nameOf.get(pair);
            if (local[name] == 0) {
                local[name] = ++locals;
                out.varint(0);
                out.text(byNumber[name].text);
            } else {
                out.varint(local[name]);
            }
            int place = placeOf.get(pair);
            int length = lengthOf.get(pair);
            out.varint(length);
            if (length > 0) {
                out.bytes(pages[place >>> PAGE_SHIFT], place & PAGE_BYTES - 1, length);
            }
        }
        return pair;
    }

    /**
     * Reads what {@link #write} wrote from pair {@code first} on, which is at most {@link #count};
     * pairs that are known are passed over.
     */
    void read(int first, WireReader in) {
        List<Name> local = new ArrayList<>();
        for (int pair = first; in.remaining() > 0; pair++) {
            int which = in.count("name", local.size());
            if (which == 0) {
                local.add(nameFor(in.text()));
                which = local.size();
            }
            byte[] value = in.bytes(in.count("value", in.remaining()));
            Name name = local.get(which - 1);
            if (pair == count && name.text.equals(LOST)) {
                skipTo(pair + 1);
            } else if (pair == count) {
                add(name, value, 0, value.length, hash(name.number, value, 0, value.length));
            }
        }
    }

    /** Gives the numbers up to {@code first} to nothing: their pairs are lost. */
    void skipTo(int first) {
        lost = nameFor(LOST).number;
        for (; count < first; count++) {
            nameOf.set(count, lost);
            placeOf.set(count, 0);
            lengthOf.set(count, 0);
        }
    }

    private boolean isLost(int pair) {
        return nameOf.get(pair) == lost;
    }

    /** Whether there is a pair of this number, which is not lost. */
    boolean isKnown(int pair) {
        return pair >= 0 && pair < count && (lost == NONE || !isLost(pair));
    }

    /** The value of a pair. */
    String value(int pair) {
        int slot = pair & CACHED - 1;
        Cached kept = cache[slot];
        if (kept != null && kept.pair == pair) {
            return kept.value;
        }
        int place = placeOf.get(pair);
        String value =
                new String(
                        pages[place >>> PAGE_SHIFT],
                        place & PAGE_BYTES - 1,
                        lengthOf.get(pair),
                        StandardCharsets.UTF_8);
        cache[slot] = new Cached(pair, value);
        return value;
    }

    int valueBytes(int pair) {
        return lengthOf.get(pair);
    }

    /** Compares two pairs by name, then by value, as {@link Labels#compareTo} does. */
    int compare(int pair, int other) {
        int name = nameOf.get(pair);
        int otherName = nameOf.get(other);
        if (name != otherName) {
            return byNumber[name].text.compareTo(byNumber[otherName].text);
        }
        if (isLost(pair)) {
            return 0;
        }
        int place = placeOf.get(pair);
        int otherPlace = placeOf.get(other);
        byte[] page = pages[place >>> PAGE_SHIFT];
        byte[] otherPage = pages[otherPlace >>> PAGE_SHIFT];
        int from = place & PAGE_BYTES - 1;
        int otherFrom = otherPlace & PAGE_BYTES - 1;
        int length = lengthOf.get(pair);
        int otherLength = lengthOf.get(other);
        int at =
                Arrays.mismatch(
                        page, from, from + length, otherPage, otherFrom, otherFrom + otherLength);
        if (at < 0) {
            return 0;
        }
        if (at == Math.min(length, otherLength)) {
            return length - otherLength;
        }
        int mine = page[from + at] & 0xFF;
        int its = otherPage[otherFrom + at] & 0xFF;
        /* Above U+FFFF, UTF-16 sorts below U+E000, by which String compares. */
        boolean supplementary = mine >= 0xF0 && its >= 0xEE && its < 0xF0;
        boolean otherSupplementary = its >= 0xF0 && mine >= 0xEE && mine < 0xF0;
        return supplementary || otherSupplementary ? its - mine : mine - its;
    }

    /** The labels of a row of pairs, which are sorted by name. */
    Labels labels(int[] rows, int from, int size) {
        String[] texts = new String[2 * size];
        for (int i = 0; i < size; i++) {
            int pair = rows[from + i];
            texts[2 * i] = nameOf(pair).text;
            texts[2 * i + 1] = value(pair);
        }
        return Labels.ofSorted(texts);
    }

    /** Memory, about. */
    long bytes() {
        return bytes
                + 4L * table.length
                + nameOf.bytes()
                + placeOf.bytes()
                + lengthOf.bytes()
                + 4L * count;
    }
}
