package dev.belfry.receive;

import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;

/** Inflates Snappy's block format with a bound. */
final class Snappy {
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
     * 64.
     */
    private static final int RATIO_MAX = 22;

    private final byte[] in;
    private int at;

    private Snappy(byte[] in) {
        this.in = in;
    }

    /**
     * The inflated block.
     *
     * @throws BelfryException TOO_LARGE when it says to be over {@code maxBytes}; VALIDATION_ERROR
     *     when it is no block
     */
    static byte[] inflate(byte[] block, int maxBytes) {
        return new Snappy(block).run(maxBytes);
    }

    private byte[] run(int maxBytes) {
        long length = varint();
        if (length > maxBytes) {
            throw Inflation.tooLarge(maxBytes);
        }
        if (length > (long) in.length * RATIO_MAX) {
            throw wrong("a length that so few bytes can have");
        }
        byte[] out = new byte[(int) length];
        int size = 0;
        while (at < in.length) {
            int tag = in[at++] & 0xFF;
            if ((tag & 3) == 0) {
                int count = literal(tag >>> 2);
                if (count < 0 || count > out.length - size || count > in.length - at) {
                    throw wrong("a literal within the block");
                }
                System.arraycopy(in, at, out, size, count);
                at += count;
                size += count;
            } else {
                size = copy(tag, out, size);
            }
        }
        if (size != out.length) {
            throw wrong(out.length + " bytes");
        }
        return out;
    }

    private long varint() {
        long value = 0;
        for (int shift = 0; shift < 35; shift += 7) {
            if (at >= in.length) {
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

    private int copy(int tag, byte[] out, int size) {
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
        if (offset == 0 || offset > size || count > out.length - size) {
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
        if (in.length - at < bytes) {
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
}
