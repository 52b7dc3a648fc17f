package dev.belfry.receive.fluent;

import dev.belfry.receive.FluentException;
import dev.belfry.receive.columns.JsonBytes;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Reads MessagePack values from bytes; for one thread. */
final class Msgpack {
    /* https://github.com/msgpack/msgpack/blob/master/spec.md; big-endian. */
    private static final int DEPTH_MAX = 60;

    /* A key within a key is escaped again, so that each level may double its length. */
    private static final int KEY_DEPTH_MAX = 3;

    private final byte[] data;
    private final int to;
    private int at;

    /** What a value is. */
    enum Kind {
        NIL,
        TRUTH,
        WHOLE,
        FRACTION,
        TEXT,
        ARRAY,
        MAP,
        EXTENSION
    }

    Msgpack(byte[] data, int from, int to) {
        this.data = data;
        this.to = to;
        at = from;
    }

    boolean atEnd() {
        return at >= to;
    }

    int at() {
        return at;
    }

    Kind kind() {
        int type = peek();
        if (type < 0x80 || type >= 0xE0 || type >= 0xCC && type <= 0xD3) {
            return Kind.WHOLE;
        }
        if (type < 0x90 || type == 0xDE || type == 0xDF) {
            return Kind.MAP;
        }
        if (type < 0xA0 || type == 0xDC || type == 0xDD) {
            return Kind.ARRAY;
        }
        if (type < 0xC0 || type >= 0xC4 && type <= 0xC6 || type >= 0xD9 && type <= 0xDB) {
            return Kind.TEXT;
        }
        return switch (type) {
            case 0xC0 -> Kind.NIL;
            case 0xC2, 0xC3 -> Kind.TRUTH;
            case 0xCA, 0xCB -> Kind.FRACTION;
            case 0xC7, 0xC8, 0xC9, 0xD4, 0xD5, 0xD6, 0xD7, 0xD8 -> Kind.EXTENSION;
            default ->
                    throw new FluentException(
                            "byte 0x" + Integer.toHexString(type) + " (expected: MessagePack)");
        };
    }

    private int peek() {
        if (at >= to) {
            throw new FluentException("the end (expected: a value)");
        }
        return data[at] & 0xFF;
    }

    private long number(int bytes) {
        if (bytes > to - at) {
            throw new FluentException("the end (expected: " + bytes + " bytes)");
        }
        long value = 0;
        for (int index = 0; index < bytes; index++) {
            value = value << 8 | data[at++] & 0xFF;
        }
        return value;
    }

    private int length(int bytes) {
        long length = number(bytes);
        if (length > to - at) {
            throw new FluentException(
                    "length " + length + " (expected: at most " + (to - at) + ")");
        }
        return (int) length;
    }

    /** How many items the array has. */
    int array() {
        int type = peek();
        if (kind() != Kind.ARRAY) {
            throw new FluentException(kind() + " (expected: an array)");
        }
        at++;
        return type < 0xA0 ? type & 15 : length(type == 0xDC ? 2 : 4);
    }

    /** How many members the map has. */
    int map() {
        int type = peek();
        if (kind() != Kind.MAP) {
            throw new FluentException(kind() + " (expected: a map)");
        }
        at++;
        return type < 0x90 ? type & 15 : length(type == 0xDE ? 2 : 4);
    }

    /** Passes a text or binary; its bytes are {@code data[at() - length .. at())}. */
    int bytes() {
        int type = peek();
        if (kind() != Kind.TEXT) {
            throw new FluentException(kind() + " (expected: a string)");
        }
        at++;
        int length =
                type < 0xC0
                        ? checked(type & 31)
                        : length(type >= 0xD9 ? 1 << type - 0xD9 : 1 << type - 0xC4);
        at += length;
        return length;
    }

    private int checked(int length) {
        if (length > to - at) {
            throw new FluentException(
                    "length " + length + " (expected: at most " + (to - at) + ")");
        }
        return length;
    }

    String text() {
        int length = bytes();
        return new String(data, at - length, length, StandardCharsets.UTF_8);
    }

    private long whole() {
        int type = peek();
        at++;
        if (type < 0x80 || type >= 0xE0) {
            return (byte) type;
        }
        return switch (type) {
            case 0xCC -> number(1);
            case 0xCD -> number(2);
            case 0xCE -> number(4);
            case 0xD0 -> (byte) number(1);
            case 0xD1 -> (short) number(2);
            case 0xD2 -> (int) number(4);
            default -> number(8);
        };
    }

