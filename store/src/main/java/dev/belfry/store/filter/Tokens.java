package dev.belfry.store.filter;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

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

    private static final int BLOCK = 64;

    private static final long EACH = 0x0101010101010101L;
    private static final long HIGH = 0x8080808080808080L;

    /* What bits 0, 8, 16 and so on are multiplied by to stand side by side in the highest byte. */
    private static final long GATHER = 0x0102040810204080L;

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
        long before = 0; // Whether the byte ahead of the block belongs to a word.
        int start = from;
        for (int block = from; block < to; block += BLOCK) {
            long words = wordBits(data, block, Math.min(to, block + BLOCK));
            long shifted = words << 1 | before;
            long starts = words & ~shifted;
            long ends = shifted & ~words;
            if (before == 0) {
                start = block + Long.numberOfTrailingZeros(starts);
                starts &= starts - 1;
            }
            while (ends != 0) {
                word(data, start, block + Long.numberOfTrailingZeros(ends), consumer);
                ends &= ends - 1;
                start = block + Long.numberOfTrailingZeros(starts);
                starts &= starts - 1;
            }
            before = words >>> BLOCK - 1;
        }
        if (before != 0) {
            word(data, start, to, consumer);
        }
    }

    /* A bit for each byte, the first the lowest: whether it is of a word, or beyond ASCII, where that is not known. */
    private static long wordBits(byte[] data, int from, int to) {
        long bits = 0;
        for (int at = from; at < to; at += 8) {
            long eight = eight(data, at);
            long found = (wordBytes(eight) | eight) & HIGH;
            bits |= (found >>> 7) * GATHER >>> 56 << at - from;
        }
        int size = to - from;
        return size == BLOCK ? bits : bits & (1L << size) - 1;
    }

    private static long eight(byte[] data, int at) {
        return at + 8 <= data.length ? (long) EIGHTS.get(data, at) : last(data, at);
    }

    private static long last(byte[] data, int from) {
        long eight = 0;
        for (int at = data.length - 1; at >= from; at--) {
            eight = eight << 8 | data[at] & 0xFF;
        }
        return eight;
    }

    private static void word(byte[] data, int from, int to, Consumer consumer) {
        long state = SEED;
        long seen = 0;
        int at = from;
        for (; to - at > 8; at += 8) {
            long eight = lower(eight(data, at));
            seen |= eight;
            state = fold(state ^ eight, MULTIPLIER);
        }
        long eight = lower(eight(data, at)) & -1L >>> 64 - (to - at << 3);
        if (((seen | eight) & HIGH) != 0) {
            beyondAscii(data, from, to, consumer);
            return;
        }
        state = fold(state ^ eight, MULTIPLIER);
        int length = to - from;
        boolean mayBeHex = length == 16 || length == 32;
        long hash = mayBeHex ? hash(data, from, to, state) : fold(state ^ length, LAST);
        consumer.word(hash, Words.ASCII[data[from]], length);
    }

    private static long hash(byte[] data, int from, int to, long state) {
        return isHex(data, from, to) ? hexWord(data, from, to) : fold(state ^ to - from, LAST);
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

    /* The words of a run that has characters beyond ASCII, some of which may part words. */
    private static void beyondAscii(byte[] data, int from, int to, Consumer consumer) {
        byte[] word = new byte[2 * (to - from)];
        int length = 0;
        int at = from;
        while (at < to) {
            int codePoint = data[at] >= 0 ? data[at] : Words.decode(data, at, to);
            at += Words.size(codePoint);
            if (codePoint >= 0 && codePoint < 0x80) {
                word[length++] = Words.ASCII[codePoint];
            } else if (Words.isWord(codePoint)) {
                length += Words.encode(Words.fold(codePoint), word, length);
            } else if (length > 0) {
                consumer.word(hash(word, 0, length), word[0], length);
                length = 0;
            }
        }
        if (length > 0) {
            consumer.word(hash(word, 0, length), word[0], length);
        }
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
