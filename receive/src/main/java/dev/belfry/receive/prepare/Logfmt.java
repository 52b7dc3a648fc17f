package dev.belfry.receive.prepare;

import org.jspecify.annotations.Nullable;

/** Reads a text that is logfmt from its begin to its end as a JSON document. */
final class Logfmt {
    /* Digits before the full stop at most, behind it, and of the exponent. */
    private static final int WHOLE_MAX = 18;
    private static final int FRACTION_MAX = 17;
    private static final int EXPONENT_MAX = 3;
    private static final int KEY_LENGTH_MAX = 128;
    private static final int PAIRS_MIN = 2;
    private static final int PAIRS_MAX = 1_000;

    private Logfmt() {}

    /**
     * The pairs of {@code text} as a JSON object, or null when it is not pairs all through, two at
     * least.
     */
    static @Nullable String json(String text) {
        StringBuilder json = new StringBuilder(text.length() + 64).append('{');
        int at = 0;
        int pairs = 0;
        int length = text.stripTrailing().length();
        while (at < length) {
            int equals = keyEnd(text, at, length);
            if (equals < 0 || ++pairs > PAIRS_MAX) {
                return null;
            }
            json.append(pairs == 1 ? "\"" : ",\"").append(text, at, equals).append("\":");
            at = equals + 1;
            at =
                    at < length && text.charAt(at) == '"'
                            ? quoted(text, at + 1, length, json)
                            : plain(text, at, length, json);
            if (at < 0 || at < length && text.charAt(at) != ' ' && text.charAt(at) != '\t') {
                return null;
            }
            while (at < length && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
                at++;
            }
        }
        return pairs < PAIRS_MIN ? null : json.append('}').toString();
    }

    private static int keyEnd(String text, int from, int to) {
        int end = from;
        while (end < to && end - from < KEY_LENGTH_MAX && isKey(text.charAt(end), end == from)) {
            end++;
        }
        return end > from && end < to && text.charAt(end) == '=' ? end : -1;
    }

    private static boolean isKey(char unit, boolean first) {
        boolean letter =
                unit >= 'a' && unit <= 'z'
                        || unit >= 'A' && unit <= 'Z'
                        || unit == '_'
                        || unit == '@';
        return letter || !first && (unit >= '0' && unit <= '9' || ".-/".indexOf(unit) >= 0);
    }

    private static int quoted(String text, int from, int to, StringBuilder json) {
        json.append('"');
        for (int at = from; at < to; at++) {
            char unit = text.charAt(at);
            if (unit == '"') {
                json.append('"');
                return at + 1;
            }
            if (unit == '\\' && at + 1 < to) {
                unit = text.charAt(++at);
                unit = unit == 'n' ? '\n' : unit == 't' ? '\t' : unit == 'r' ? '\r' : unit;
            }
            append(unit, json);
        }
        return -1;
    }

    private static int plain(String text, int from, int to, StringBuilder json) {
        int end = from;
        while (end < to && text.charAt(end) > ' ') {
            if (text.charAt(end) == '"') {
                return -1;
            }
            end++;
        }
        String value = text.substring(from, end);
        if (value.equals("true") || value.equals("false") || isNumber(value)) {
            json.append(value);
            return end;
        }
        json.append('"');
        for (int at = 0; at < value.length(); at++) {
            append(value.charAt(at), json);
        }
        json.append('"');
        return end;
    }

    /* A number of JSON: -?(0|[1-9][0-9]*)(.[0-9]+)?([eE][+-]?[0-9]+)?, not longer than what is exact. */
    private static boolean isNumber(String text) {
        int length = text.length();
        int from = length > 0 && text.charAt(0) == '-' ? 1 : 0;
        int at = digitsEnd(text, from);
        boolean padded = at > from + 1 && text.charAt(from) == '0';
        if (at == from || at - from > WHOLE_MAX || padded) {
            return false;
        }
        if (at < length && text.charAt(at) == '.') {
            int fraction = at + 1;
            at = digitsEnd(text, fraction);
            if (at == fraction || at - fraction > FRACTION_MAX) {
                return false;
            }
        }
        if (at < length && (text.charAt(at) | 0x20) == 'e') {
            at++;
            boolean signed = at < length && (text.charAt(at) == '+' || text.charAt(at) == '-');
            int exponent = signed ? at + 1 : at;
            at = digitsEnd(text, exponent);
            if (at == exponent || at - exponent > EXPONENT_MAX) {
                return false;
            }
        }
        return at == length;
    }

    private static int digitsEnd(String text, int from) {
        int at = from;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        return at;
    }

    private static void append(char unit, StringBuilder json) {
        if (unit == '"' || unit == '\\') {
            json.append('\\').append(unit);
        } else if (unit < ' ') {
            json.append(String.format("\\u%04x", (int) unit));
        } else {
            json.append(unit);
        }
    }
}
