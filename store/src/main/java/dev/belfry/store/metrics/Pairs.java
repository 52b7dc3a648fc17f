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

        Name(int number, String text) {
            this.number = number;
            this.text = text;
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
        return known == null ? NONE : find(known, value.getBytes(StandardCharsets.UTF_8));
    }

    private int find(Name name, byte[] value) {
        int mask = table.length - 1;
        for (int at = hash(name.number, value, 0, value.length) & mask; ; at = at + 1 & mask) {
            int pair = table[at] - 1;
            if (pair < 0 || nameOf.get(pair) == name.number && holds(pair, value)) {
                return pair;
            }
        }
    }

    private boolean holds(int pair, byte[] value) {
        int length = lengthOf.get(pair);
        if (length != value.length) {
            return false;
        }
        int place = placeOf.get(pair);
        int from = place & PAGE_BYTES - 1;
        return Arrays.equals(pages[place >>> PAGE_SHIFT], from, from + length, value, 0, length);
    }

    /** The pair's number, a new one when there was none. */
    int intern(String name, String value) {
        Name known = nameFor(name);
        byte[] text = value.getBytes(StandardCharsets.UTF_8);
        int found = find(known, text);
        return found >= 0 ? found : add(known, text);
    }

    private Name nameFor(String text) {
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

    private int add(Name name, byte[] value) {
        if (2 * (count + 1) > table.length) {
            rehash();
        }
        int pair = count;
        nameOf.set(pair, name.number);
        placeOf.set(pair, store(value));
        lengthOf.set(pair, value.length);
        count++;
        name.pairs.add(pair);
        put(pair, hash(name.number, value, 0, value.length));
        return pair;
    }

    private int store(byte[] value) {
        if (pageUsed + value.length > PAGE_BYTES) {
            byte[][] more = Arrays.copyOf(pages, pages.length + 1);
            byte[] fresh = new byte[Math.max(PAGE_BYTES, value.length)];
            more[pages.length] = fresh;
            VarHandle.releaseFence();
            pages = more;
            bytes += fresh.length;
            pageUsed = 0;
        }
        int page = pages.length - 1;
        System.arraycopy(value, 0, pages[page], pageUsed, value.length);
        int place = (page << PAGE_SHIFT) + pageUsed;
        pageUsed += value.length;
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

    private static int hash(int name, byte[] value, int from, int length) {
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
                add(name, value);
            }
        }
    }

    /** Gives the numbers up to {@code first} to nothing: their pairs are lost. */
    void skipTo(int first) {
        int lost = nameFor(LOST).number;
        for (; count < first; count++) {
            nameOf.set(count, lost);
            placeOf.set(count, 0);
            lengthOf.set(count, 0);
        }
    }

    private boolean isLost(int pair) {
        return nameOf(pair).text.equals(LOST);
    }

    /** Whether there is a pair of this number, which is not lost. */
    boolean isKnown(int pair) {
        return pair >= 0 && pair < count && !isLost(pair);
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
