package dev.belfry.receive.prepare;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Finds where one of many literals may stand, in one pass over bytes; safe for many threads. */
final class LiteralScan {
    /*
     * The scan looks at every second window of four bytes, in lower case. Of each literal the windows at two
     * neighbouring places are in a table of bits, so that one of them is looked at wherever it stands; where all have
     * six bytes or more, it is every third window, and three: this is the sampling of Wu and Manber's agrep (1994) with a table as of Teddy in Hyperscan. No step depends on the
     * one before, so the machine overlaps them. Windows of four digits are reported too: they may be cards. Cards have
     * windows of whole groups or of eight digits at every other place, whatever their groups are.
     *
     * A literal is given with where its two windows start (its anchor), and with the bytes that may stand behind
     * it when it has four bytes, and before it too when it has three.
     */
    private static final VarHandle INTS =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int WINDOW = 4;
    private static final int LOWER = 0x2020_2020;
    private static final int MIX = 0x9E37_79B1;

    /* 32 KiB: secrets have 1,600 windows, so that one of 170 others hits by chance. */
    private static final int HASH_BITS = 18;
    private static final int HASH_SHIFT = 32 - HASH_BITS;

    /* Four bytes that are digits, or nearly, and behind them four of 0x20 to 0x3F: rarely true, in one comparison. */
    private static final long CARD_MASK = 0xE0E0_E0E0_F0F0_F0F0L;
    private static final long CARD = 0x2020_2020_3030_3030L;

    /* Of all cards among three windows: what stands behind the first. */
    private static final long CARDS_MASK = 0xE0E0_E0E0_0000_0000L;
    private static final long CARDS = 0x2020_2020_0000_0000L;
    private static final int[] NONE = {};
    private static final int LONG = WINDOW + 2;

    /** What {@link #next} answers when there is nothing any more. */
    static final int END = -1;

    /**
     * A literal.
     *
     * @param text lower case where {@code anyCase}
     * @param anchor where its first window starts
     * @param anyCase whether it is found in capitals too
     * @param before the bytes that may stand before it, in lower case
     * @param behind the bytes that may stand behind it, in lower case
     */
    record Literal(String text, int anchor, boolean anyCase, String before, String behind) {
        static Literal of(String text) {
            return new Literal(text, 0, true, "", "");
        }

        static Literal exact(String text, String behind) {
            return new Literal(text, 0, false, "", behind);
        }
    }

    private final List<Literal> literals;
    private final byte[][] texts;
    private final long[] bits = new long[1 << HASH_BITS >>> 6];

    /* Windows and their places, by linear probing from the hash; at most half full. */
    private int[] keys = {};
    private int[][] places = {};
    private final int step;
    private final boolean digits;

    /**
     * A scan for {@code literals}.
     *
     * @param digits whether four digits are reported too
     */
    LiteralScan(List<Literal> literals, boolean digits) {
        this.literals = List.copyOf(literals);
        this.digits = digits;
        boolean allLong =
                literals.stream()
                        .allMatch(literal -> literal.text().length() - literal.anchor() >= LONG);
        step = allLong && !digits ? 3 : 2;
        texts = new byte[literals.size()][];
        Map<Integer, int[]> found = new LinkedHashMap<>();
        for (int index = 0; index < literals.size(); index++) {
            Literal literal = literals.get(index);
            texts[index] = Bytes.ascii(literal.text());
            String text = Bytes.lower(literal.text()).substring(literal.anchor());
            int anchor = literal.anchor();
            if (text.length() > WINDOW) {
                for (int shift = 0; shift < step; shift++) {
                    window(text.substring(shift), index, anchor + shift, found);
                }
            } else if (text.length() == WINDOW) {
                window(text, index, anchor, found);
                each(literal.behind(), next -> text.substring(1) + next, index, anchor + 1, found);
            } else {
                each(literal.before(), last -> last + text, index, anchor - 1, found);
                each(literal.behind(), next -> text + next, index, anchor, found);
            }
        }
        keep(found);
    }

    private void each(
            String bytes,
            Function<String, String> text,
            int literal,
            int offset,
            Map<Integer, int[]> found) {
        for (int at = 0; at < bytes.length(); at++) {
            window(text.apply(bytes.substring(at, at + 1)), literal, offset, found);
        }
    }

    private void window(String text, int literal, int offset, Map<Integer, int[]> found) {
        byte[] bytes = Bytes.ascii(text.substring(0, WINDOW));
        int key = (int) INTS.get(bytes, 0) | LOWER;
        int hash = key * MIX >>> HASH_SHIFT;
        bits[hash >>> 6] |= 1L << hash;
        int[] old = found.getOrDefault(key, NONE);
        int[] more = Arrays.copyOf(old, old.length + 2);
        more[old.length] = literal;
        more[old.length + 1] = offset;
        found.put(key, more);
    }

