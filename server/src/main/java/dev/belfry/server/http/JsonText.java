package dev.belfry.server.http;

import dev.belfry.model.time.Timestamps;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Writes JSON as UTF-8 into an array that grows; commas come by themselves. For one thread. Nothing
 * checks that what is opened is closed.
 */
public final class JsonText {
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private byte[] bytes;
    private int size;
    private boolean comma;

    /** A text with room for {@code expectedBytes} to begin with. */
    public JsonText(int expectedBytes) {
        bytes = new byte[Math.max(64, expectedBytes)];
    }

    /** Opens an object as the next value. */
    public JsonText object() {
        separate();
        put((byte) '{');
        comma = false;
        return this;
    }

    /** Closes the object. */
    public JsonText endObject() {
        put((byte) '}');
        comma = true;
        return this;
    }

    /** Opens an array as the next value. */
    public JsonText array() {
        separate();
        put((byte) '[');
        comma = false;
        return this;
    }

    /** Closes the array. */
    public JsonText endArray() {
        put((byte) ']');
        comma = true;
        return this;
    }

    /** The next member's name. */
    public JsonText name(String name) {
        separate();
        quoted(name);
        put((byte) ':');
        comma = false;
        return this;
    }

    /** A text, or null. */
    public JsonText text(@Nullable String value) {
        separate();
        if (value == null) {
            ascii("null");
        } else {
            quoted(value);
        }
        comma = true;
        return this;
    }

    /** A whole number. */
    public JsonText number(long value) {
        separate();
        ascii(Long.toString(value));
        comma = true;
        return this;
    }

    /** A number; null where it is not finite. Whole numbers have no fraction. */
    public JsonText number(double value) {
        separate();
        if (!Double.isFinite(value)) {
            ascii("null");
        } else if (value == Math.rint(value) && Math.abs(value) < 1e15) {
            ascii(Long.toString((long) value));
        } else {
            ascii(Double.toString(value));
        }
        comma = true;
        return this;
    }

    /** true or false. */
    public JsonText truth(boolean value) {
        separate();
        ascii(value ? "true" : "false");
        comma = true;
        return this;
    }

    /** null. */
    public JsonText nothing() {
        return text(null);
    }

    /** A UUID as text. */
    public JsonText uuid(UUID value) {
        separate();
        room(38);
        bytes[size++] = '"';
        hex(value.getMostSignificantBits() >>> 32, 8);
        bytes[size++] = '-';
        hex(value.getMostSignificantBits() >>> 16, 4);
        bytes[size++] = '-';
        hex(value.getMostSignificantBits(), 4);
        bytes[size++] = '-';
        hex(value.getLeastSignificantBits() >>> 48, 4);
        bytes[size++] = '-';
        hex(value.getLeastSignificantBits(), 12);
        bytes[size++] = '"';
        comma = true;
        return this;
    }

    /** Epoch nanoseconds as RFC 3339 text. */
    public JsonText time(long epochNanos) {
        separate();
        room(Timestamps.TEXT_BYTES_MAX + 2);
        bytes[size++] = '"';
        size = Timestamps.write(epochNanos, bytes, size);
        bytes[size++] = '"';
        comma = true;
        return this;
    }

    /** A value that is JSON already. */
    public JsonText raw(String json) {
        separate();
        plain(json);
        comma = true;
        return this;
    }

    /** A text, number, truth, null, UUID, list or map; anything else as its text. */
    public JsonText value(@Nullable Object value) {
        switch (value) {
            case null -> nothing();
            case String text -> text(text);
            case Integer number -> number(number.longValue());
            case Long number -> number(number.longValue());
            case Number number -> number(number.doubleValue());
            case Boolean truth -> truth(truth);
            case UUID id -> uuid(id);
            case List<?> list -> {
                array();
                list.forEach(this::value);
                endArray();
            }
            case Map<?, ?> map -> {
                object();
                map.forEach((name, member) -> name(name.toString()).value(member));
                endObject();
            }
            default -> text(value.toString());
        }
        return this;
    }

    /** How many bytes there are. */
    public int size() {
        return size;
    }

    /** A copy of the bytes. */
    public byte[] bytes() {
        return Arrays.copyOf(bytes, size);
    }

    /**
     * The array itself, of which the first {@link #size()} bytes count; nothing more is written.
     */
    byte[] backing() {
        return bytes;
    }

    @Override
    public String toString() {
        return new String(bytes, 0, size, StandardCharsets.UTF_8);
    }

    private void separate() {
        if (comma) {
            put((byte) ',');
        }
    }

    private void quoted(String value) {
        int length = value.length();
        room(length + 2);
        bytes[size++] = '"';
        int index = 0;
        for (; index < length; index++) {
            char unit = value.charAt(index);
            if (unit < 0x20 || unit >= 0x7F || unit == '"' || unit == '\\') {
                break;
            }
            bytes[size++] = (byte) unit;
        }
        if (index < length) {
            escaped(value, index);
        }
        put((byte) '"');
    }

    private void escaped(String value, int from) {
        int length = value.length();
        for (int index = from; index < length; index++) {
            char unit = value.charAt(index);
            room(6);
            if (unit == '"' || unit == '\\') {
                bytes[size++] = '\\';
                bytes[size++] = (byte) unit;
            } else if (unit == '\n') {
                ascii("\\n");
            } else if (unit == '\t') {
                ascii("\\t");
            } else if (unit == '\r') {
                ascii("\\r");
            } else if (unit < 0x20 || unit == 0x7F) {
                ascii("\\u00");
                hex(unit, 2);
            } else if (unit < 0x80) {
                bytes[size++] = (byte) unit;
            } else {
                index += multibyte(value, index, unit);
            }
        }
    }

    /** Writes one character beyond ASCII; gives how many more chars it took. */
    private int multibyte(String value, int index, char unit) {
        if (unit < 0x800) {
            bytes[size++] = (byte) (0xC0 | unit >> 6);
            bytes[size++] = (byte) (0x80 | unit & 0x3F);
            return 0;
        }
        boolean pair =
                Character.isHighSurrogate(unit)
                        && index + 1 < value.length()
                        && Character.isLowSurrogate(value.charAt(index + 1));
        if (pair) {
            int code = Character.toCodePoint(unit, value.charAt(index + 1));
            bytes[size++] = (byte) (0xF0 | code >> 18);
            bytes[size++] = (byte) (0x80 | code >> 12 & 0x3F);
            bytes[size++] = (byte) (0x80 | code >> 6 & 0x3F);
            bytes[size++] = (byte) (0x80 | code & 0x3F);
            return 1;
        }
        int code = Character.isSurrogate(unit) ? 0xFFFD : unit;
        bytes[size++] = (byte) (0xE0 | code >> 12);
        bytes[size++] = (byte) (0x80 | code >> 6 & 0x3F);
        bytes[size++] = (byte) (0x80 | code & 0x3F);
        return 0;
    }

    private void plain(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        room(utf8.length);
        System.arraycopy(utf8, 0, bytes, size, utf8.length);
        size += utf8.length;
    }

    private void ascii(String text) {
        int length = text.length();
        room(length);
        for (int index = 0; index < length; index++) {
            bytes[size++] = (byte) text.charAt(index);
        }
    }

    private void hex(long value, int digits) {
        for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4) {
            bytes[size++] = HEX[(int) (value >>> shift) & 15];
        }
    }

    private void put(byte value) {
        room(1);
        bytes[size++] = value;
    }

    private void room(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
        }
    }
}
