package dev.belfry.query.promql;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** String literals: between quotes and as values. */
public final class Strings {
    private static final Pattern LABEL = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_]*");

    private Strings() {}

    /** Whether {@code name} can be written as a label without quotes. */
    static boolean plainLabel(String name) {
        return LABEL.matcher(name).matches();
    }

    /** In double quotes, escaped as Go does. */
    public static String quote(String text) {
        StringBuilder quoted = new StringBuilder(text.length() + 2).append('"');
        text.codePoints().forEach(point -> escape(quoted, point, '"'));
        return quoted.append('"').toString();
    }

    /** One character in single quotes, as errors name it. */
    static String quoteChar(int point) {
        StringBuilder quoted = new StringBuilder("'");
        escape(quoted, point, '\'');
        return quoted.append('\'').toString();
    }

    private static void escape(StringBuilder quoted, int point, char quote) {
        switch (point) {
            case '\\' -> quoted.append("\\\\");
            case '\n' -> quoted.append("\\n");
            case '\r' -> quoted.append("\\r");
            case '\t' -> quoted.append("\\t");
            case 7 -> quoted.append("\\a");
            case '\b' -> quoted.append("\\b");
            case '\f' -> quoted.append("\\f");
            case 11 -> quoted.append("\\v");
            default -> {
                if (point == quote) {
                    quoted.append('\\').append(quote);
                } else if (isInvalidByte(point)) {
                    quoted.append(String.format("\\x%02x", point - INVALID_BYTE));
                } else if (point < ' ' || point == 0x7f) {
                    quoted.append(String.format("\\x%02x", point));
                } else if (Character.isISOControl(point) || !Character.isDefined(point)) {
                    quoted.append(String.format(point > 0xffff ? "\\U%08x" : "\\u%04x", point));
                } else {
                    quoted.appendCodePoint(point);
                }
            }
        }
    }

    /*
     * Escapes can make bytes that are no UTF-8. Such a byte is kept as a character of the private
     * plane 16, so that it is found again and refused where a name must be valid.
     */
    private static final int INVALID_BYTE = 0x10FE00;

    /** Whether the text holds a byte that is not part of UTF-8. */
    static boolean hasInvalidBytes(String text) {
        return text.codePoints().anyMatch(Strings::isInvalidByte);
    }

    /** Whether {@code point} stands for a byte that is not part of UTF-8. */
    static boolean isInvalidByte(int point) {
        return point >= INVALID_BYTE && point < INVALID_BYTE + 256;
    }

    /** The text as an answer shows it: bytes that are not part of UTF-8 as U+FFFD. */
    static String shown(String text) {
        return text.codePoints()
                .map(point -> isInvalidByte(point) ? 0xfffd : point)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    /** The value of a literal with its quotes; throws IllegalArgumentException when malformed. */
    static String unquote(String literal) {
        char quote = literal.charAt(0);
        String inner = literal.substring(1, literal.length() - 1);
        if (quote == '`' || inner.indexOf('\\') < 0) {
            return inner;
        }
        java.io.ByteArrayOutputStream bytes = new java.io.ByteArrayOutputStream();
        int at = 0;
        while (at < inner.length()) {
            int point = inner.codePointAt(at);
            at += Character.charCount(point);
            if (point != '\\') {
                bytes.writeBytes(Character.toString(point).getBytes(StandardCharsets.UTF_8));
                continue;
            }
            at = unescape(inner, at, quote, bytes);
        }
        return decode(bytes.toByteArray());
    }

    /** What is wrong with the escape whose backslash stands before {@code at}; null for nothing. */
    static @Nullable String problemOfEscape(String input, int at, char quote) {
        if (at >= input.length()) {
            return "escape sequence not terminated";
        }
        char kind = input.charAt(at);
        if (kind == quote || "abfnrtv\\".indexOf(kind) >= 0) {
            return null;
        }
        boolean octal = kind >= '0' && kind <= '7';
        int size = octal ? 3 : kind == 'x' ? 2 : kind == 'u' ? 4 : kind == 'U' ? 8 : 0;
        if (size == 0) {
            return "unknown escape sequence " + named(input.codePointAt(at));
        }
        int from = octal ? at : at + 1;
        long value = 0;
        for (int i = from; i < from + size; i++) {
            if (i >= input.length()) {
                return "escape sequence not terminated";
            }
            int digit = Character.digit(input.charAt(i), octal ? 8 : 16);
            if (digit < 0 || input.charAt(i) > 'f') {
                return "illegal character " + named(input.codePointAt(i)) + " in escape sequence";
            }
            value = value * (octal ? 8 : 16) + digit;
        }
        long max = octal || kind == 'x' ? 255 : Character.MAX_CODE_POINT;
        boolean surrogate = value >= Character.MIN_SURROGATE && value <= Character.MAX_SURROGATE;
        return value > max || surrogate ? "escape sequence is an invalid Unicode code point" : null;
    }

    private static String named(int point) {
        String code = String.format("U+%04X", point);
        boolean shown = Character.isDefined(point) && !Character.isISOControl(point);
        return shown ? code + " '" + Character.toString(point) + "'" : code;
    }

    private static int unescape(
            String inner, int at, char quote, java.io.ByteArrayOutputStream bytes) {
        char kind = inner.charAt(at);
        switch (kind) {
            case 'a' -> bytes.write(7);
            case 'b' -> bytes.write('\b');
            case 'f' -> bytes.write('\f');
            case 'n' -> bytes.write('\n');
            case 'r' -> bytes.write('\r');
            case 't' -> bytes.write('\t');
            case 'v' -> bytes.write(11);
            case '\\' -> bytes.write('\\');
            case 'x' -> bytes.write(Integer.parseInt(inner, at + 1, at + 3, 16));
            case 'u', 'U' -> {
                int size = kind == 'u' ? 4 : 8;
                int point = Integer.parseInt(inner, at + 1, at + 1 + size, 16);
                bytes.writeBytes(Character.toString(point).getBytes(StandardCharsets.UTF_8));
                return at + 1 + size;
            }
            case '0', '1', '2', '3', '4', '5', '6', '7' -> {
                bytes.write(Integer.parseInt(inner, at, at + 3, 8));
                return at + 3;
            }
            default -> {
                if (kind != quote) {
                    throw new IllegalArgumentException("invalid syntax");
                }
                bytes.write(kind);
            }
        }
        return kind == 'x' ? at + 3 : at + 1;
    }

    private static String decode(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            return decodeWithInvalid(bytes);
        }
    }

    private static String decodeWithInvalid(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        int at = 0;
        while (at < bytes.length) {
            int size = sequence(bytes, at);
            if (size == 0) {
                text.appendCodePoint(INVALID_BYTE + (bytes[at++] & 0xff));
            } else {
                text.append(new String(bytes, at, size, StandardCharsets.UTF_8));
                at += size;
            }
        }
        return text.toString();
    }

    private static int sequence(byte[] bytes, int at) {
        int first = bytes[at] & 0xff;
        int size = first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
        if (size == 0 || first > 0xf4 || at + size > bytes.length) {
            return 0;
        }
        for (int i = 1; i < size; i++) {
            if ((bytes[at + i] & 0xc0) != 0x80) {
                return 0;
            }
        }
        return size;
    }
}