    private void keep(Map<Integer, int[]> found) {
        int size = Integer.highestOneBit(Math.max(4, found.size() * 2 - 1)) * 2;
        keys = new int[size];
        places = new int[size][];
        Arrays.fill(places, NONE);
        found.forEach((key, where) -> {
            int slot = key * MIX >>> HASH_SHIFT & size - 1;
            while (places[slot].length > 0) {
                slot = slot + 1 & size - 1;
            }
            keys[slot] = key;
            places[slot] = where;
        });
    }

    /**
     * The next place from {@code from} on where a window hits, or {@link #END}.
     *
     * @param cards whether four digits may be a card's
     */
    int next(byte[] data, int from, int to, boolean cards) {
        return step == 2 ? nextSecond(data, from, to, cards && digits) : nextThird(data, from, to);
    }

    /*
     * The windows of six places are in one load of eight bytes, and one jump tells whether any of them is worth a look.
     * Both steps are constants, so that the machine checks bounds once.
     */
    private int nextSecond(byte[] data, int from, int to, boolean cards) {
        int at = from;
        for (; at <= to - 3 * WINDOW; at += 6) {
            long eight = (long) LONGS.get(data, at);
            long hits = bit((int) eight) | bit((int) (eight >>> 16)) | bit((int) (eight >>> 32));
            if ((hits & 1) != 0 || cards && (eight & CARDS_MASK) == CARDS) {
                for (int place = at; place < at + 6; place += 2) {
                    if (hits(data, place, cards)) {
                        return place;
                    }
                }
            }
        }
        for (; at <= to - 2 * WINDOW; at += 2) {
            if (hits(data, at, cards)) {
                return at;
            }
        }
        for (; at <= to - WINDOW; at += 2) {
            if ((bit((int) INTS.get(data, at)) & 1) != 0) {
                return at;
            }
        }
        return to - at == WINDOW - 1 ? at : END;
    }

    private boolean hits(byte[] data, int at, boolean cards) {
        long eight = (long) LONGS.get(data, at);
        return (bit((int) eight) & 1) != 0
                || (eight & CARD_MASK) == CARD && cards && isCard(data, at);
    }

    /* The lowest bit of what this gives is the window's in the table. */
    private long bit(int window) {
        int hash = (window | LOWER) * MIX >>> HASH_SHIFT;
        return bits[hash >>> 6] >>> hash;
    }

    private int nextThird(byte[] data, int from, int to) {
        int at = from;
        for (; at <= to - 2 * WINDOW; at += 6) {
            long eight = (long) LONGS.get(data, at);
            long first = bit((int) eight);
            if (((first | bit((int) (eight >>> 24))) & 1) != 0) {
                return (first & 1) != 0 ? at : at + 3;
            }
        }
        for (; at <= to - WINDOW; at += 3) {
            if ((bit((int) INTS.get(data, at)) & 1) != 0) {
                return at;
            }
        }
        return END;
    }

    /* Four digits, and behind them four more bytes that are digits, blanks or dashes. */
    private static boolean isCard(byte[] data, int at) {
        for (int index = at; index < at + WINDOW; index++) {
            if (!Bytes.isDigit(data[index]) || !CardNumbers.isPart(data[index + WINDOW])) {
                return false;
            }
        }
        return true;
    }

    /**
     * The literals that may have their window at {@code at}: pairs of index and offset of the
     * window in it.
     */
    int[] candidates(byte[] data, int at, int to) {
        int key = window(data, at, to) | LOWER;
        int hash = key * MIX >>> HASH_SHIFT;
        if ((bits[hash >>> 6] >>> hash & 1) == 0) {
            return NONE;
        }
        int mask = keys.length - 1;
        int slot = hash & mask;
        while (keys[slot] != key && places[slot].length > 0) {
            slot = slot + 1 & mask;
        }
        return places[slot];
    }

    private static int window(byte[] data, int at, int to) {
        if (at + WINDOW <= to) {
            return (int) INTS.get(data, at);
        }
        int window = 0;
        for (int index = 0; at + index < to; index++) {
            window |= (data[at + index] & 0xFF) << 8 * index;
        }
        return window;
    }

    /** Whether literal {@code index} stands at {@code data[start ..)} before {@code to}. */
    boolean matches(int index, byte[] data, int start, int to) {
        byte[] text = texts[index];
        if (start + text.length > to) {
            return false;
        }
        boolean anyCase = literals.get(index).anyCase();
        for (int at = 0; at < text.length; at++) {
            byte found = data[start + at];
            if (found != text[at] && (!anyCase || Bytes.lower(found) != text[at])) {
                return false;
            }
        }
        return true;
    }

    /** How long literal {@code index} is. */
    int length(int index) {
        return texts[index].length;
    }
}
