package dev.belfry.receive.prepare;

import dev.belfry.receive.SecretKind;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds the value behind a key that stands for a secret, in text of any form. */
final class KeyedSecrets {
    /*
     *   key        sep            value
     *   password   = : => space   hunter2          up to white space, '&', a quote, '<'
     *   "password"  :             "hun\"ter2"      quotes with the same backslashes before them
     *   <password   >             hunter2          up to '<'
     *   --password  space         hunter2
     *   Cookie      :             a=b; c=d         to the end of the line
     *   Authorization :           Bearer hunter2   the scheme stays
     *
     * Prose is left alone: behind a colon a token must look like one, and a password must not be a word of a
     * sentence. What is passed to its end is replaced, or is
     * bounded, so the time is linear.
     */
    private static final int KEY_LENGTH_MAX = 128;
    private static final int BLANKS_MAX = 8;
    private static final int TOKEN_LENGTH_MIN = 8;
    private static final int MASK_LENGTH_MIN = 3;
    private static final Set<String> NO_SECRETS =
            Set.of(
                    "",
                    "null",
                    "nil",
                    "none",
                    "<nil>",
                    "true",
                    "false",
                    "yes",
                    "no",
                    "undefined",
                    "expired",
                    "invalid",
                    "missing",
                    "required",
                    "incorrect",
                    "wrong",
                    "empty",
                    "changed",
                    "reset",
                    "not",
                    "must",
                    "is",
                    "was",
                    "too",
                    "unset",
                    "set",
                    "ok",
                    "failed",
                    "failure",
                    "success",
                    "succeeded",
                    "disabled",
                    "enabled",
                    "unknown",
                    "redacted",
                    "hidden",
                    "masked",
                    "filtered",
                    "[filtered]",
                    "<redacted>",
                    "<hidden>",
                    "<masked>",
                    "%s",
                    "%v",
                    "?",
                    "denied",
                    "granted",
                    "n/a",
                    "-");
    private static final Set<String> WHOLE_REST =
            Set.of("digest", "negotiate", "ntlm", "aws4-hmac-sha256", "oauth", "hawk", "mutual");
    private static final Set<String> SCHEMES =
            Set.of(
                    "bearer",
                    "basic",
                    "token",
                    "apikey",
                    "api-key",
                    "key",
                    "splunk",
                    "scram-sha-256");

    private final Set<SecretKind> kinds;

    KeyedSecrets(Set<SecretKind> kinds) {
        this.kinds = kinds;
    }

    /* Where a value is: between from and to; the quote before it, with how many backslashes; 0 for none. */
    private record Place(int from, byte quote, int slashes, boolean colon, boolean flag) {}

    /**
     * Adds the value behind the key that has a literal at {@code at}; answers where to go on.
     *
     * @param from where the text begins
     * @param to where it ends
     */
    int find(byte[] data, int from, int to, int at, int literalEnd, Spans spans) {
        int keyFrom = at;
        int lowest = Math.max(from, at - KEY_LENGTH_MAX);
        while (keyFrom > lowest && (Bytes.isWord(data[keyFrom - 1]) || data[keyFrom - 1] == '.')) {
            keyFrom--;
        }
        int keyTo = Bytes.wordEnd(data, literalEnd, Math.min(to, literalEnd + KEY_LENGTH_MAX));
        String key = Bytes.text(data, keyFrom, keyTo);
        SecretKind kind = SecretNames.kind(key);
        if (kind == null || !kinds.contains(kind)) {
            return Math.max(literalEnd, keyTo);
        }
        if (isNamed(data, from, to, keyFrom, keyTo)) {
            return keyTo;
        }
        boolean keyQuoted = keyTo < to && "\"'\\".indexOf(data[keyTo]) >= 0;
        boolean json = keyTo < to && data[keyTo] == '"';
        Place place = place(data, from, to, keyFrom, keyTo, kind);
        if (place == null) {
            return keyTo;
        }
        boolean pathOfShell =
                kind == SecretKind.PASSWORD
                        && Bytes.lower(key).equals("pwd")
                        && place.from < to
                        && data[place.from] == '/';
        return pathOfShell ? keyTo : value(data, to, place, keyQuoted, json, kind, spans);
    }

