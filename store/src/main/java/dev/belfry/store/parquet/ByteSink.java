package dev.belfry.store.parquet;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** A byte array that grows; for one thread. */
final class ByteSink {
    static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    static final VarHandle INTS =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private byte[] data;
    private int size;

    ByteSink(int room) {
        data = new byte[room];
    }

    byte[] data() {
        return data;
    }

    int size() {
        return size;
    }

    void clear() {
        size = 0;
    }

    byte[] toArray() {
        return Arrays.copyOf(data, size);
    }

    /** Makes room for {@code more} bytes behind the size, and gives the array. */
    byte[] reserve(int more) {
        if (data.length - size < more) {
            long wanted = Math.max((long) size + more, Math.min(data.length * 2L, 1L << 30));
            data = Arrays.copyOf(data, Math.toIntExact(wanted));
        }
        return data;
    }

    /** Counts {@code more} bytes that were written behind the size. */
    void advance(int more) {
        size += more;
    }

    void put(int value) {
        reserve(1)[size++] = (byte) value;
    }

    void put(byte[] source, int from, int length) {
        System.arraycopy(source, from, reserve(length), size, length);
        size += length;
    }

    void putInt(int value) {
        INTS.set(reserve(4), size, value);
        size += 4;
    }

    void putLong(long value) {
        LONGS.set(reserve(8), size, value);
        size += 8;
    }

    void putVarint(long value) {
        byte[] target = reserve(10);
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            target[size++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        target[size++] = (byte) rest;
    }

    void putZigZag(long value) {
        putVarint(value << 1 ^ value >> 63);
    }
}
