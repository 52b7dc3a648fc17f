package dev.belfry.query.insight;

import dev.belfry.query.insight.Token.Kind;
import java.util.List;

/** Cuts a query into tokens, one at a time, so that a stage can read its own way. */
final class Lexer {
    /* Longest first. */
    private static final List<String> SYMBOLS =
            List.of(
                    "==", "!=", "<>", "<=", ">=", "=~", "!~", "=", "<", ">", "(", ")", "[", "]",
                    ",", "|", "+", "-", "*", "/", "%", "^", "!", ":");

    private final String text;
    private int at;

    Lexer(String text) {
        this.text = text;
    }

    String text() {
        return text;
    }

    /** Goes on at {@code offset}. */
    void seek(int offset) {
        at = offset;
    }

    /** Where the next token or its white space begins. */
    int at() {
        return at;
    }

    /**
     * Skips white space and comments: from {@code #}, {@code //} or {@code --} to the line's end.
     */
    int skipSpace() {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (Character.isWhitespace(c) || c == '\uFEFF' || c == '\u00A0') {
                at++;
            } else if (isComment(at)) {
                int end = text.indexOf('\n', at);
                at = end < 0 ? text.length() : end;
            } else {
                break;
            }
        }
        return at;
    }

    /** Whether a comment begins at {@code offset}: at the start of the text or after a space. */
    boolean isComment(int offset) {
        return (text.startsWith("#", offset)
                        || text.startsWith("//", offset)
                        || text.startsWith("--", offset))
                && (offset == 0 || Character.isWhitespace(text.charAt(offset - 1)));
    }

    /** The next token; {@code regex} whether a slash begins a regular expression. */
    Token next(boolean regex) {
        int start = skipSpace();
        if (start == text.length()) {
            return new Token(Kind.END, "", start, start);
        }
        char c = text.charAt(start);
        if (c == '"' || c == '\'') {
            return quoted(c, Kind.TEXT);
        }
        if (c == '`') {
            return quoted(c, Kind.QUOTED_NAME);
        }
        if (c == '/' && regex) {
            return regex();
        }
        if (isDigit(c)
                || c == '.' && start + 1 < text.length() && isDigit(text.charAt(start + 1))) {
            return number();
        }
        if (isNameStart(c)) {
            at++;
            while (at < text.length() && isNamePart(at)) {
                at++;
            }
            return new Token(Kind.NAME, text.substring(start, at), start, at);
        }
        for (String symbol : SYMBOLS) {
            if (text.startsWith(symbol, start)) {
                at = start + symbol.length();
                return new Token(Kind.SYMBOL, symbol, start, at);
            }
        }
        throw Syntax.error(
                text,
                start,
                "the character " + Character.toString(text.codePointAt(start)),
                "a name, a number, a text in quotes or an operator");
    }

    static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    static boolean isNameStart(char c) {
        return Character.isLetter(c) || c == '_' || c == '@' || c == '$';
    }

    /* Dots join the parts of a path; a dot at the end does not belong to the name. */
    private boolean isNamePart(int offset) {
        char c = text.charAt(offset);
        if (c == '.') {
            return offset + 1 < text.length()
                    && (Character.isLetterOrDigit(text.charAt(offset + 1))
                            || text.charAt(offset + 1) == '_'
                            || text.charAt(offset + 1) == '@');
        }
        return Character.isLetterOrDigit(c) || c == '_' || c == '@' || c == '$';
    }

    /* Quotes are escaped by a backslash or doubled; other backslashes stand for themselves but
     * before n, t, r and themselves. */
    private Token quoted(char quote, Kind kind) {
        int start = at++;
        StringBuilder content = new StringBuilder();
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == quote) {
                if (at < text.length() && text.charAt(at) == quote) {
                    at++;
                } else {
                    return new Token(kind, content.toString(), start, at);
                }
            } else if (c == '\\' && at < text.length()) {
                char next = text.charAt(at++);
                switch (next) {
                    case 'n' -> c = '\n';
                    case 't' -> c = '\t';
                    case 'r' -> c = '\r';
                    case '\\', '"', '\'', '`' -> c = next;
                    default -> at--;
                }
            }
            content.append(c);
        }
        throw Syntax.error(text, start, "a quote that is not closed", "a closing " + quote);
    }

    private Token regex() {
        int start = at++;
        StringBuilder pattern = new StringBuilder();
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '/') {
                boolean fold = at < text.length() && text.charAt(at) == 'i' && !isNameAt(at + 1);
                at += fold ? 1 : 0;
                return new Token(Kind.REGEX, pattern.toString(), start, at);
            }
            if (c == '\\' && at < text.length()) {
                char next = text.charAt(at++);
                if (next != '/') {
                    pattern.append(c);
                }
                c = next;
            }
            pattern.append(c);
        }
        throw Syntax.error(text, start, "a regular expression that is not closed", "a closing /");
    }

    private boolean isNameAt(int offset) {
        return offset < text.length() && isNamePart(offset);
    }

    private Token number() {
        int start = at;
        digits();
        if (at < text.length() && text.charAt(at) == '.') {
            at++;
            digits();
        }
        if (at < text.length() && (text.charAt(at) | 0x20) == 'e') {
            int sign = at + 1;
            if (sign < text.length() && (text.charAt(sign) == '-' || text.charAt(sign) == '+')) {
                sign++;
            }
            if (sign < text.length() && isDigit(text.charAt(sign))) {
                at = sign;
                digits();
            }
        }
        int end = at;
        while (at < text.length() && Character.isLetter(text.charAt(at))) {
            at++;
        }
        if (at == end) {
            return new Token(Kind.NUMBER, text.substring(start, end), start, end);
        }
        if (Spans.unitNanos(text.substring(end, at)) == 0) {
            throw Syntax.error(
                    text,
                    start,
                    text.substring(start, at),
                    "a number, or a time such as 30s, 5m, 1h, 1d");
        }
        return new Token(Kind.SPAN, text.substring(start, at), start, at);
    }

    private void digits() {
        while (at < text.length() && isDigit(text.charAt(at))) {
            at++;
        }
    }
}
