package dev.belfry.receive.protobuf;

import java.util.Arrays;

/** Writes Protocol Buffers; for one thread. */
public final class ProtoWriter {
    /*
     * A message's length is not known before its end, so it is written as a varint of always five bytes that is
     * filled in then: longer than need be, and good for every reader.
     */
    private static final int LENGTH_BYTES = 5;

    private byte[] bytes;
    private int size;

    /** A writer with room for {@code expectedBytes} to begin with. */
    public ProtoWriter(int expectedBytes) {
        bytes = new byte[Math.max(64, expectedBytes)];
    }

    /** What was written; the first {@link #size()} bytes count. */
    public byte[] bytes() {
        return bytes;
    }

    /** How many bytes were written. */
    public int size() {
        return size;
    }

    /** Begins a message as field {@code number}; what it gives goes to {@link #end}. */
    public int begin(int number) {
        tag(number, ProtoReader.LENGTH);
        reserve(LENGTH_BYTES);
        size += LENGTH_BYTES;
        return size;
    }

    /** Ends the message that {@link #begin} gave {@code start} for. */
    public void end(int start) {
        int length = size - start;
        for (int index = 0; index < LENGTH_BYTES; index++) {
            int more = index < LENGTH_BYTES - 1 ? 0x80 : 0;
            bytes[start - LENGTH_BYTES + index] = (byte) (length >>> 7 * index & 0x7F | more);
        }
    }

    /** Drops what was written behind {@code newSize}. */
    public void truncate(int newSize) {
        size = newSize;
    }

    /** Writes bytes as field {@code number}. */
    public void bytes(int number, byte[] source, int from, int length) {
        tag(number, ProtoReader.LENGTH);
        varint(length);
        reserve(length);
        System.arraycopy(source, from, bytes, size, length);
        size += length;
    }

    /** Writes a varint as field {@code number}. */
    public void varint(int number, long value) {
        tag(number, ProtoReader.VARINT);
        varint(value);
    }

    /** Writes eight bytes as field {@code number}. */
    public void fixed64(int number, long value) {
        tag(number, ProtoReader.FIXED64);
        fixed(value, 8);
    }

    /** Writes four bytes as field {@code number}. */
    public void fixed32(int number, int value) {
        tag(number, ProtoReader.FIXED32);
        fixed(value, 4);
    }

    private void tag(int number, int wireType) {
        varint(ProtoReader.tag(number, wireType));
    }

    private void varint(long value) {
        reserve(10);
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            bytes[size++] = (byte) (rest & 0x7F | 0x80);
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
    }

    private void fixed(long value, int count) {
        reserve(count);
        for (int index = 0; index < count; index++) {
            bytes[size++] = (byte) (value >>> 8 * index);
        }
    }

    private void reserve(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(size, more), bytes.length * 2));
        }
    }
}
