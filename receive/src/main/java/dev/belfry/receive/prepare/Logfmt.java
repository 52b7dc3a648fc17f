package dev.belfry.receive.prepare;

import dev.belfry.receive.columns.JsonBytes;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Reads a text that is logfmt from its begin to its end as a JSON document. */
final class Logfmt {
    /* Digits before the full stop at most, behind it, and of the exponent. */
    private static final int WHOLE_MAX = 18;
    private static final int FRACTION_MAX = 17;
    private static final int EXPONENT_MAX = 3;
    private static final int KEY_LENGTH_MAX = 128;
    private static final int PAIRS_MIN = 2;
    private static final int PAIRS_MAX = 1_000;
    private static final byte[] TRUE = Bytes.ascii("true");
    private static final byte[] FALSE = Bytes.ascii("false");

    private Logfmt() {}

    /**
     * Writes the pairs of {@code text[from .. to)} as a JSON object; false when it is not pairs all
     * through, two at least.
     */
    static boolean read(byte[] text, int from, int to, JsonBytes json) {
        json.clear().put('{');
        int at = from;
        int pairs = 0;
        int last = end(text, from, to);
        while (at < last) {
            int equals = keyEnd(text, at, last);
            if (equals < 0 || ++pairs > PAIRS_MAX) {
                return false;
            }
            json.put(pairs == 1 ? "\"" : ",\"").put(text, at, equals - at).put("\":");
            at = equals + 1;
            at =
                    at < last && text[at] == '"'
                            ? quoted(text, at + 1, last, json)
                            : plain(text, at, last, json);
            if (at < 0 || at < last && text[at] != ' ' && text[at] != '\t') {
                return false;
            }
            while (at < last && (text[at] == ' ' || text[at] == '\t')) {
                at++;
            }
        }
        json.put('}');
        return pairs >= PAIRS_MIN;
    }

    /* Without white space at the end. */
    private static int end(byte[] text, int from, int to) {
        int last = to;
        while (last > from && text[last - 1] >= 0 && Character.isWhitespace(text[last - 1])) {
            last--;
        }
        if (last == from || text[last - 1] >= 0) {
            return last;
        }
        String rest = new String(text, from, last - from, StandardCharsets.UTF_8);
        String stripped = rest.stripTrailing();
        String space = rest.substring(stripped.length());
        return last - space.getBytes(StandardCharsets.UTF_8).length;
    }

    private static int keyEnd(byte[] text, int from, int to) {
        int end = from;
        while (end < to && end - from < KEY_LENGTH_MAX && isKey(text[end], end == from)) {
            end++;
        }
        return end > from && end < to && text[end] == '=' ? end : -1;
    }

    private static boolean isKey(byte unit, boolean first) {
        boolean begins = Bytes.isLetter(unit) || unit == '_' || unit == '@';
        boolean goesOn = Bytes.isDigit(unit) || unit == '.' || unit == '-' || unit == '/';
        return begins || !first && goesOn;
    }

    private static int quoted(byte[] text, int from, int to, JsonBytes json) {
        boolean escaped = false;
        for (int at = from; at < to; at++) {
            if (text[at] == '"') {
                if (escaped) {
                    unescaped(text, from, at, json);
                } else {
                    json.string(text, from, at - from);
                }
                return at + 1;
            }
            if (text[at] == '\\' && at + 1 < to) {
                escaped = true;
                at++;
            }
        }
        return -1;
    }

    private static void unescaped(byte[] text, int from, int to, JsonBytes json) {
        byte[] value = new byte[to - from];
        int length = 0;
        for (int at = from; at < to; at++) {
            byte unit = text[at];
            if (unit == '\\' && at + 1 < to) {
                unit = text[++at];
                unit = unit == 'n' ? (byte) '\n' : unit == 't' ? (byte) '\t' : unit;
                unit = unit == 'r' ? (byte) '\r' : unit;
            }
            value[length++] = unit;
        }
        json.string(value, 0, length);
    }

    private static int plain(byte[] text, int from, int to, JsonBytes json) {
        int end = from;
        while (end < to && (text[end] > ' ' || text[end] < 0)) {
            if (text[end] == '"') {
                return -1;
            }
            end++;
        }
        if (is(text, from, end, TRUE) || is(text, from, end, FALSE) || isNumber(text, from, end)) {
            json.put(text, from, end - from);
        } else {
            json.string(text, from, end - from);
        }
        return end;
    }

    private static boolean is(byte[] text, int from, int to, byte[] expected) {
        return Arrays.equals(text, from, to, expected, 0, expected.length);
    }

    /* A number of JSON: -?(0|[1-9][0-9]*)(.[0-9]+)?([eE][+-]?[0-9]+)?, not longer than what is exact. */
    private static boolean isNumber(byte[] text, int start, int end) {
        int from = start < end && text[start] == '-' ? start + 1 : start;
        int at = digitsEnd(text, from, end);
        boolean padded = at > from + 1 && text[from] == '0';
        if (at == from || at - from > WHOLE_MAX || padded) {
            return false;
        }
        if (at < end && text[at] == '.') {
            int fraction = at + 1;
            at = digitsEnd(text, fraction, end);
            if (at == fraction || at - fraction > FRACTION_MAX) {
                return false;
            }
        }
        if (at < end && (text[at] | 0x20) == 'e') {
            at++;
            boolean signed = at < end && (text[at] == '+' || text[at] == '-');
            int exponent = signed ? at + 1 : at;
            at = digitsEnd(text, exponent, end);
            if (at == exponent || at - exponent > EXPONENT_MAX) {
                return false;
            }
        }
        return at == end;
    }

    private static int digitsEnd(byte[] text, int from, int to) {
        int at = from;
        while (at < to && Bytes.isDigit(text[at])) {
            at++;
        }
        return at;
    }
}
