package dev.belfry.receive;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** Reads whole MessagePack values from a stream into one buffer; for one thread. */
public final class FluentStream implements AutoCloseable {
    /*
     * A value has no length in front. So its parts are passed one after the other, and bytes are read as they are
     * needed; a count of the values that are left stands for a stack.
     */
    private static final int FIRST_BYTES = 16 << 10;

    /** A buffer up to this size takes no room. */
    public static final int FREE_BYTES = 64 << 10;

    /** Memory that streams share; safe for many threads. */
    public interface Room {
        /** Takes {@code bytes}; false when there is no room. */
        boolean take(long bytes);

        /** Gives back what was taken. */
        void give(long bytes);
    }

    private final InputStream input;
    private final Room room;
    private int bytesMax;
    private byte[] bytes = new byte[FIRST_BYTES];
    private int from;
    private int at;
    private int size;

    /** Of values up to {@code bytesMax}, in a buffer that takes its room from {@code room}. */
    public FluentStream(InputStream input, int bytesMax, Room room) {
        this.input = input;
        this.bytesMax = bytesMax;
        this.room = room;
    }

    /** From now on values up to {@code bytesMax}. */
    public void limit(int value) {
        bytesMax = value;
    }

    /** Gives back the room; nothing is read after. */
    @Override
    public void close() {
        room.give(cost(bytes.length));
        bytes = new byte[0];
        from = 0;
        at = 0;
        size = 0;
    }

    private static long cost(int length) {
        return length <= FREE_BYTES ? 0 : length;
    }

    private void resize(int length) {
        if (!room.take(cost(length))) {
            throw new FluentException(
                    "no room for a buffer of " + length + " bytes (expected: smaller messages)");
        }
        long before = cost(bytes.length);
        bytes = Arrays.copyOf(bytes, length);
        room.give(before);
    }

    /** Where the last value is. */
    public byte[] bytes() {
        return bytes;
    }

    /** Where the last value starts in {@link #bytes()}. */
    public int from() {
        return from;
    }

    /** Where it ends. */
    public int to() {
        return at;
    }

    /** Whether more was read than the last value. */
    public boolean hasMore() {
        return at < size;
    }

    /**
     * Reads the next value; false when the stream ends before it.
     *
     * @throws FluentException when it is no MessagePack or too large, or there is no room for it
     */
    public boolean next() throws IOException {
        System.arraycopy(bytes, at, bytes, 0, size - at);
        size -= at;
        from = 0;
        at = 0;
        if (bytes.length > FIRST_BYTES * 64 && size < FIRST_BYTES) {
            resize(FIRST_BYTES);
        }
        if (size == 0 && !read()) {
            return false;
        }
        long left = 1;
        while (left > 0) {
            left += part() - 1;
            if (left > bytesMax) {
                throw tooLarge();
            }
        }
        return true;
    }

    /* Passes a value but for what it holds; answers how many values that is. */
    private long part() throws IOException {
        need(1);
        int type = bytes[at++] & 0xFF;
        if (type < 0x80 || type >= 0xE0 || type == 0xC0 || type == 0xC2 || type == 0xC3) {
            return 0;
        }
        if (type < 0x90) {
            return 2 * (type & 15);
        }
        if (type < 0xA0) {
            return type & 15;
        }
        if (type < 0xC0) {
            return pass(type & 31);
        }
        return switch (type) {
            case 0xC4, 0xD9 -> pass(number(1));
            case 0xC5, 0xDA -> pass(number(2));
            case 0xC6, 0xDB -> pass(number(4));
            case 0xC7 -> pass(number(1) + 1);
            case 0xC8 -> pass(number(2) + 1);
            case 0xC9 -> pass(number(4) + 1);
            case 0xCC, 0xD0 -> pass(1);
            case 0xCD, 0xD1 -> pass(2);
            case 0xCA, 0xCE, 0xD2 -> pass(4);
            case 0xCB, 0xCF, 0xD3 -> pass(8);
            case 0xD4, 0xD5, 0xD6, 0xD7, 0xD8 -> pass((1 << type - 0xD4) + 1);
            case 0xDC -> number(2);
            case 0xDD -> number(4);
            case 0xDE -> 2 * number(2);
            case 0xDF -> 2 * number(4);
            default ->
                    throw new FluentException(
                            "byte 0x" + Integer.toHexString(type) + " (expected: MessagePack)");
        };
    }

    private long number(int count) throws IOException {
        need(count);
        long value = 0;
        for (int index = 0; index < count; index++) {
            value = value << 8 | bytes[at++] & 0xFF;
        }
        return value;
    }

    private long pass(long count) throws IOException {
        if (count > bytesMax) {
            throw tooLarge();
        }
        need((int) count);
        at += (int) count;
        return 0;
    }

    private void need(int count) throws IOException {
        while (size - at < count) {
            if (!read()) {
                throw new EOFException("the connection ended within a message");
            }
        }
    }

    private boolean read() throws IOException {
        if (size == bytes.length) {
            if (size >= bytesMax) {
                throw tooLarge();
            }
            resize((int) Math.min(bytesMax, bytes.length * 2L));
        }
        int read = input.read(bytes, size, bytes.length - size);
        size += Math.max(0, read);
        return read > 0;
    }

    private FluentException tooLarge() {
        return new FluentException(
                "a message of more than " + bytesMax + " bytes (expected: at most that)");
    }
}
