package dev.belfry.model.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A byte buffer that grows while values are written to its end; little endian; for one thread. */
public final class WireWriter {
    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INTS =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private byte[] bytes;
    private int size;

    /** An empty writer with room for {@code expectedBytes} to begin with. */
    public WireWriter(int expectedBytes) {
        bytes = new byte[Math.max(64, expectedBytes)];
    }

    /** How many bytes are written. */
    public int size() {
        return size;
    }

    /**
     * The buffer; its first {@link #size()} bytes are written, and the next write may replace it.
     */
    public byte[] array() {
        return bytes;
    }

    /** A copy of what is written. */
    public byte[] toByteArray() {
        return Arrays.copyOf(bytes, size);
    }

    /** Forgets what was written and keeps the buffer. */
    public void clear() {
        size = 0;
    }

    /** Makes room for {@code more} bytes beyond those written. */
    public void ensure(int more) {
        int needed = Math.addExact(size, more);
        if (needed > bytes.length) {
            long doubled = Math.min(Integer.MAX_VALUE - 16L, bytes.length * 2L);
            bytes = Arrays.copyOf(bytes, (int) Math.max(needed, doubled));
        }
    }

    /** Writes the low 8 bits. */
    public void u8(int value) {
        ensure(1);
        bytes[size++] = (byte) value;
    }

    /** Writes 4 bytes. */
    public void i32(int value) {
        ensure(4);
        INTS.set(bytes, size, value);
        size += 4;
    }

    /** Writes 8 bytes. */
    public void i64(long value) {
        ensure(8);
        LONGS.set(bytes, size, value);
        size += 8;
    }

    /** Writes a number of at least 0 in 7-bit groups, lowest first: 1–9 bytes. */
    public void varint(long value) {
        if (value < 0) {
            throw new IllegalStateException("BUG: varint " + value + " (expected: >= 0)");
        }
        ensure(9);
        long rest = value;
        while (rest > 0x7F) {
            bytes[size++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
    }

    /** Writes {@code source[from .. from + length)}. */
    public void bytes(byte[] source, int from, int length) {
        ensure(length);
        System.arraycopy(source, from, bytes, size, length);
        size += length;
    }

    /** Writes the first {@code count} values, 8 bytes each. */
    public void longs(long[] values, int count) {
        ensure(Math.multiplyExact(count, 8));
        ByteBuffer.wrap(bytes, size, count * 8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .asLongBuffer()
                .put(values, 0, count);
        size += count * 8;
    }

    /** Writes the first {@code count} values, 4 bytes each. */
    public void ints(int[] values, int count) {
        ensure(Math.multiplyExact(count, 4));
        ByteBuffer.wrap(bytes, size, count * 4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .asIntBuffer()
                .put(values, 0, count);
        size += count * 4;
    }

    /**
     * Takes {@code length} bytes for the caller to fill; the place is valid until the next write.
     */
    public int take(int length) {
        ensure(length);
        int at = size;
        size += length;
        return at;
    }

    /**
     * Writes each value as its distance from the one before it, the first from 0; see {@link
     * #signed}.
     */
    public void deltas(int[] values, int count) {
        byte[] target = bytes;
        int at = size;
        int before = 0;
        for (int i = 0; i < count; i++) {
            if (at > target.length - 5) {
                target = more(at, 2 * (count - i) + 5);
            }
            int distance = values[i] - before;
            before = values[i];
            int rest = distance << 1 ^ distance >> 31;
            while ((rest & ~0x7F) != 0) {
                target[at++] = (byte) (rest | 0x80);
                rest >>>= 7;
            }
            target[at++] = (byte) rest;
        }
        size = at;
    }

    /** As {@link #deltas(int[], int)}. */
    public void deltas(long[] values, int count) {
        byte[] target = bytes;
        int at = size;
        long before = 0;
        for (int i = 0; i < count; i++) {
            if (at > target.length - 10) {
                target = more(at, 2 * (count - i) + 10);
            }
            long distance = values[i] - before;
            before = values[i];
            long rest = distance << 1 ^ distance >> 63;
            while ((rest & ~0x7FL) != 0) {
                target[at++] = (byte) (rest | 0x80);
                rest >>>= 7;
            }
            target[at++] = (byte) rest;
        }
        size = at;
    }

    private byte[] more(int at, int room) {
        size = at;
        ensure(room);
        return bytes;
    }

    /**
     * Writes a number of any sign in 7-bit groups, lowest first, the sign in the lowest bit: 1–10
     * bytes.
     */
    public void signed(long value) {
        ensure(10);
        long rest = value << 1 ^ value >> 63;
        while ((rest & ~0x7FL) != 0) {
            bytes[size++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
    }

    /** Writes a text as UTF-8 with its length ahead. */
    public void text(String text) {
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        varint(encoded.length);
        bytes(encoded, 0, encoded.length);
    }
}
