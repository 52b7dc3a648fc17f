package dev.belfry.receive.json;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A buffer for the few strings that cannot be taken as they stand: with escapes, or not UTF-8. For
 * one thread.
 */
public final class JsonText {
    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final long HIGHS = 0x8080_8080_8080_8080L;
    private static final long BACKSLASHES = 0x5C5C_5C5C_5C5C_5C5CL;
    private static final byte[] REPLACEMENT = {(byte) 0xEF, (byte) 0xBF, (byte) 0xBD};

    /** The bytes of the string made last. */
    public byte[] bytes = new byte[128];

    /** How many of {@link #bytes} are the string's. */
    public int length;

    /**
     * Makes the string that stands escaped in {@code text[from .. to)}; lone surrogates and bytes
     * that are not UTF-8 become U+FFFD.
     */
    public void unescape(byte[] text, int from, int to) {
        length = 0;
        reserve(to - from + 8);
        int at = from;
        while (at < to) {
            at = run(text, at, to);
            if (at == to) {
                break;
            }
            at = escaped(text, at, to);
        }
        repair();
    }

    /* Adds what the good escape at text[at] stands for; gives where the text goes on. */
    int escaped(byte[] text, int at, int to) {
        byte letter = text[at + 1];
        if (letter == 'u') {
            return unicode(text, at + 2, to);
        }
        bytes[length++] = plain(letter);
        return at + 2;
    }

    /* Room for eight bytes more, or for what an escape stands for. */
    void room() {
        reserve(length + 8);
    }

    /* Writes eight bytes behind what counts; there must be room. */
    void word(long word) {
        LONGS.set(bytes, length, word);
    }

    /* Copies up to the next backslash, eight bytes at a time; what is copied beyond is overwritten. */
    private int run(byte[] text, int from, int to) {
        int at = from;
        while (at + 8 <= to) {
            long word = (long) LONGS.get(text, at);
            LONGS.set(bytes, length, word);
            long backslash = word ^ BACKSLASHES;
            long stops = (backslash - ONES) & ~backslash & HIGHS;
            if (stops != 0) {
                int count = Long.numberOfTrailingZeros(stops) >>> 3;
                length += count;
                return at + count;
            }
            at += 8;
            length += 8;
        }
        while (at < to && text[at] != '\\') {
            bytes[length++] = text[at++];
        }
        return at;
    }

    private static byte plain(byte letter) {
        return switch (letter) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            default -> letter;
        };
    }

    /* At the four digits behind backslash-u; a pair of surrogates is one character. Never longer than escaped. */
    private int unicode(byte[] text, int digits, int to) {
        int unit = hex(text, digits);
        int at = digits + 4;
        if (Character.isHighSurrogate((char) unit)
                && at + 6 <= to
                && text[at] == '\\'
                && text[at + 1] == 'u') {
            int low = hex(text, at + 2);
            if (Character.isLowSurrogate((char) low)) {
                put(Character.toCodePoint((char) unit, (char) low));
                return at + 6;
            }
        }
        put(Character.isSurrogate((char) unit) ? 0xFFFD : unit);
        return at;
    }

    private static int hex(byte[] text, int at) {
        int value = 0;
        for (int digit = at; digit < at + 4; digit++) {
            value = value << 4 | Character.digit(text[digit], 16);
        }
        return value;
    }

    private void put(int codePoint) {
        if (codePoint < 0x80) {
            bytes[length++] = (byte) codePoint;
        } else if (codePoint < 0x800) {
            bytes[length++] = (byte) (0xC0 | codePoint >> 6);
            bytes[length++] = (byte) (0x80 | codePoint & 0x3F);
        } else if (codePoint < 0x10000) {
            bytes[length++] = (byte) (0xE0 | codePoint >> 12);
            bytes[length++] = (byte) (0x80 | codePoint >> 6 & 0x3F);
            bytes[length++] = (byte) (0x80 | codePoint & 0x3F);
        } else {
            bytes[length++] = (byte) (0xF0 | codePoint >> 18);
            bytes[length++] = (byte) (0x80 | codePoint >> 12 & 0x3F);
            bytes[length++] = (byte) (0x80 | codePoint >> 6 & 0x3F);
            bytes[length++] = (byte) (0x80 | codePoint & 0x3F);
        }
    }

    /** Makes the text of {@code text[from .. to)} with U+FFFD for what is not UTF-8. */
    public void copy(byte[] text, int from, int to) {
        length = 0;
        reserve(to - from);
        System.arraycopy(text, from, bytes, 0, to - from);
        length = to - from;
        repair();
    }

    /** Replaces NUL by U+FFFD in the string made last. */
    public void replaceNul() {
        int nuls = 0;
        for (int index = 0; index < length; index++) {
            nuls += bytes[index] == 0 ? 1 : 0;
        }
        if (nuls == 0) {
            return;
        }
        byte[] source = Arrays.copyOf(bytes, length);
        length = 0;
        reserve(source.length + 2 * nuls);
        for (byte next : source) {
            if (next == 0) {
                System.arraycopy(REPLACEMENT, 0, bytes, length, 3);
                length += 3;
            } else {
                bytes[length++] = next;
            }
        }
    }

    /** Puts U+FFFD for what is not UTF-8 in the string made last. */
    void repair() {
        if (isUtf8(bytes, 0, length)) {
            return;
        }
        byte[] repaired =
                new String(bytes, 0, length, StandardCharsets.UTF_8)
                        .getBytes(StandardCharsets.UTF_8);
        reserve(repaired.length);
        System.arraycopy(repaired, 0, bytes, 0, repaired.length);
        length = repaired.length;
    }

    private void reserve(int size) {
        if (size > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(size, 2 * bytes.length));
        }
    }

    /** Whether {@code text[from .. to)} is UTF-8: no overlong forms, no surrogates, in range. */
    public static boolean isUtf8(byte[] text, int from, int to) {
        int at = from;
        while (at + 8 <= to && ((long) LONGS.get(text, at) & HIGHS) == 0) {
            at += 8;
        }
        while (at < to) {
            int first = text[at++];
            if (first >= 0) {
                continue;
            }
            int lead = first & 0xFF;
            int more = lead < 0xC2 ? -1 : lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : lead < 0xF5 ? 3 : -1;
            if (more < 0 || at + more > to) {
                return false;
            }
            int second = text[at] & 0xFF;
            int lowest = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
            int highest = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
            if (second < lowest || second > highest) {
                return false;
            }
            for (int index = 1; index < more; index++) {
                if ((text[at + index] & 0xC0) != 0x80) {
                    return false;
                }
            }
            at += more;
        }
        return true;
    }

    /** How many characters (code points) the UTF-8 {@code text[from .. to)} has. */
    public static int characters(byte[] text, int from, int to) {
        int count = 0;
        for (int at = from; at < to; at++) {
            count += (text[at] & 0xC0) != 0x80 ? 1 : 0;
        }
        return count;
    }
}