    /* A file or a service of that name before a colon: /etc/passwd:3, pam_unix(passwd:chauthtok). */
    private static boolean isNamed(byte[] data, int from, int to, int keyFrom, int keyTo) {
        if (keyFrom == from || keyTo == to || data[keyTo] != ':') {
            return false;
        }
        byte before = data[keyFrom - 1];
        return before == '/'
                || before == '(' && keyFrom - 1 > from && Bytes.isWord(data[keyFrom - 2]);
    }

    private static @Nullable Place place(
            byte[] data, int from, int to, int keyFrom, int keyTo, SecretKind kind) {
        int at = quotesEnd(data, keyTo, to);
        int blanksEnd = blanks(data, at, to);
        if (blanksEnd >= to) {
            return null;
        }
        byte separator = data[blanksEnd];
        boolean colon = separator == ':';
        boolean flag = false;
        if (separator == '>' && keyFrom > from && data[keyFrom - 1] == '<' && at == keyTo) {
            return new Place(blanksEnd + 1, (byte) '<', 0, false, false);
        } else if (colon || separator == '=') {
            at = blanksEnd + 1;
            if (at < to && (data[at] == '>' || data[at] == '=')) {
                at++;
            }
        } else if (blanksEnd > at && Bytes.startsWith(data, keyFrom, to, "--")) {
            at = blanksEnd;
            flag = true;
        } else if (blanksEnd > at && separator == '\'' && kind == SecretKind.PASSWORD) {
            at = blanksEnd;
        } else {
            return null;
        }
        at = blanks(data, at, to);
        int quote = at;
        while (quote < to && data[quote] == '\\' && quote - at < BLANKS_MAX) {
            quote++;
        }
        if (quote < to && (data[quote] == '"' || data[quote] == '\'')) {
            return new Place(quote + 1, data[quote], quote - at, colon, flag);
        }
        return at < to ? new Place(at, (byte) 0, 0, colon, flag) : null;
    }

    private static int blanks(byte[] data, int at, int to) {
        int end = at;
        while (end < to && (data[end] == ' ' || data[end] == '\t') && end - at < BLANKS_MAX) {
            end++;
        }
        return end;
    }

    /* Behind the quote that ends a key, with its backslashes. */
    private static int quotesEnd(byte[] data, int at, int to) {
        int end = at;
        while (end < to && data[end] == '\\' && end - at < BLANKS_MAX) {
            end++;
        }
        return end < to && (data[end] == '"' || data[end] == '\'' || data[end] == ']')
                ? end + 1
                : at;
    }

    private int value(
            byte[] data,
            int to,
            Place place,
            boolean keyQuoted,
            boolean json,
            SecretKind kind,
            Spans spans) {
        int from = place.from;
        if (place.quote == '<') {
            int end = until(data, from, to, (byte) '<');
            return add(data, from, end, kind, spans);
        }
        if (place.quote != 0) {
            int end = closing(data, from, to, place.quote, place.slashes);
            boolean sure = keyQuoted || !place.colon || kind == SecretKind.PASSWORD;
            if (!sure && !isTokenLike(data, from, end)) {
                return from;
            }
            return addHeader(data, from, end, kind, spans);
        }
        byte first = data[from];
        if (first == '{' || first == '[') {
            return nested(data, from, to, json, kind, spans);
        }
        if (kind == SecretKind.AUTHORIZATION || kind == SecretKind.COOKIE) {
            return header(data, from, to, kind, place.colon, spans);
        }
        int end = plainEnd(data, from, to);
        if (json) {
            return bare(data, from, end, kind, spans);
        }
        if (place.colon && isProse(data, from, end, to, kind)) {
            return from;
        }
        return add(data, from, end, kind, spans);
    }

