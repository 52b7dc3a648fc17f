package dev.belfry.query.promql;

import dev.belfry.query.promql.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Cuts a query into words. The last one is {@code END}, or {@code ERROR} with the message. */
final class Lexer {
    static final Set<String> AGGREGATORS =
            Set.of(
                    "avg",
                    "bottomk",
                    "count",
                    "count_values",
                    "group",
                    "limit_ratio",
                    "limitk",
                    "max",
                    "min",
                    "quantile",
                    "stddev",
                    "stdvar",
                    "sum",
                    "topk");
    private static final Set<String> WORD_OPERATORS = Set.of("and", "or", "unless", "atan2");
    private static final Set<String> KEYWORDS =
            Set.of(
                    "offset",
                    "smoothed",
                    "anchored",
                    "by",
                    "without",
                    "on",
                    "ignoring",
                    "group_left",
                    "group_right",
                    "fill",
                    "fill_left",
                    "fill_right",
                    "bool",
                    "start",
                    "end",
                    "step",
                    "range");

    private final String input;
    private final List<Token> tokens = new ArrayList<>();
    private int at;
    private int parenDepth;
    private boolean braceOpen;
    private boolean bracketOpen;
    private boolean gotColon;

    private Lexer(String input) {
        this.input = input;
    }

    static List<Token> tokens(String input) {
        Lexer lexer = new Lexer(input);
        while (lexer.next()) {}
        return lexer.tokens;
    }

    private int peek(int ahead) {
        return at + ahead < input.length() ? input.charAt(at + ahead) : -1;
    }

    private boolean emit(Kind kind, int length) {
        tokens.add(new Token(kind, input.substring(at, at + length), at));
        at += length;
        return true;
    }

    private boolean error(int start, String message) {
        tokens.add(new Token(Kind.ERROR, message, start));
        return false;
    }

    private int point() {
        return input.codePointAt(at);
    }

    private boolean next() {
        while (peek(0) == ' ' || peek(0) == '\t' || peek(0) == '\n' || peek(0) == '\r') {
            at++;
        }
        int c = peek(0);
        if (c == '#') {
            while (peek(0) != -1 && peek(0) != '\n') {
                at++;
            }
            return true;
        }
        if (c == -1) {
            return end();
        }
        if (c == '"' || c == '\'' || c == '`') {
            return string((char) c);
        }
        return braceOpen ? insideBraces(c) : statement(c);
    }

    private boolean end() {
        if (braceOpen) {
            return error(at, "unexpected end of input inside braces");
        }
        if (bracketOpen && tokens.getLast().isPunctuation("[")) {
            return error(at, "unexpected end of input in duration expression");
        }
        if (parenDepth != 0) {
            return error(at, "unclosed left parenthesis");
        }
        if (bracketOpen) {
            return error(at, "unclosed left bracket");
        }
        tokens.add(new Token(Kind.END, "", at));
        return false;
    }

    private boolean insideBraces(int c) {
        if (isAlpha(c)) {
            return emit(Kind.IDENTIFIER, wordLength(false));
        }
        switch (c) {
            case ',':
                return emit(Kind.PUNCTUATION, 1);
            case '=':
                return emit(Kind.OPERATOR, peek(1) == '~' ? 2 : 1);
            case '!':
                if (peek(1) == '~' || peek(1) == '=') {
                    return emit(Kind.OPERATOR, 2);
                }
                return error(at, "unexpected character after '!' inside braces: " + quoted(at + 1));
            case '{':
                return error(at, "unexpected left brace '{'");
            case '}':
                braceOpen = false;
                return emit(Kind.PUNCTUATION, 1);
            default:
                return error(
                        at, "unexpected character inside braces: " + Strings.quoteChar(point()));
        }
    }

    private String quoted(int offset) {
        return offset < input.length()
                ? Strings.quoteChar(input.codePointAt(offset))
                : "end of input";
    }

    private boolean statement(int c) {
        if (isDigit(c) || (c == '.' && isDigit(peek(1)))) {
            return numberOrDuration();
        }
        if (isAlpha(c) || (c == ':' && !bracketOpen)) {
            return bracketOpen ? bracketWord() : word();
        }
        return switch (c) {
            case ',', '@' -> emit(Kind.PUNCTUATION, 1);
            case '*', '/', '%', '+', '-', '^' -> emit(Kind.OPERATOR, 1);
            case '=' ->
                    peek(1) == '~'
                            ? error(at, "unexpected character after '=': '~'")
                            : emit(Kind.OPERATOR, peek(1) == '=' ? 2 : 1);
            case '!' ->
                    peek(1) == '='
                            ? emit(Kind.OPERATOR, 2)
                            : error(at, "unexpected character after '!': " + quoted(at + 1));
            case '<', '>' -> emit(Kind.OPERATOR, peek(1) == '=' || peek(1) == '/' ? 2 : 1);
            default -> bracketing(c);
        };
    }

