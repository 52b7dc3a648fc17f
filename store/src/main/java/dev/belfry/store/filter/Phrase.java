package dev.belfry.store.filter;

import dev.belfry.model.BytesColumn;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Words to be found one after another, whole and with only other characters between them; case does
 * not count ({@link Tokens}). Immutable and safe for many threads.
 */
public final class Phrase {
    /*
     * Eight places at a time are looked at for the first and second byte of the first word, in
     * either case (bit 0x20); few remain, and are compared as words. A first word with a character
     * beyond ASCII is looked for word by word.
     */
    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long EACH = 0x0101010101010101L;
    private static final long CASE = 0x20 * EACH;
    private static final long LOW_BITS = 0x7F * EACH;

    private final byte[][] words;
    private final long[] hashes;
    private final long[] pairs;
    private final long[] pairsAnywhere;
    private final boolean asciiFirst;
    private final long firstBytes;
    private final long secondBytes;

    private Phrase(List<byte[]> words) {
        this.words = words.toArray(byte[][]::new);
        long[] inOrder =
                words.stream().mapToLong(word -> Tokens.hash(word, 0, word.length)).toArray();
        this.hashes = LongStream.of(inOrder).distinct().toArray();
        this.pairs = pairs(words, inOrder, _ -> false);
        this.pairsAnywhere =
                pairs(words, inOrder, word -> WordPairs.isLongNumber(word[0], word.length));
        byte[] first = words.isEmpty() ? new byte[0] : words.getFirst();
        boolean ascii = first.length > 0;
        for (byte unit : first) {
            ascii &= unit >= 0;
        }
        this.asciiFirst = ascii;
        this.firstBytes = ascii ? (first[0] | 0x20) * EACH : 0;
        this.secondBytes = ascii && first.length > 1 ? (first[1] | 0x20) * EACH : 0;
    }