    /* A number without quotes behind a key in quotes: the text stays JSON. */
    private static int bare(byte[] data, int from, int end, SecretKind kind, Spans spans) {
        if (isNoSecret(data, from, end)) {
            return end;
        }
        spans.add(from, end, kind.text(), true);
        return end;
    }

    private static int add(byte[] data, int from, int end, SecretKind kind, Spans spans) {
        if (!isNoSecret(data, from, end)) {
            spans.add(from, end, kind.text(), false);
        }
        return Math.max(from, end);
    }

    /* The whole of an array or object behind a key in quotes; a token's or cookies' members are looked at singly. */
    private static int nested(
            byte[] data, int from, int to, boolean json, SecretKind kind, Spans spans) {
        boolean whole =
                json
                        && (data[from] == '['
                                || kind == SecretKind.PASSWORD
                                || kind == SecretKind.SECRET);
        if (!whole) {
            return from + 1;
        }
        int closed = nestedEnd(data, from, to);
        int end = closed < 0 ? to : closed;
        if (end - from > 2) {
            spans.add(from, end, kind.text(), true);
        }
        return end;
    }

    /** The end of the JSON value that begins with a bracket at {@code from}, or -1. */
    static int nestedEnd(byte[] data, int from, int to) {
        int depth = 0;
        boolean inString = false;
        for (int at = from; at < to; at++) {
            byte next = data[at];
            if (inString) {
                if (next == '\\') {
                    at++;
                } else if (next == '"') {
                    inString = false;
                }
            } else if (next == '"') {
                inString = true;
            } else if (next == '{' || next == '[') {
                depth++;
            } else if ((next == '}' || next == ']') && --depth == 0) {
                return at + 1;
            }
        }
        return -1;
    }

    private int header(byte[] data, int from, int to, SecretKind kind, boolean colon, Spans spans) {
        int word = plainEnd(data, from, to);
        if (kind == SecretKind.COOKIE) {
            boolean pairs = until(data, from, word, (byte) '=') < word;
            return pairs || !colon && isTokenLike(data, from, word)
                    ? add(data, from, lineEnd(data, from, to), kind, spans)
                    : from;
        }
        String scheme = Bytes.lower(Bytes.text(data, from, Math.min(word, from + 32)));
        if (WHOLE_REST.contains(scheme)) {
            int start = blanks(data, word, to);
            return add(data, start, lineEnd(data, start, to), kind, spans);
        }
        if (SCHEMES.contains(scheme)) {
            int start = blanks(data, word, to);
            return add(data, start, plainEnd(data, start, to), kind, spans);
        }
        return isTokenLike(data, from, word) ? add(data, from, word, kind, spans) : from;
    }

    /** Adds a whole value of a key of {@code kind}; the scheme of an authorization stays. */
    static int addHeader(byte[] data, int from, int end, SecretKind kind, Spans spans) {
        if (kind == SecretKind.AUTHORIZATION) {
            int word = from;
            while (word < end && data[word] != ' ') {
                word++;
            }
            String scheme = Bytes.lower(Bytes.text(data, from, Math.min(word, from + 32)));
            if (word < end && (SCHEMES.contains(scheme) || WHOLE_REST.contains(scheme))) {
                return add(data, blanks(data, word, end), end, kind, spans);
            }
        }
        return add(data, from, end, kind, spans);
    }

    private static int lineEnd(byte[] data, int from, int to) {
        int end = from;
        while (end < to) {
            byte next = data[end];
            if (next == '\n' || next == '\r' || next == '"' || next == '\'') {
                break;
            }
            if (next == '\\' && isEscape(data, end, to)) {
                break;
            }
            end += step(data, end, to);
        }
        return end;
    }

    /* A backslash and what it escapes stay together. */
    private static int step(byte[] data, int at, int to) {
        return data[at] == '\\' && at + 1 < to ? 2 : 1;
    }

    private static int until(byte[] data, int from, int to, byte stop) {
        int end = from;
        while (end < to && data[end] != stop && data[end] != '"') {
            if (data[end] == '\\' && isEscape(data, end, to)) {
                return end;
            }
            end += step(data, end, to);
        }
        return end;
    }