    private double fraction() {
        int type = peek();
        at++;
        return type == 0xCA
                ? Float.intBitsToFloat((int) number(4))
                : Double.longBitsToDouble(number(8));
    }

    /* Passes an extension's head; its bytes follow. */
    private int extension() {
        int type = peek();
        at++;
        int length =
                type >= 0xD4
                        ? 1 << type - 0xD4
                        : (int) Math.min(Integer.MAX_VALUE, number(1 << type - 0xC7));
        number(1);
        return checked(length);
    }

    /**
     * A time: seconds, or EventTime (extension 0: seconds and nanoseconds); null for anything else.
     */
    @Nullable Long time() {
        Kind kind = kind();
        if (kind == Kind.WHOLE) {
            long seconds = whole();
            return seconds < 0 || seconds > 9_000_000_000L
                    ? null
                    : Long.valueOf(seconds * 1_000_000_000L);
        }
        if (kind == Kind.FRACTION) {
            double seconds = fraction();
            return seconds < 0 || seconds > 9e9 || Double.isNaN(seconds)
                    ? null
                    : Long.valueOf((long) (seconds * 1e9));
        }
        if (kind != Kind.EXTENSION) {
            skip();
            return null;
        }
        int length = extension();
        boolean eventTime = length == 8 && data[at - 1] == 0;
        if (!eventTime) {
            at += length;
            return null;
        }
        long seconds = number(4);
        long nanos = number(4);
        return nanos > 999_999_999L ? null : Long.valueOf(seconds * 1_000_000_000L + nanos);
    }

    /** Passes a value. */
    void skip() {
        long left = 1;
        while (left > 0) {
            left--;
            switch (kind()) {
                case NIL, TRUTH -> at++;
                case WHOLE -> whole();
                case FRACTION -> fraction();
                case TEXT -> bytes();
                case ARRAY -> left += array();
                case MAP -> left += 2L * map();
                case EXTENSION -> {
                    int length = extension();
                    at += length;
                }
            }
        }
    }

    /** Writes a value as JSON. */
    void json(JsonBytes json, int depth) {
        if (depth > DEPTH_MAX) {
            throw new FluentException(depth + " levels (expected: at most " + DEPTH_MAX + ")");
        }
        switch (kind()) {
            case NIL -> {
                at++;
                json.put("null");
            }
            case TRUTH -> json.put(data[at++] == (byte) 0xC3 ? "true" : "false");
            case WHOLE -> {
                boolean unsigned = peek() == 0xCF;
                long value = whole();
                json.put(unsigned ? Long.toUnsignedString(value) : Long.toString(value));
            }
            case FRACTION -> {
                double value = fraction();
                boolean finite = !Double.isNaN(value) && !Double.isInfinite(value);
                json.put(finite ? Double.toString(value) : '"' + Double.toString(value) + '"');
            }
            case TEXT -> {
                int length = bytes();
                json.string(data, at - length, length);
            }
            case ARRAY -> {
                int count = array();
                json.put('[');
                for (int index = 0; index < count; index++) {
                    if (index > 0) {
                        json.put(',');
                    }
                    json(json, depth + 1);
                }
                json.put(']');
            }
            case MAP -> object(json, depth);
            case EXTENSION -> {
                int length = extension();
                byte[] text = Base64.getEncoder().encode(Arrays.copyOfRange(data, at, at + length));
                at += length;
                json.string(text, 0, text.length);
            }
        }
    }

    private void object(JsonBytes json, int depth) {
        int count = map();
        json.put('{');
        for (int index = 0; index < count; index++) {
            if (index > 0) {
                json.put(',');
            }
            key(json, depth);
            json.put(':');
            json(json, depth + 1);
        }
        json.put('}');
    }

    /** Writes a key as JSON; one that is no string becomes one. */
    void key(JsonBytes json, int depth) {
        if (kind() == Kind.TEXT) {
            int length = bytes();
            json.string(data, at - length, length);
            return;
        }
        JsonBytes other = new JsonBytes();
        json(other, Math.max(depth + 1, DEPTH_MAX - KEY_DEPTH_MAX));
        json.string(other.bytes, 0, other.length);
    }
}
