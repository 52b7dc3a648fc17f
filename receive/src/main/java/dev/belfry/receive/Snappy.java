package dev.belfry.receive;

import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Snappy's block format: inflates with a bound, and deflates. */
public final class Snappy {
    /*
     * https://github.com/google/snappy/blob/main/format_description.txt: the inflated length as a varint, then
     * elements whose first byte's low bits say what they are:
     *
     *   00 literal, length - 1 in the upper six bits, or behind it in 1 to 4 bytes for 60 to 63
     *   01 copy,    length 4 to 11, offset of 11 bits
     *   10 copy,    length 1 to 64, offset of 16 bits
     *   11 copy,    length 1 to 64, offset of 32 bits
     *
     * The length is believed only as far as so many bytes can be inflated to at all: an element of three bytes gives
     * 64. Short literals and copies are moved eight bytes at a time, over their end where there is room: what stands
     * there is written again by what follows.
     */
    private static final int RATIO_MAX = 22;
    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INTS =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle SHORTS =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

    /* An element with its 16 bytes, or what a copy of 64 bytes is written over by. */
    private static final int QUICK_BYTES = 72;
    private static final int TABLE_BITS = 14;
    private static final int BLOCK = 1 << 16;

    private final byte[] in;
    private final int end;
    private int at;

    private Snappy(byte[] in, int end) {
        this.in = in;
        this.end = end;
    }

    /**
     * The inflated block.
     *
     * @throws BelfryException TOO_LARGE when it says to be over {@code maxBytes}; VALIDATION_ERROR
     *     when it is no block
     */
    static byte[] inflate(byte[] block, int maxBytes) {
        byte[] out = new byte[inflatedLength(block, block.length, maxBytes)];
        inflate(block, block.length, out);
        return out;
    }

    /**
     * How many bytes {@code block[0 .. length)} inflates to, as it says and as can be.
     *
     * @throws BelfryException as {@link #inflate(byte[], int)}
     */
    public static int inflatedLength(byte[] block, int length, int maxBytes) {
        Snappy snappy = new Snappy(block, length);
        long inflated = snappy.varint();
        if (inflated > maxBytes) {
            throw Inflation.tooLarge(maxBytes);
        }
        if (inflated > (long) length * RATIO_MAX) {
            throw snappy.wrong("a length that so few bytes can have");
        }
        return (int) inflated;
    }

    /**
     * Inflates {@code block[0 .. length)} to the beginning of {@code out}, which has room for
     * {@link #inflatedLength} bytes or more; what stands behind them may change.
     *
     * @throws BelfryException VALIDATION_ERROR when it is no block
     */
    public static void inflate(byte[] block, int length, byte[] out) {
        new Snappy(block, length).run(out);
    }

    private void run(byte[] out) {
        int length = (int) varint();
        int size = 0;
        while (at < end) {
            size = quick(out, size, length);
            if (at < end) {
                size = element(out, size, length);
            }
        }
        if (size != length) {
            throw wrong(length + " bytes");
        }
    }

    /**
     * Inflates short literals and copies with offsets of up to 16 bits while there is room around
     * them; stops ahead of all else, and of what is wrong.
     */
    private int quick(byte[] out, int from, int length) {
        byte[] block = in;
        int here = at;
        int size = from;
        int last = end - QUICK_BYTES;
        int limit = Math.min(length, out.length - QUICK_BYTES);
        while (here <= last && size < limit) {
            int tag = block[here] & 0xFF;
            int count = (tag >>> 2) + 1;
            if ((tag & 3) == 0) {
                if (count > 16 || count > length - size) {
                    break;
                }
                LONGS.set(out, size, (long) LONGS.get(block, here + 1));
                LONGS.set(out, size + 8, (long) LONGS.get(block, here + 9));
                here += 1 + count;
                size += count;
                continue;
            }
            int offset;
            int bytes;
            if ((tag & 3) == 2) {
                offset = (short) SHORTS.get(block, here + 1) & 0xFFFF;
                bytes = 3;
            } else {
                count = (tag >>> 2 & 7) + 4;
                offset = (tag & 0xE0) << 3 | block[here + 1] & 0xFF;
                bytes = 2;
            }
            if ((tag & 3) == 3 || offset < 8 || offset > size || count > length - size) {
                break;
            }
            int source = size - offset;
            for (int index = 0; index < count; index += 8) {
                LONGS.set(out, size + index, (long) LONGS.get(out, source + index));
            }
            here += bytes;
            size += count;
        }
        at = here;
        return size;
    }