    /* The quote that closes has as many backslashes before it as the one that opened, or fewer. */
    private static int closing(byte[] data, int from, int to, byte quote, int slashes) {
        int run = 0;
        for (int at = from; at < to; at++) {
            if (data[at] == '\\') {
                run++;
                continue;
            }
            if (quote == '\'' && data[at] == '"') {
                return at - run;
            }
            if (data[at] == quote && (slashes == 0 ? (run & 1) == 0 : run <= slashes)) {
                return at - Math.min(run, slashes);
            }
            run = 0;
        }
        return to;
    }

    /** The end of an unquoted value. */
    static int plainEnd(byte[] data, int from, int to) {
        for (int at = from; at < to; at++) {
            byte next = data[at];
            if (Bytes.isSpace(next) || next == '&' || next == '"' || next == '\'' || next == '<') {
                return at;
            }
            if (next == '\\') {
                if (isEscape(data, at, to)) {
                    return at;
                }
                at++;
                continue;
            }
            boolean closes = next == ')' || next == ']' || next == '}';
            boolean parts = next == ',' || next == ';' || next == '|';
            if ((closes || parts) && at > from && endsValue(data, at + 1, to)) {
                return at;
            }
            if (parts && beginsPair(data, at + 1, to)) {
                return at;
            }
        }
        return to;
    }

    private static boolean isEscape(byte[] data, int at, int to) {
        return at + 1 < to && "\"'nrt".indexOf(data[at + 1]) >= 0;
    }

    private static boolean endsValue(byte[] data, int at, int to) {
        return at >= to || Bytes.isSpace(data[at]) || "\"',;)]}&\\<".indexOf(data[at]) >= 0;
    }

    private static boolean beginsPair(byte[] data, int at, int to) {
        int start = at < to && data[at] == '"' ? at + 1 : at;
        int end = Bytes.wordEnd(data, start, Math.min(to, start + 64));
        return end > start
                && end < to
                && (data[end] == '=' || data[end] == ':' || data[end] == '"');
    }

    /* Whether what stands behind "key:" belongs to a sentence. */
    private static boolean isProse(byte[] data, int from, int end, int to, SecretKind kind) {
        if (kind != SecretKind.PASSWORD) {
            return !isTokenLike(data, from, end);
        }
        for (int at = from; at < end; at++) {
            if (!Bytes.isLetter(data[at])) {
                return end - from < 2;
            }
        }
        int next = blanks(data, end, to);
        int nextEnd = plainEnd(data, next, to);
        if (nextEnd == next) {
            return false;
        }
        boolean pair = data[nextEnd - 1] == ':' || until(data, next, nextEnd, (byte) '=') < nextEnd;
        return !pair;
    }

    /** Whether a text has no blanks, is not short, and has a digit or is long. */
    static boolean isTokenLike(byte[] data, int from, int end) {
        boolean digit = false;
        for (int at = from; at < end; at++) {
            if (Bytes.isSpace(data[at])) {
                return false;
            }
            digit |= Bytes.isDigit(data[at]);
        }
        return end - from >= TOKEN_LENGTH_MIN && (digit || end - from >= 24);
    }

    private static boolean isNoSecret(byte[] data, int from, int end) {
        if (end <= from) {
            return true;
        }
        int length = end - from;
        if (length <= 12 && NO_SECRETS.contains(Bytes.lower(Bytes.text(data, from, end)))) {
            return true;
        }
        if (Bytes.startsWith(data, from, end, "[redacted:")
                || Bytes.startsWith(data, from, end, "${")
                || Bytes.startsWith(data, from, end, "{{")) {
            return true;
        }
        for (int at = from; at < end; at++) {
            if (data[at] != '*' && data[at] != 'x' && data[at] != 'X' && data[at] != '.') {
                return false;
            }
        }
        return length >= MASK_LENGTH_MIN;
    }
}
