package dev.belfry.model.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads what {@link WireWriter} wrote. Every read is checked against the end first, so that nothing
 * is allocated for damaged lengths; for one thread.
 */
public final class WireReader {
    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INTS =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private final byte[] bytes;
    private final int from;
    private final int end;
    private int at;

    /** A reader of {@code bytes[from .. from + length)}. */
    public WireReader(byte[] bytes, int from, int length) {
        if (from < 0 || length < 0 || length > bytes.length - from) {
            throw new IllegalArgumentException(
                    "range: " + from + " + " + length + " (expected: within " + bytes.length + ")");
        }
        this.bytes = bytes;
        this.from = from;
        this.at = from;
        this.end = from + length;
    }

    /** How many bytes are read. */
    public int position() {
        return at - from;
    }

    /** How many bytes are left. */
    public int remaining() {
        return end - at;
    }

    /** The array that is read. */
    public byte[] array() {
        return bytes;
    }

    /**
     * Passes over {@code length} bytes.
     *
     * @return where in {@link #array()} they start
     * @throws WireFormatException when fewer are left
     */
    public int skip(long length) {
        if (length < 0 || length > end - at) {
            throw wrong("a value of " + length + " bytes", "at most " + (end - at) + " more");
        }
        int start = at;
        at += (int) length;
        return start;
    }

    /** Reads a byte, 0–255. */
    public int u8() {
        return bytes[skip(1)] & 0xFF;
    }

    /** Reads 4 bytes. */
    public int i32() {
        return (int) INTS.get(bytes, skip(4));
    }

    /** Reads 8 bytes. */
    public long i64() {
        return (long) LONGS.get(bytes, skip(8));
    }

    /** Reads what {@link WireWriter#varint} wrote. */
    public long varint() {
        long value = 0;
        for (int shift = 0; shift < 63; shift += 7) {
            int group = u8();
            value |= (long) (group & 0x7F) << shift;
            if (group < 0x80) {
                return value;
            }
        }
        throw wrong("a number of over 9 bytes", "at most 9");
    }

    /** Reads a varint that is at most {@code max}; {@code what} names it in the error. */
    public int count(String what, long max) {
        long value = varint();
        if (value > Math.min(max, Integer.MAX_VALUE)) {
            throw wrong(what + " " + value, "at most " + max);
        }
        return (int) value;
    }

    /** Reads {@code count} values of 8 bytes. */
    public long[] longs(int count) {
        int start = skip(count * 8L);
        long[] values = new long[count];
        ByteBuffer.wrap(bytes, start, count * 8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .asLongBuffer()
                .get(values);
        return values;
    }

    /** Reads {@code count} values of 4 bytes. */
    public int[] ints(int count) {
        int start = skip(count * 4L);
        int[] values = new int[count];
        ByteBuffer.wrap(bytes, start, count * 4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .asIntBuffer()
                .get(values);
        return values;
    }

    /** Reads {@code length} bytes. */
    public byte[] bytes(int length) {
        int start = skip(length);
        return Arrays.copyOfRange(bytes, start, start + length);
    }

    /** Reads {@code count} values that {@link WireWriter#deltas(int[], int)} wrote. */
    public int[] intDeltas(int count) {
        if (count > remaining()) {
            throw wrong(count + " numbers", "at most " + remaining());
        }
        int[] values = new int[count];
        intDeltas(values, count);
        return values;
    }

    /** The same, into the first places of {@code values}. */
    public void intDeltas(int[] values, int count) {
        int value = 0;
        for (int i = 0; i < count; i++) {
            long distance = signed();
            if (distance != (int) distance) {
                throw wrong("a distance of " + distance, "32 bits");
            }
            value += (int) distance;
            values[i] = value;
        }
    }

    /** Reads {@code count} values that {@link WireWriter#deltas(long[], int)} wrote. */
    public long[] longDeltas(int count) {
        if (count > remaining()) {
            throw wrong(count + " numbers", "at most " + remaining());
        }
        long[] values = new long[count];
        longDeltas(values, count);
        return values;
    }

    /** The same, into the first places of {@code values}. */
    public void longDeltas(long[] values, int count) {
        long value = 0;
        for (int i = 0; i < count; i++) {
            value += signed();
            values[i] = value;
        }
    }

    /** Reads what {@link WireWriter#signed} wrote. */
    public long signed() {
        long value = 0;
        for (int shift = 0; shift < 70; shift += 7) {
            if (at == end) {
                throw wrong("the end", "a number");
            }
            int group = bytes[at++];
            value |= (long) (group & 0x7F) << shift;
            if (group >= 0) {
                return value >>> 1 ^ -(value & 1);
            }
        }
        throw wrong("a number of over 10 bytes", "at most 10");
    }

    /** Reads what {@link WireWriter#text} wrote. */
    public String text() {
        int length = count("text length", remaining());
        int start = skip(length);
        return new String(bytes, start, length, StandardCharsets.UTF_8);
    }

    /** A failure at the current position. */
    public WireFormatException wrong(String found, String expected) {
        return new WireFormatException(position(), found, expected);
    }
}
