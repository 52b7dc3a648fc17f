package dev.belfry.store.filter;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The words of texts and their hashes, for filters and search.
 *
 * <p>A word is a run of letters, digits (of any script) and {@code _}, in lower case. Bytes that
 * are not UTF-8 part words.
 */
public final class Tokens {
    /*
     * hash of a word: its bytes in lower case, eight at a time from the first (little endian, zeros
     * behind the last)
     *   state = fold(state ^ eight, MULTIPLIER), at the end fold(state ^ length, ...)
     * where fold multiplies to 128 bits and XORs the halves (after wyhash by Wang Yi). Eight bytes
     * are classified at once, by additions that carry into the highest bit of each (Warren,
     * "Hacker's Delight", 6-1), which also makes them lower case, so that a word of up to eight
     * bytes is hashed in two multiplications.
     *
     * A word of 16 or 32 hex digits hashes as the 8 or 16 bytes that it stands for: so a trace id
     * is found as a word though segments keep it in binary, and takes one place in the filter.
     */
    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private static final VarHandle EIGHTS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long EACH = 0x0101010101010101L;
    private static final long HIGH = 0x8080808080808080L;
    private static final long SEED = 0xa0761d6478bd642fL;
    private static final long MULTIPLIER = 0xe7037ed1a0b428dbL;
    private static final long LAST = 0x8ebc6af09c88c6e3L;
    private static final long BINARY = 0x589965cc75374cc3L;

    /** Takes words. */
    public interface Consumer {
        /**
         * Takes a word.
         *
         * @param first its first byte, in lower case
         * @param size its bytes in lower case
         */
        void word(long hash, int first, int size);
    }

    private Tokens() {}

    /** Adds the hash of each word of {@code data[from .. to)} to {@code into}. */
    public static void addAll(byte[] data, int from, int to, HashSet64 into) {
        forEach(data, from, to, (hash, _, _) -> into.add(hash));
    }

    /** Gives each word of {@code data[from .. to)}, in order, repeated ones again. */
    public static void forEach(byte[] data, int from, int to, Consumer consumer) {
        int at = from;
        while (at < to) {
            if (at + 8 > data.length) {
                at = wordByByte(data, at, to, consumer);
                continue;
            }
            long eight = (long) EIGHTS.get(data, at);
            long words = wordBytes(eight) & HIGH & inside(at, to);
            if ((words & 0x80) != 0) {
                at = word(data, at, to, eight, words, consumer);
                continue;
            }
            long seen = words | eight & HIGH & inside(at, to);
            if ((seen & 0x80) != 0) {
                at = beyondAscii(data, at, to, consumer);
            } else {
                at += seen == 0 ? 8 : Long.numberOfTrailingZeros(seen) >>> 3;
            }
        }
    }

    /* The word that begins with the first byte of `eight`, which is at from; where to go on. */
    private static int word(
            byte[] data, int from, int to, long eight, long words, Consumer consumer) {
        long others = ~words & HIGH;
        if (others == 0) {
            return longWord(data, from, to, eight, consumer);
        }
        int length = Long.numberOfTrailingZeros(others) >>> 3;
        long bytes = lower(eight) & (1L << (length << 3)) - 1;
        long state = fold(SEED ^ bytes, MULTIPLIER);
        return end(data, from, from + length, to, state, consumer);
    }

    /* The same of a word that has all bytes of `first`. */
    private static int longWord(byte[] data, int from, int to, long first, Consumer consumer) {
        long state = SEED;
        long eight = first;
        long others;
        int at = from;
        do {
            state = fold(state ^ lower(eight), MULTIPLIER);
            at += 8;
            if (at + 8 > data.length) {
                return wordByByte(data, from, to, consumer);
            }
            eight = (long) EIGHTS.get(data, at);
            others = ~(wordBytes(eight) & inside(at, to)) & HIGH;
        } while (others == 0);
        int length = Long.numberOfTrailingZeros(others) >>> 3;
        if (length > 0) {
            long bytes = lower(eight) & (1L << (length << 3)) - 1;
            state = fold(state ^ bytes, MULTIPLIER);
            at += length;
        }
        return end(data, from, at, to, state, consumer);
    }

    /*
     * Gives the word, unless it goes on with a character beyond ASCII, and where to go on: behind the byte that ended
     * it, so that a word behind one blank begins the next eight bytes.
     */
    private static int end(byte[] data, int from, int at, int to, long state, Consumer consumer) {
        if (at < to && data[at] < 0) {
            return beyondAscii(data, from, to, consumer);
        }
        int length = at - from;
        boolean mayBeHex = length == 16 || length == 32;
        long hash = mayBeHex ? hash(data, from, at, state) : fold(state ^ length, LAST);
        consumer.word(hash, Words.ASCII[data[from]], length);
        return at + 1;
    }

    private static long hash(byte[] data, int from, int to, long state) {
        return isHex(data, from, to) ? hexWord(data, from, to) : fold(state ^ to - from, LAST);
    }

    /* A mask of the bytes from at on that are before to. */
    private static long inside(int at, int to) {
        int left = to - at;
        return left >= 8 ? -1L : left <= 0 ? 0 : (1L << (left << 3)) - 1;
    }

    /*
     * The highest bit of each byte that is a letter or digit of ASCII or '_'; other bits are noise.
     */
    private static long wordBytes(long eight) {
        long low = eight & ~HIGH;
        long digits = low + (0x80 - '0') * EACH & ~(low + (0x80 - '9' - 1) * EACH);
        long underscores = ~((low ^ '_' * EACH) + ~HIGH);
        return (digits | letters(low) | underscores) & ~eight;
    }

    private static long letters(long low) {
        long folded = low | 0x20 * EACH;
        return folded + (0x80 - 'a') * EACH & ~(folded + (0x80 - 'z' - 1) * EACH);
    }

    /* Bytes of words in lower case: bit 0x20 set in letters. */
    private static long lower(long eight) {
        return eight | (letters(eight & ~HIGH) & HIGH) >>> 2;
    }

    /* Near the end of the array: the word at from, or one other byte; where to go on. */
    private static int wordByByte(byte[] data, int from, int to, Consumer consumer) {
        byte[] lower = Words.ASCII;
        long state = SEED;
        long eight = 0;
        int filled = 0;
        int at = from;
        while (at < to && data[at] >= 0 && lower[data[at]] != 0) {
            eight |= (long) lower[data[at]] << (filled << 3);
            at++;
            if (++filled == 8) {
                state = fold(state ^ eight, MULTIPLIER);
                eight = 0;
                filled = 0;
            }
        }
        if (at == from) {
            return data[at] < 0 ? beyondAscii(data, at, to, consumer) : at + 1;
        }
        if (filled > 0) {
            state = fold(state ^ eight, MULTIPLIER);
        }
        return end(data, from, at, to, state, consumer);
    }

    /* A word that has characters beyond ASCII, or what is not a word; where to go on. */
    private static int beyondAscii(byte[] data, int from, int to, Consumer consumer) {
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
            consumer.word(hash(word, 0, length), word[0], length);
        }
        return at;
    }

    /** The hash of two words, by theirs, of which the second follows the first. */
    public static long pair(long first, long second) {
        return fold(first ^ BINARY, second ^ MULTIPLIER);
    }

    /** The hash of a word, by its own, that is the only one of its text. */
    public static long alone(long word) {
        return fold(word ^ LAST, BINARY);
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
