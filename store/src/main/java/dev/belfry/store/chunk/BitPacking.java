package dev.belfry.store.chunk;

import dev.belfry.model.wire.WireReader;
import dev.belfry.model.wire.WireWriter;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Unsigned longs in as few bits as the largest of each {@link #GROUP} needs. */
final class BitPacking {
    /*
     *   for each group of 64 (the last may be shorter): width u8 (0–64) | values, lowest bit first,
     *   up to a whole byte
     */
    static final int GROUP = 64;

    /* What a reader of 8 bytes at once may read beyond the end. */
    static final int SLACK_BYTES = 16;

    /* The longest value that a read of 8 bytes has whole, from any bit of the first on. */
    static final int NARROW_BITS_MAX = 57;

    static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private BitPacking() {}

    /** How many bits {@code value} needs, as an unsigned number. */
    static int width(long value) {
        return Long.SIZE - Long.numberOfLeadingZeros(value);
    }

    /** The bytes that {@link #write} writes. */
    static long size(long[] values, int from, int end) {
        long size = 0;
        for (int start = from; start < end; start += GROUP) {
            int stop = Math.min(end, start + GROUP);
            size += 1 + ((stop - start) * widest(values, start, stop) + 7L >> 3);
        }
        return size;
    }

    private static long widest(long[] values, int start, int stop) {
        long any = 0;
        for (int i = start; i < stop; i++) {
            any |= values[i];
        }
        return width(any);
    }

    /** Writes {@code values[from .. end)}. */
    static void write(long[] values, int from, int end, WireWriter out) {
        for (int start = from; start < end; start += GROUP) {
            int stop = Math.min(end, start + GROUP);
            int width = (int) widest(values, start, stop);
            out.u8(width);
            int size = (stop - start) * width + 7 >> 3;
            out.ensure(size + SLACK_BYTES);
            pack(values, start, stop, width, out.array(), out.take(size));
        }
    }

    private static void pack(
            long[] values, int start, int stop, int width, byte[] bytes, int from) {
        long word = 0;
        int filled = 0;
        int at = from;
        for (int i = start; i < stop; i++) {
            long value = values[i];
            word |= value << filled;
            filled += width;
            if (filled >= Long.SIZE) {
                LONGS.set(bytes, at, word);
                at += Long.BYTES;
                filled -= Long.SIZE;
                word = filled == 0 ? 0 : value >>> width - filled;
            }
        }
        LONGS.set(bytes, at, word);
    }

    /** Reads into {@code values[from .. end)}; the reader's array has {@link #SLACK_BYTES} more. */
    static void read(WireReader in, long[] values, int from, int end) {
        for (int start = from; start < end; start += GROUP) {
            int stop = Math.min(end, start + GROUP);
            int width = in.u8();
            if (width > Long.SIZE) {
                throw in.wrong("a width of " + width, "at most 64");
            }
            int at = in.skip((stop - start) * width + 7 >> 3);
            unpack(in.array(), at, width, values, start, stop);
        }
    }

    private static void unpack(
            byte[] bytes, int at, int width, long[] values, int start, int stop) {
        if (width == 0) {
            Arrays.fill(values, start, stop, 0);
        } else if (width <= NARROW_BITS_MAX) {
            long mask = -1L >>> Long.SIZE - width;
            int bit = 0;
            for (int i = start; i < stop; i++) {
                values[i] = (long) LONGS.get(bytes, at + (bit >>> 3)) >>> (bit & 7) & mask;
                bit += width;
            }
        } else {
            long mask = -1L >>> Long.SIZE - width;
            int bit = 0;
            for (int i = start; i < stop; i++) {
                int place = at + (bit >>> 3);
                int shift = bit & 7;
                long low = (long) LONGS.get(bytes, place) >>> shift;
                long high = shift == 0 ? 0 : (long) bytes[place + 8] << Long.SIZE - shift;
                values[i] = (low | high) & mask;
                bit += width;
            }
        }
    }

    /** The {@code width} bits (0–64) from bit {@code bit} after {@code bytes[from]} on. */
    static long wideBits(byte[] bytes, int from, long bit, int width) {
        if (width == 0) {
            return 0;
        }
        int place = from + (int) (bit >>> 3);
        int shift = (int) bit & 7;
        long word = (long) LONGS.get(bytes, place) >>> shift;
        if (width + shift > Long.SIZE) {
            word |= (long) bytes[place + 8] << Long.SIZE - shift;
        }
        return word & -1L >>> Long.SIZE - width;
    }
}