    private boolean bracketing(int c) {
        switch (c) {
            case '(':
                parenDepth++;
                break;
            case ')':
                if (--parenDepth < 0) {
                    return error(at + 1, "unexpected right parenthesis ')'");
                }
                break;
            case '{':
                braceOpen = true;
                break;
            case '[':
                if (bracketOpen) {
                    return error(at, "unexpected left bracket '['");
                }
                bracketOpen = true;
                gotColon = false;
                break;
            case ']':
                if (!bracketOpen) {
                    return error(at, "unexpected right bracket ']'");
                }
                bracketOpen = false;
                break;
            case ':':
                if (gotColon) {
                    return error(at, "unexpected colon ':'");
                }
                gotColon = true;
                break;
            default:
                return error(
                        at,
                        (bracketOpen
                                        ? "unexpected character in duration expression: "
                                        : "unexpected character: ")
                                + Strings.quoteChar(point()));
        }
        return emit(Kind.PUNCTUATION, 1);
    }

    private boolean bracketWord() {
        int length = wordLength(false);
        String word = input.substring(at, at + length).toLowerCase(Locale.ROOT);
        if (word.equals("min") || word.equals("max")) {
            return emit(Kind.AGGREGATOR, length);
        }
        if (word.equals("step") || word.equals("range")) {
            return emit(Kind.KEYWORD, length);
        }
        if (word.equals("min_of") || word.equals("max_of")) {
            return emit(Kind.IDENTIFIER, length);
        }
        return error(
                at, "unexpected character in duration expression: " + Strings.quoteChar(point()));
    }

    private boolean word() {
        int length = wordLength(true);
        String text = input.substring(at, at + length);
        String word = text.toLowerCase(Locale.ROOT);
        if (AGGREGATORS.contains(word)) {
            return emit(Kind.AGGREGATOR, length);
        }
        if (WORD_OPERATORS.contains(word)) {
            return emit(Kind.OPERATOR, length);
        }
        if (KEYWORDS.contains(word)) {
            return emit(Kind.KEYWORD, length);
        }
        if (word.equals("inf") || word.equals("nan")) {
            return emit(Kind.NUMBER, length);
        }
        return emit(text.indexOf(':') >= 0 ? Kind.METRIC_IDENTIFIER : Kind.IDENTIFIER, length);
    }

    private int wordLength(boolean colons) {
        int length = 0;
        while (isAlphaNumeric(peek(length)) || (colons && peek(length) == ':')) {
            length++;
        }
        return length;
    }

    private boolean numberOrDuration() {
        int number = Numbers.scan(input, at);
        if (number > 0) {
            return emit(Kind.NUMBER, number);
        }
        int duration = duration(-1 - number);
        if (duration > 0) {
            return emit(Kind.DURATION, duration);
        }
        return error(
                at,
                "bad number or duration syntax: "
                        + Strings.quote(input.substring(at, at - 1 - duration)));
    }

    /*
     * The length of a duration whose first number has {@code length} characters; when there is none,
     * -1 less how far it was read. Units may be in any order here.
     */
    private int duration(int length) {
        int read = length;
        String units = "smhdwy";
        do {
            while (read > length && isDigit(peek(read))) {
                read++;
            }
            if (peek(read) < 0 || units.indexOf(peek(read)) < 0) {
                return -1 - read;
            }
            read += peek(read + 1) == 's' ? 2 : 1;
            units = "smhdw";
        } while (isDigit(peek(read)));
        return isAlphaNumeric(peek(read)) ? -2 - read : read;
    }

    private boolean string(char quote) {
        int end = at + 1;
        while (end < input.length() && input.charAt(end) != quote) {
            if (quote != '`' && input.charAt(end) == '\n') {
                return error(at, "unterminated quoted string");
            }
            if (quote != '`' && input.charAt(end) == '\\') {
                end++;
                String problem = Strings.problemOfEscape(input, end, quote);
                if (problem != null) {
                    return error(at, problem);
                }
            }
            end++;
        }
        if (end >= input.length()) {
            return error(
                    at, quote == '`' ? "unterminated raw string" : "unterminated quoted string");
        }
        return emit(Kind.STRING, end + 1 - at);
    }

    private static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isAlpha(int c) {
        return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    private static boolean isAlphaNumeric(int c) {
        return isAlpha(c) || isDigit(c);
    }
}
