package dev.belfry.store.parquet;

import java.util.function.Supplier;

/** Reads a range of a byte array, and throws {@link Damage} where it would leave it. */
final class ByteSource {
    /** What was read cannot be what was written; the caller adds file and place. */
    static final class Damage extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final int at;

        Damage(int at, String message) {
            super(message, null, false, false);
            this.at = at;
        }

        /** The index in the array where it was seen. */
        int at() {
            return at;
        }

        /** What was found. */
        String found() {
            String message = getMessage();
            return message == null ? "damage" : message;
        }
    }

    private byte[] data = new byte[0];
    private int at;
    private int end;

    ByteSource() {}

    ByteSource(byte[] data, int from, int end) {
        reset(data, from, end);
    }

    void reset(byte[] newData, int newFrom, int newEnd) {
        data = newData;
        at = newFrom;
        end = newEnd;
    }

    byte[] data() {
        return data;
    }

    int at() {
        return at;
    }

    int end() {
        return end;
    }

    int remaining() {
        return end - at;
    }

    Damage damage(String message) {
        return new Damage(at, message);
    }

    /** Moves over {@code count} bytes and gives where they begin. */
    int skip(long count) {
        if (count < 0 || count > end - at) {
            throw damage("length " + count + " with " + (end - at) + " bytes left");
        }
        int from = at;
        at += (int) count;
        return from;
    }

    int get() {
        if (at >= end) {
            throw damage("the end");
        }
        return data[at++] & 0xFF;
    }

    int getInt() {
        return (int) ByteSink.INTS.get(data, skip(4));
    }

    long getLong() {
        return (long) ByteSink.LONGS.get(data, skip(8));
    }

    long getVarint() {
        long value = 0;
        for (int shift = 0; shift < 70; shift += 7) {
            int next = get();
            value |= (next & 0x7FL) << shift;
            if (next < 0x80) {
                return value;
            }
        }
        throw damage("a number of more than 10 bytes");
    }

    long getZigZag() {
        long value = getVarint();
        return value >>> 1 ^ -(value & 1);
    }

    /** The number as an int of {@code 0..max}. */
    int getCount(int max) {
        return inRange(getVarint(), max);
    }

    int inRange(long value, int max) {
        if (value < 0 || value > max) {
            throw damage("count " + value + " over " + max);
        }
        return (int) value;
    }

    /** Throws what {@code found} says, which is made only then, unless {@code holds}. */
    static void check(boolean holds, Supplier<String> found, int at) {
        if (!holds) {
            throw new Damage(at, found.get());
        }
    }
}
