package dev.belfry.store.filter;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.LongConsumer;

/**
 * The words of texts and their hashes, for filters and search.
 *
 * <p>A word is a run of letters, digits (of any script) and {@code _}, in lower case. Bytes that
 * are not UTF-8 part words.
 */
public final class Tokens {
    /*
     * hash of a word: its bytes in lower case, eight at a time from the first (little endian, zeros behind the last)
     *   state = fold(state ^ eight, MULTIPLIER), at the end fold(state ^ length, ...)
     * where fold multiplies to 128 bits and XORs the halves (after wyhash by Wang Yi). The bits of words are gathered in a
     * register while they are classified, so that a text is passed over once.
     *
     * A word of 16 or 32 hex digits hashes as the 8 or 16 bytes that it stands for: so a trace id is found as a word
     * though segments keep it in binary, and takes one place in the filter.
     */
    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private static final long SEED = 0xa0761d6478bd642fL;
    private static final long MULTIPLIER = 0xe7037ed1a0b428dbL;
    private static final long LAST = 0x8ebc6af09c88c6e3L;
    private static final long BINARY = 0x589965cc75374cc3L;

    private Tokens() {}

    /** Adds the hash of each word of {@code data[from .. to)} to {@code into}. */
    public static void addAll(byte[] data, int from, int to, HashSet64 into) {
        forEach(data, from, to, into::add);
    }

    /** Gives the hash of each word of {@code data[from .. to)}, in order, repeated ones again. */
    public static void forEach(byte[] data, int from, int to, LongConsumer consumer) {
        byte[] lower = Words.ASCII;
        int at = from;
        while (at < to) {
            int unit = data[at];
            if (unit >= 0 && lower[unit] == 0) {
                at++;
                continue;
            }
            int start = at;
            long state = SEED;
            long eight = 0;
            int filled = 0;
            while (at < to) {
                unit = data[at];
                if (unit < 0 || lower[unit] == 0) {
                    break;
                }
                eight |= (long) lower[unit] << (filled << 3);
                at++;
                if (++filled == 8) {
                    state = fold(state ^ eight, MULTIPLIER);
                    eight = 0;
                    filled = 0;
                }
            }
            if (at < to && unit < 0) {
                at = beyondAscii(data, start, to, consumer);
                continue;
            }
            int length = at - start;
            if ((length == 16 || length == 32) && isHex(data, start, at)) {
                consumer.accept(hexWord(data, start, at));
                continue;
            }
            if (filled > 0) {
                state = fold(state ^ eight, MULTIPLIER);
            }
            consumer.accept(fold(state ^ length, LAST));
        }
    }

    /* A word that has characters beyond ASCII, or what is not a word; where to go on. */
    private static int beyondAscii(byte[] data, int from, int to, LongConsumer consumer) {
        byte[] word = new byte[64];
        int length = 0;
        int at = from;
        while (at < to) {
            int unit = data[at];
            if (length + 4 > word.length) {
                word = Arrays.copyOf(word, word.length * 2);
            }
            if (unit >= 0) {
                if (Words.ASCII[unit] == 0) {
                    break;
                }
                word[length++] = Words.ASCII[unit];
                at++;
                continue;
            }
            int codePoint = Words.decode(data, at, to);
            if (!Words.isWord(codePoint)) {
                at += Words.size(codePoint);
                break;
            }
            length += Words.encode(Words.fold(codePoint), word, length);
            at += Words.size(codePoint);
        }
        if (length > 0) {
            consumer.accept(hash(word, 0, length));
        }
        return at;
    }

    /** The hash of a word that is in lower case already. */
    public static long hash(String word) {
        byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
        return hash(bytes, 0, bytes.length);
    }

    /** The hash of the word {@code data[from .. to)}, which is in lower case already. */
    public static long hash(byte[] data, int from, int to) {
        int length = to - from;
        if ((length == 16 || length == 32) && isHex(data, from, to)) {
            return hexWord(data, from, to);
        }
        return plain(SEED, data, from, to);
    }

    private static long plain(long seed, byte[] data, int from, int to) {
        long state = seed;
        for (int at = from; at < to; at += 8) {
            long eight = 0;
            for (int index = Math.min(to - at, 8) - 1; index >= 0; index--) {
                eight = eight << 8 | data[at + index] & 0xFF;
            }
            state = fold(state ^ eight, MULTIPLIER);
        }
        return fold(state ^ to - from, LAST);
    }

    /** The hash of the word of 16 hex digits that {@code data[from .. from + 8)} is in binary. */
    public static long hash8(byte[] data, int from) {
        return binary((long) LONGS.get(data, from), 0, 8);
    }

    /** The hash of the word of 32 hex digits that {@code data[from .. from + 16)} is in binary. */
    public static long hash16(byte[] data, int from) {
        return binary((long) LONGS.get(data, from), (long) LONGS.get(data, from + 8), 16);
    }

    /**
     * The hash of a whole value of an id column ({@code request_id}, {@code user_id} …), as it was
     * sent. For {@code trace_id} and {@code span_id} of 32 and 16 hex digits it is that of the
     * word.
     */
    public static long idHash(String key, byte[] data, int from, int to) {
        if (key.equals("trace_id") || key.equals("span_id")) {
            int length = to - from;
            if ((length == 16 || length == 32) && isHex(data, from, to)) {
                return hexWord(data, from, to);
            }
        }
        return plain(idSeed(key), data, from, to);
    }

    /** {@link #idHash(String, byte[], int, int)} of the UUID with dashes that 16 bytes are. */
    public static long uuidHash(String key, byte[] data, int from) {
        byte[] text = new byte[36];
        int at = 0;
        for (int index = 0; index < 16; index++) {
            if (index == 4 || index == 6 || index == 8 || index == 10) {
                text[at++] = '-';
            }
            text[at++] = digit(data[from + index] >> 4 & 0xF);
            text[at++] = digit(data[from + index] & 0xF);
        }
        return plain(idSeed(key), text, 0, text.length);
    }

    private static byte digit(int value) {
        return (byte) (value < 10 ? '0' + value : 'a' + value - 10);
    }

    private static long idSeed(String key) {
        byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
        return plain(BINARY, bytes, 0, bytes.length);
    }

    private static long binary(long high, long low, int size) {
        return fold(fold(high ^ BINARY, MULTIPLIER) ^ low, LAST ^ size);
    }

    private static long hexWord(byte[] data, int from, int to) {
        long high = packed(data, from);
        return to - from == 16 ? binary(high, 0, 8) : binary(high, packed(data, from + 16), 16);
    }

    private static long packed(byte[] data, int from) {
        long value = 0;
        for (int index = from; index < from + 16; index++) {
            int unit = data[index];
            // Digits are 0x30.., letters of either case 0x41.. or 0x61..
            value = value << 4 | (unit & 0xF) + (unit >>> 6) * 9;
        }
        return value;
    }

    private static boolean isHex(byte[] data, int from, int to) {
        for (int index = from; index < to; index++) {
            int unit = data[index] | 0x20;
            boolean digit = data[index] >= '0' && data[index] <= '9';
            if (!digit && (unit < 'a' || unit > 'f')) {
                return false;
            }
        }
        return true;
    }

    private static long fold(long left, long right) {
        return left * right ^ Math.unsignedMultiplyHigh(left, right);
    }
}
