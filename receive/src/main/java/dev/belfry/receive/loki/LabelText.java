package dev.belfry.receive.loki;

import dev.belfry.receive.columns.JsonBytes;
import java.nio.charset.StandardCharsets;

/** Reads the labels of a stream as text: {@code {job="shop", pod="a\"b"}}; for one thread. */
final class LabelText {
    /*
     * The values are Go's string literals, interpreted ("…" with escapes) or raw (`…`), as Prometheus' parser takes
     * them; a name is letters, digits, '_', ':' and '.', or quoted.
     */
    private final byte[] text;
    private final int end;
    private final JsonBytes name = new JsonBytes();
    private final JsonBytes value = new JsonBytes();
    private int at;

    /** Is told each label. */
    @FunctionalInterface
    interface Labels {
        void label(JsonBytes name, JsonBytes value);
    }

    LabelText(byte[] text, int from, int end) {
        this.text = text;
        this.at = from;
        this.end = end;
    }

    /** Gives all labels; false when the text is none. */
    boolean read(Labels labels) {
        if (!accept('{')) {
            return false;
        }
        if (accept('}')) {
            return atEnd();
        }
        do {
            if (peek() == '}') {
                break;
            }
            if (!name() || !accept('=') || !literal(value)) {
                return false;
            }
            labels.label(name, value);
        } while (accept(','));
        return accept('}') && atEnd();
    }

    private boolean name() {
        int first = peek();
        if (first == '"' || first == '`') {
            return literal(name);
        }
        int start = at;
        while (at < end && isNameByte(text[at])) {
            at++;
        }
        name.clear().put(text, start, at - start);
        return at > start;
    }

    private static boolean isNameByte(byte next) {
        return next >= 'a' && next <= 'z'
                || next >= 'A' && next <= 'Z'
                || next >= '0' && next <= '9'
                || next == '_'
                || next == ':'
                || next == '.';
    }

    private boolean literal(JsonBytes target) {
        target.clear();
        int quote = peek();
        if (quote != '"' && quote != '`') {
            return false;
        }
        at++;
        int start = at;
        while (at < end) {
            byte next = text[at];
            if (next == quote) {
                target.put(text, start, at - start);
                at++;
                return true;
            }
            if (next == '\\' && quote == '"') {
                target.put(text, start, at - start);
                at++;
                if (!escape(target)) {
                    return false;
                }
                start = at;
            } else {
                at++;
            }
        }
        return false;
    }

    private boolean escape(JsonBytes target) {
        if (at >= end) {
            return false;
        }
        byte letter = text[at++];
        switch (letter) {
            case 'a' -> target.put('\u0007');
            case 'b' -> target.put('\b');
            case 'f' -> target.put('\f');
            case 'n' -> target.put('\n');
            case 'r' -> target.put('\r');
            case 't' -> target.put('\t');
            case 'v' -> target.put('\u000B');
            case '\\', '"', '\'' -> target.put((char) letter);
            case 'x' -> {
                return number(target, 2, 16, true);
            }
            case 'u' -> {
                return number(target, 4, 16, false);
            }
            case 'U' -> {
                return number(target, 8, 16, false);
            }
            case '0', '1', '2', '3', '4', '5', '6', '7' -> {
                at--;
                return number(target, 3, 8, true);
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean number(JsonBytes target, int digits, int radix, boolean isByte) {
        long code = 0;
        for (int index = 0; index < digits; index++) {
            int digit = at < end ? Character.digit(text[at], radix) : -1;
            if (digit < 0) {
                return false;
            }
            code = code * radix + digit;
            at++;
        }
        if (isByte) {
            if (code > 0xFF) {
                return false;
            }
            target.put(new byte[] {(byte) code}, 0, 1);
            return true;
        }
        if (code > Character.MAX_CODE_POINT
                || code >= Character.MIN_SURROGATE && code <= Character.MAX_SURROGATE) {
            return false;
        }
        byte[] utf8 = Character.toString((int) code).getBytes(StandardCharsets.UTF_8);
        target.put(utf8, 0, utf8.length);
        return true;
    }

    private int peek() {
        while (at < end && (text[at] == ' ' || text[at] == '\t' || text[at] == '\n')) {
            at++;
        }
        return at < end ? text[at] : -1;
    }

    private boolean accept(char wanted) {
        if (peek() == wanted) {
            at++;
            return true;
        }
        return false;
    }

    private boolean atEnd() {
        return peek() < 0 && at >= end;
    }
}