    /** The phrase that a person typed: the words of {@code text}. */
    public static Phrase of(String text) {
        return new Phrase(words(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** Whether there are no words; such a phrase is in every text. */
    public boolean isEmpty() {
        return words.length == 0;
    }

    /** How many words there are. */
    public int wordCount() {
        return words.length;
    }

    /** Word {@code index}, in lower case. */
    public String word(int index) {
        return new String(words[index], StandardCharsets.UTF_8);
    }

    /** The hashes of the words, distinct: a text that lacks one cannot have the phrase. */
    public long[] hashes() {
        return hashes.clone();
    }

    private static long[] pairs(List<byte[]> words, long[] hashes, Predicate<byte[]> isLeftOut) {
        return IntStream.range(1, hashes.length)
                .filter(at -> !isLeftOut.test(words.get(at - 1)) && !isLeftOut.test(words.get(at)))
                .mapToLong(at -> Tokens.pair(hashes[at - 1], hashes[at]))
                .distinct()
                .toArray();
    }

    /**
     * The hashes of those pairs of neighbours that filters have of every text, distinct: a text
     * that lacks one does not have the phrase.
     */
    public long[] pairs() {
        return pairsAnywhere.clone();
    }

    /**
     * The hashes of all pairs of neighbours, or of a single word {@link Tokens#alone}: a value of a
     * field that lacks one of the hashes does not have these words and no others.
     */
    public long[] pairsOfField() {
        return words.length == 1 ? new long[] {Tokens.alone(hashes[0])} : pairs.clone();
    }

    /**
     * Whether a number or an id of hex digits, with dashes or without, may have the phrase: such
     * values have no pairs in filters.
     */
    public boolean mayBeDigits() {
        /* A number has up to three words (1.5e-7), an id up to five, of 8, 4 and 12 digits. */
        boolean isShort = words.length <= 3;
        boolean isId = words.length <= 5;
        for (byte[] word : words) {
            for (byte unit : word) {
                if (!(unit >= '0' && unit <= '9' || unit >= 'a' && unit <= 'f')) {
                    return false;
                }
            }
            isId &= word.length == 4 || word.length == 8 || word.length == 12;
        }
        return isShort || isId;
    }

    /** Whether the text {@code data[from .. to)} has the phrase. */
    public boolean matches(byte[] data, int from, int to) {
        if (words.length == 0) {
            return true;
        }
        if (!asciiFirst) {
            return matchesWordByWord(data, from, to);
        }
        int at = candidate(data, from, to);
        while (at >= 0) {
            if (standsAt(data, from, at, to)) {
                return true;
            }
            at = candidate(data, at + 1, to);
        }
        return false;
    }

    /** Whether {@link #next} can look for it: its first word is of ASCII letters and digits. */
    public boolean isScanned() {
        return asciiFirst;
    }

    /**
     * The next place in {@code data[from .. to)}, where texts stand one after another with whatever
     * else between them, at which the phrase may begin in one of them; -1 for certainly none.
     */
    public int next(byte[] data, int from, int to) {
        if (!asciiFirst) {
            return from < to ? from : -1;
        }
        int at = candidate(data, from, to);
        while (at >= 0 && !mayStandAt(data, at, to)) {
            at = candidate(data, at + 1, to);
        }
        return at;
    }

    /** Whether it may begin in {@code data[from .. to)} and go on beyond; false is certain. */
    public boolean mayBeginIn(byte[] data, int from, int to) {
        byte[] first = words[0];
        for (int at = from; at < to; at++) {
            int length = Math.min(first.length, to - at);
            int same = 0;
            while (same < length
                    && data[at + same] >= 0
                    && Words.ASCII[data[at + same]] == first[same]) {
                same++;
            }
            if (same == length) {
                return true;
            }
        }
        return false;
    }

    /*
     * Whether the letters of all words are there with no others between them. That each is a whole
     * word is not asked: where a text begins and ends is not known.
     */
    private boolean mayStandAt(byte[] data, int from, int to) {
        int at = lettersEnd(words[0], data, from, to);
        for (int index = 1; index < words.length && at >= 0; index++) {
            at = lettersEnd(words[index], data, nextWord(data, at, to), to);
        }
        return at >= 0;
    }

    /**
     * Finds the rows that have the phrase.
     *
     * @param values the texts; null has no phrase, not even an empty one
     * @param bits a bit for each row, set where it matches and else left as it is
     * @return how many rows match
     */
    public int select(BytesColumn values, long[] bits) {
        return words.length == 0 || !asciiFirst
                ? selectRowByRow(values, bits)
                : selectByScan(values, bits);
    }

    private int selectRowByRow(BytesColumn values, long[] bits) {
        int found = 0;
        for (int row = 0; row < values.count(); row++) {
            boolean matches =
                    !values.isNull(row)
                            && matches(values.data(), values.start(row), values.end(row));
            if (matches) {
                bits[row >>> 6] |= 1L << row;
                found++;
            }
        }
        return found;
    }

    /* All rows' bytes are one text to scan; a candidate is then looked at inside its own row. */
    private int selectByScan(BytesColumn values, long[] bits) {
        int count = values.count();
        if (count == 0) {
            return 0;
        }
        byte[] data = values.data();
        int end = values.end(count - 1);
        int found = 0;
        int row = 0;
        int at = candidate(data, values.start(0), end);
        while (at >= 0) {
            while (values.end(row) <= at) {
                row++;
            }
            int rowEnd = values.end(row);
            if (standsAt(data, values.start(row), at, rowEnd)) {
                bits[row >>> 6] |= 1L << row;
                found++;
                at = rowEnd - 1;
            }
            at = candidate(data, at + 1, end);
        }
        return found;
    }

    /* The next place from which on the first word may stand; -1 for none. */
    private int candidate(byte[] data, int from, int to) {
        int at = from;
        boolean pair = words[0].length > 1;
        int last = to - (pair ? 9 : 8);
        for (; at <= last; at += 8) {
            while (at <= last - 24
                    && (firsts(data, at, pair)
                                    | firsts(data, at + 8, pair)
                                    | firsts(data, at + 16, pair)
                                    | firsts(data, at + 24, pair))
                            == 0) {
                at += 32;
            }
            if (at > last) {
                break;
            }
            long zeros = firsts(data, at, pair);
            if (zeros != 0) {
                return at + (Long.numberOfTrailingZeros(zeros) >>> 3);
            }
        }
        byte first = (byte) firstBytes;
        for (; at < to; at++) {
            if ((byte) (data[at] | 0x20) == first) {
                return at;
            }
        }
        return -1;
    }

    /* The lowest bit that is set is of a byte, of the 8 from at on, that is the first of the word. */
    private long firsts(byte[] data, int at, boolean pair) {
        long differs = ((long) LONGS.get(data, at) | CASE) ^ firstBytes;
        if (pair) {
            differs |= ((long) LONGS.get(data, at + 1) | CASE) ^ secondBytes;
        }
        return ~((differs & LOW_BITS) + LOW_BITS | differs | LOW_BITS);
    }

    private boolean standsAt(byte[] data, int from, int at, int to) {
        byte[] first = words[0];
        int end = at + first.length;
        if (end > to) {
            return false;
        }
        for (int index = 0; index < first.length; index++) {
            int unit = data[at + index];
            if (unit < 0 || Words.ASCII[unit] != first[index]) {
                return false;
            }
        }
        return !Words.beginsAt(data, end, to)
                && !Words.endsBefore(data, from, at)
                && restFollows(data, end, to);
    }

    private boolean restFollows(byte[] data, int from, int to) {
        int at = from;
        for (int index = 1; index < words.length; index++) {
            at = wordEnd(words[index], data, nextWord(data, at, to), to);
            if (at < 0) {
                return false;
            }
        }
        return true;
    }

    private static int nextWord(byte[] data, int from, int to) {
        int at = from;
        while (at < to && !Words.beginsAt(data, at, to)) {
            at += data[at] >= 0 ? 1 : Words.size(Words.decode(data, at, to));
        }
        return at;
    }

    /* Where the word that begins at from ends if it is the given one, else -1. */
    private static int wordEnd(byte[] word, byte[] data, int from, int to) {
        int end = lettersEnd(word, data, from, to);
        return end < 0 || Words.beginsAt(data, end, to) ? -1 : end;
    }

    /* The same for a word that may go on. */
    private static int lettersEnd(byte[] word, byte[] data, int from, int to) {
        int at = from;
        int index = 0;
        while (index < word.length) {
            if (at >= to) {
                return -1;
            }
            int unit = data[at];
            if (unit >= 0) {
                if (Words.ASCII[unit] != word[index]) {
                    return -1;
                }
                at++;
                index++;
                continue;
            }
            int codePoint = Words.decode(data, at, to);
            if (!Words.isWord(codePoint) || word[index] >= 0) {
                return -1;
            }
            int expected = Words.decode(word, index, word.length);
            if (Words.fold(codePoint) != expected) {
                return -1;
            }
            at += Words.size(codePoint);
            index += Words.size(expected);
        }
        return at;
    }

    private boolean matchesWordByWord(byte[] data, int from, int to) {
        int at = nextWord(data, from, to);
        while (at < to) {
            int end = wordEnd(words[0], data, at, to);
            if (end >= 0 && restFollows(data, end, to)) {
                return true;
            }
            while (Words.beginsAt(data, at, to)) {
                at += data[at] >= 0 ? 1 : Words.size(Words.decode(data, at, to));
            }
            at = nextWord(data, at, to);
        }
        return false;
    }

    private static List<byte[]> words(byte[] text) {
        List<byte[]> words = new ArrayList<>();
        int at = nextWord(text, 0, text.length);
        while (at < text.length) {
            byte[] word = new byte[(text.length - at) * 2];
            int length = 0;
            while (Words.beginsAt(text, at, text.length)) {
                if (text[at] >= 0) {
                    word[length++] = Words.ASCII[text[at++]];
                } else {
                    int codePoint = Words.decode(text, at, text.length);
                    length += Words.encode(Words.fold(codePoint), word, length);
                    at += Words.size(codePoint);
                }
            }
            words.add(Arrays.copyOf(word, length));
            at = nextWord(text, at, text.length);
        }
        return words;
    }
}
