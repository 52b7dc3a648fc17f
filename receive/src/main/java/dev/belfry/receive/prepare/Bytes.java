package dev.belfry.receive.prepare;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** What single bytes of text are. */
final class Bytes {
    private static final byte DIGIT = 1;
    private static final byte LETTER = 2;
    private static final byte SPACE = 4;
    private static final byte WORD = 8;
    private static final byte TOKEN = 16;
    private static final byte[] CLASSES = classes();

    private Bytes() {}

    private static byte[] classes() {
        byte[] classes = new byte[256];
        for (int value = 0; value < 256; value++) {
            boolean digit = value >= '0' && value <= '9';
            boolean letter = value >= 'a' && value <= 'z' || value >= 'A' && value <= 'Z';
            int set = digit ? DIGIT : letter ? LETTER : 0;
            if (value == ' ' || value >= '\t' && value <= '\r') {
                set |= SPACE;
            }
            if (digit || letter || value == '_' || value == '-') {
                set |= WORD;
            }
            if (digit || letter || "-_.~+/=".indexOf(value) >= 0) {
                set |= TOKEN;
            }
            classes[value] = (byte) set;
        }
        return classes;
    }

    static boolean isDigit(byte value) {
        return (CLASSES[value & 0xFF] & DIGIT) != 0;
    }

    static boolean isLetter(byte value) {
        return (CLASSES[value & 0xFF] & LETTER) != 0;
    }

    static boolean isAlphanumeric(byte value) {
        return (CLASSES[value & 0xFF] & (DIGIT | LETTER)) != 0;
    }

    static boolean isSpace(byte value) {
        return (CLASSES[value & 0xFF] & SPACE) != 0;
    }

    /** A letter, a digit, {@code _} or {@code -}. */
    static boolean isWord(byte value) {
        return (CLASSES[value & 0xFF] & WORD) != 0;
    }

    /** What bearer tokens are made of (RFC 6750, section 2.1). */
    static boolean isToken(byte value) {
        return (CLASSES[value & 0xFF] & TOKEN) != 0;
    }

    static byte lower(byte value) {
        return value >= 'A' && value <= 'Z' ? (byte) (value | 0x20) : value;
    }

    static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    static String text(byte[] data, int from, int to) {
        return new String(data, from, to - from, StandardCharsets.ISO_8859_1);
    }

    /** Whether {@code text}, in lower case, stands at {@code data[at ..)} before {@code to}. */
    static boolean startsWith(byte[] data, int at, int to, String text) {
        if (at < 0 || at + text.length() > to) {
            return false;
        }
        for (int index = 0; index < text.length(); index++) {
            if (lower(data[at + index]) != text.charAt(index)) {
                return false;
            }
        }
        return true;
    }

    /** The end of the run from {@code at} of bytes of words. */
    static int wordEnd(byte[] data, int at, int to) {
        int end = at;
        while (end < to && isWord(data[end])) {
            end++;
        }
        return end;
    }
}