    private int element(byte[] out, int size, int length) {
        int tag = in[at++] & 0xFF;
        if ((tag & 3) != 0) {
            return copy(tag, out, size, length);
        }
        int count = literal(tag >>> 2);
        if (count < 0 || count > length - size || count > end - at) {
            throw wrong("a literal within the block");
        }
        System.arraycopy(in, at, out, size, count);
        at += count;
        return size + count;
    }

    private long varint() {
        long value = 0;
        for (int shift = 0; shift < 35; shift += 7) {
            if (at >= end) {
                break;
            }
            byte next = in[at++];
            value |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw wrong("the length of the block");
    }

    private int literal(int code) {
        if (code < 60) {
            return code + 1;
        }
        long length = number(code - 59) + 1;
        return length > Integer.MAX_VALUE ? -1 : (int) length;
    }

    private int copy(int tag, byte[] out, int size, int length) {
        int count;
        long offset;
        switch (tag & 3) {
            case 1 -> {
                count = (tag >>> 2 & 7) + 4;
                offset = (long) (tag >>> 5) << 8 | number(1);
            }
            case 2 -> {
                count = (tag >>> 2) + 1;
                offset = number(2);
            }
            default -> {
                count = (tag >>> 2) + 1;
                offset = number(4);
            }
        }
        if (offset == 0 || offset > size || count > length - size) {
            throw wrong("a copy of what is there");
        }
        int from = size - (int) offset;
        if (offset >= count) {
            System.arraycopy(out, from, out, size, count);
        } else {
            for (int index = 0; index < count; index++) {
                out[size + index] = out[from + index];
            }
        }
        return size + count;
    }

    private long number(int bytes) {
        if (end - at < bytes) {
            throw wrong("the rest of an element");
        }
        long value = 0;
        for (int index = 0; index < bytes; index++) {
            value |= (long) (in[at++] & 0xFF) << 8 * index;
        }
        return value;
    }

    private BelfryException wrong(String expected) {
        return new BelfryException(
                ErrorCode.VALIDATION_ERROR,
                "body: no Snappy block at byte " + at + " (expected: " + expected + ")");
    }

    // ---- deflating

    /** The block of {@code plain[0 .. length)}. */
    public static byte[] deflate(byte[] plain, int length) {
        return new Deflation(plain, length).run();
    }

    /** Finds what was there before by a table of the places of four bytes, as Snappy itself. */
    private static final class Deflation {
        private final byte[] plain;
        private final int length;
        private final int[] table = new int[1 << TABLE_BITS];
        private byte[] out;
        private int size;

        Deflation(byte[] plain, int length) {
            this.plain = plain;
            this.length = length;
            out = new byte[Math.addExact(32 + length, length / 6)];
        }

        byte[] run() {
            int rest = length;
            while (rest >= 0x80) {
                out[size++] = (byte) (rest | 0x80);
                rest >>>= 7;
            }
            out[size++] = (byte) rest;
            for (int from = 0; from < length; from += BLOCK) {
                block(from, Math.min(length, from + BLOCK));
            }
            return Arrays.copyOf(out, size);
        }

        private void block(int from, int to) {
            Arrays.fill(table, from - 1);
            int literal = from;
            int here = from;
            int misses = 32;
            while (here <= to - 4) {
                int word = (int) INTS.get(plain, here);
                int slot = word * 0x1E35A7BD >>> 32 - TABLE_BITS;
                int before = table[slot];
                table[slot] = here;
                if (before < from || (int) INTS.get(plain, before) != word) {
                    here += misses++ >> 5;
                    continue;
                }
                literal(literal, here);
                int matched = 4;
                while (here + matched < to && plain[before + matched] == plain[here + matched]) {
                    matched++;
                }
                copies(here - before, matched);
                here += matched;
                literal = here;
                misses = 32;
            }
            literal(literal, to);
        }

        private void literal(int from, int to) {
            int count = to - from;
            if (count == 0) {
                return;
            }
            int code = count - 1;
            if (code < 60) {
                out[size++] = (byte) (code << 2);
            } else if (code < 256) {
                out[size++] = (byte) (60 << 2);
                out[size++] = (byte) code;
            } else {
                out[size++] = (byte) (61 << 2);
                out[size++] = (byte) code;
                out[size++] = (byte) (code >>> 8);
            }
            System.arraycopy(plain, from, out, size, count);
            size += count;
        }

        private void copies(int offset, int matched) {
            int rest = matched;
            while (rest > 0) {
                int count = Math.min(64, rest);
                out[size++] = (byte) (count - 1 << 2 | 2);
                out[size++] = (byte) offset;
                out[size++] = (byte) (offset >>> 8);
                rest -= count;
            }
        }
    }
}
