package dev.belfry.receive.columns;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/** A buffer in which values are written as JSON, or as text; for one thread. */
public final class JsonBytes {
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    /** The bytes; the first {@link #length} count. */
    public byte[] bytes = new byte[256];

    /** How many bytes count. */
    public int length;

    /** Starts anew. */
    public JsonBytes clear() {
        length = 0;
        return this;
    }

    /** Writes one ASCII character as it is. */
    public JsonBytes put(char ascii) {
        reserve(1);
        bytes[length++] = (byte) ascii;
        return this;
    }

    /** Writes an ASCII text as it is. */
    public JsonBytes put(String ascii) {
        reserve(ascii.length());
        for (int index = 0; index < ascii.length(); index++) {
            bytes[length++] = (byte) ascii.charAt(index);
        }
        return this;
    }

    /** Writes bytes as they are. */
    public JsonBytes put(byte[] source, int from, int count) {
        reserve(count);
        System.arraycopy(source, from, bytes, length, count);
        length += count;
        return this;
    }

    /** Writes a whole number. */
    public JsonBytes number(long value) {
        if (value == Long.MIN_VALUE) {
            return put("-9223372036854775808");
        }
        reserve(20);
        long rest = Math.abs(value);
        if (value < 0) {
            bytes[length++] = '-';
        }
        int digits = 1;
        for (long bound = rest; bound >= 10; bound /= 10) {
            digits++;
        }
        for (int at = length + digits - 1; at >= length; at--) {
            bytes[at] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        length += digits;
        return this;
    }

    /** Writes the base 64 of {@code source[from .. from + count)}. */
    public JsonBytes base64(byte[] source, int from, int count) {
        byte[] coded = Base64.getEncoder().encode(Arrays.copyOfRange(source, from, from + count));
        return put(coded, 0, coded.length);
    }

    /** Writes lowercase hexadecimal digits. */
    public JsonBytes hex(byte[] source, int from, int count) {
        reserve(2 * count);
        for (int at = from; at < from + count; at++) {
            bytes[length++] = HEX[source[at] >>> 4 & 0xF];
            bytes[length++] = HEX[source[at] & 0xF];
        }
        return this;
    }

    /** Writes UTF-8, or what shall be, as a JSON string with its quotes. */
    public JsonBytes string(byte[] source, int from, int count) {
        if (!Utf8.isValid(source, from, from + count)) {
            byte[] repaired = Utf8.repaired(source, from, from + count);
            return string(repaired, 0, repaired.length);
        }
        reserve(count + 2);
        bytes[length++] = '"';
        for (int at = from; at < from + count; at++) {
            byte next = source[at];
            if (next == '"' || next == '\\') {
                reserve(from + count - at + 2);
                bytes[length++] = '\\';
                bytes[length++] = next;
            } else if (next >= 0 && next < ' ') {
                reserve(from + count - at + 6);
                put("\\u00");
                bytes[length++] = HEX[next >>> 4];
                bytes[length++] = HEX[next & 0xF];
            } else {
                bytes[length++] = next;
            }
        }
        return put('"');
    }

    private void reserve(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(length, more), bytes.length * 2));
        }
    }
}
