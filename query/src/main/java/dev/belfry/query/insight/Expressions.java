package dev.belfry.query.insight;

import dev.belfry.model.BelfryException;
import dev.belfry.query.insight.Node.Operator;
import dev.belfry.query.insight.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads expressions; holds the token that comes next. */
final class Expressions {
    private static final Map<String, Operator> OPERATORS =
            Map.ofEntries(
                    Map.entry("=", Operator.EQUAL),
                    Map.entry("==", Operator.EQUAL),
                    Map.entry("!=", Operator.NOT_EQUAL),
                    Map.entry("<>", Operator.NOT_EQUAL),
                    Map.entry("<", Operator.LESS),
                    Map.entry("<=", Operator.LESS_OR_EQUAL),
                    Map.entry(">", Operator.GREATER),
                    Map.entry(">=", Operator.GREATER_OR_EQUAL),
                    Map.entry("=~", Operator.MATCHES),
                    Map.entry("!~", Operator.NOT_MATCHES),
                    Map.entry("+", Operator.ADD),
                    Map.entry("-", Operator.SUBTRACT),
                    Map.entry("*", Operator.MULTIPLY),
                    Map.entry("/", Operator.DIVIDE),
                    Map.entry("%", Operator.REMAINDER),
                    Map.entry("^", Operator.POWER));

    /* Words that end an expression or join two; a field of such a name stands in backticks. */
    private static final Set<String> RESERVED =
            Set.of("as", "by", "and", "or", "not", "in", "like", "is", "asc", "desc");

    private final Lexer lexer;
    private Token next = new Token(Kind.END, "", 0, 0);
    private int depth;

    Expressions(Lexer lexer) {
        this.lexer = lexer;
    }

    /** Reads the first token at the lexer's place. */
    void begin() {
        next = lexer.next(false);
    }

    Token peek() {
        return next;
    }

    /** The next token, where a slash begins a regular expression. */
    Token peekPattern() {
        if (next.is("/")) {
            lexer.seek(next.at());
            next = lexer.next(true);
        }
        return next;
    }

    Token take() {
        Token token = next;
        next = lexer.next(false);
        return token;
    }

    boolean accept(String symbol) {
        boolean is = next.is(symbol);
        if (is) {
            /* After the pipe a search stage reads in its own way, from where the word ends. */
            next = lexer.next(false);
        }
        return is;
    }

    boolean acceptWord(String word) {
        boolean is = next.isWord(word);
        if (is) {
            next = lexer.next(false);
        }
        return is;
    }

    BelfryException error(Token found, String expected) {
        return Syntax.error(lexer.text(), found.at(), found.shown(), expected);
    }

    private void expect(String symbol, String expected) {
        if (!accept(symbol)) {
            throw error(next, expected);
        }
    }

    /** A text or regular expression that stands next. */
    Node pattern() {
        Token token = peekPattern();
        take();
        return token.kind() == Kind.TEXT ? new Node.Text(token.text(), token.at()) : regex(token);
    }

    private Node.Regex regex(Token token) {
        boolean foldCase = lexer.text().charAt(token.end() - 1) == 'i';
        return new Node.Regex(token.text(), foldCase, token.at());
    }

    /** One expression. */
    Node expression() {
        return binary(1);
    }

    /** A value that a slash ends. */
    Node operand() {
        return binary(Operator.POWER.binding());
    }

    private Node binary(int binding) {
        if (++depth > Limits.DEPTH_MAX) {
            throw error(next, "at most " + Limits.DEPTH_MAX + " levels of nesting");
        }
        Node left = prefix(binding);
        int chain = 0;
        int logic = 0;
        while (true) {
            Token token = next;
            Operator operator = operator(token);
            if (operator == null) {
                Node more = binding <= 4 ? postfix(left) : null;
                if (more == null) {
                    break;
                }
                if (++chain > Limits.CHAIN_MAX) {
                    throw error(token, "at most " + Limits.CHAIN_MAX + " operators in a row");
                }
                left = more;
            } else if (operator.binding() < binding) {
                break;
            } else {
                boolean joins = operator == Operator.AND || operator == Operator.OR;
                if (joins ? ++logic > Limits.LOGIC_MAX : ++chain > Limits.CHAIN_MAX) {
                    throw error(
                            token,
                            joins
                                    ? "at most " + Limits.LOGIC_MAX + " conditions in a row"
                                    : "at most " + Limits.CHAIN_MAX + " operators in a row");
                }
                take();
                left = new Node.Binary(operator, left, right(operator), token.at());
            }
        }
        depth--;
        return left;
    }

    private Node right(Operator operator) {
        if (operator == Operator.MATCHES || operator == Operator.NOT_MATCHES) {
            return patternOperand();
        }
        return operator == Operator.POWER
                ? binary(operator.binding())
                : binary(operator.binding() + 1);
    }

    private Node patternOperand() {
        Token token = peekPattern();
        if (token.kind() != Kind.TEXT && token.kind() != Kind.REGEX) {
            throw error(token, "a text in quotes or /a regular expression/");
        }
        return pattern();
    }

    private static @Nullable Operator operator(Token token) {
        if (token.kind() == Kind.NAME) {
            return switch (token.text().toLowerCase(Locale.ROOT)) {
                case "and" -> Operator.AND;
                case "or" -> Operator.OR;
                default -> null;
            };
        }
        return token.kind() == Kind.SYMBOL ? OPERATORS.get(token.text()) : null;
    }

    /* like, in, is present, each also with not. */
    private @Nullable Node postfix(Node left) {
        Token word = next;
        boolean negated = false;
        if (next.isWord("not")) {
            take();
            negated = true;
        }
        if (acceptWord("like")) {
            Operator operator = negated ? Operator.NOT_LIKE : Operator.LIKE;
            return new Node.Binary(operator, left, patternOperand(), word.at());
        }
        if (acceptWord("in")) {
            return new Node.In(left, list(), negated, word.at());
        }
        if (negated) {
            throw error(next, "like or in after not");
        }
        if (acceptWord("is")) {
            boolean not = acceptWord("not");
            if (acceptWord("present")) {
                return new Node.Present(left, not, word.at());
            }
            if (acceptWord("null") || acceptWord("missing") || acceptWord("empty")) {
                return new Node.Present(left, !not, word.at());
            }
            throw error(next, "present or null");
        }
        return null;
    }

    private List<Node> list() {
        boolean square = accept("[");
        if (!square) {
            expect("(", "a list: [\"a\", \"b\"]");
        }
        String close = square ? "]" : ")";
        List<Node> values = new ArrayList<>();
        while (!next.is(close) || !values.isEmpty()) {
            Node value = binary(5);
            if (!(value instanceof Node.Text
                    || value instanceof Node.Number
                    || value instanceof Node.Truth
                    || value instanceof Node.Negative(Node.Number _, int _))) {
                throw Syntax.error(
                        lexer.text(), value.at(), "an expression", "a text, number or true, false");
            }
            values.add(value);
            if (values.size() > Limits.LIST_MAX) {
                throw error(next, "at most " + Limits.LIST_MAX + " values");
            }
            if (!accept(",")) {
                break;
            }
        }
        expect(close, close + " or ,");
        return values;
    }

    private Node prefix(int binding) {
        Token token = next;
        if (token.isWord("not") && binding <= 4 || token.is("!")) {
            take();
            return new Node.Not(binary(3), token.at());
        }
        if (token.is("-")) {
            take();
            return new Node.Negative(binary(7), token.at());
        }
        if (token.is("+")) {
            take();
            return binary(7);
        }
        return primary();
    }

    private Node primary() {
        Token token = peekPattern();
        switch (token.kind()) {
            case TEXT, REGEX -> {
                return pattern();
            }
            case NUMBER -> {
                take();
                double value = Double.parseDouble(token.text());
                if (Double.isInfinite(value)) {
                    throw error(token, "a finite number");
                }
                return new Node.Number(value, token.at());
            }
            case SPAN -> {
                take();
                long nanos = Spans.nanos(token.text());
                if (nanos < 0) {
                    throw error(token, "a time of at most 292 years");
                }
                return new Node.Span(nanos, token.text(), token.at());
            }
            case QUOTED_NAME -> {
                take();
                if (token.text().isEmpty()) {
                    throw error(token, "a name");
                }
                return new Node.Name(token.text(), token.at());
            }
            case NAME -> {
                return named(take());
            }
            case SYMBOL, END -> {
                if (accept("(")) {
                    Node inner = expression();
                    expect(")", ") or an operator");
                    return inner;
                }
                throw error(token, "a field, a value or a function");
            }
        }
        throw new IllegalStateException("BUG: a token of no kind");
    }

    private Node named(Token name) {
        String word = name.text().toLowerCase(Locale.ROOT);
        if (next.is("(") && !RESERVED.contains(word)) {
            take();
            return call(name, word);
        }
        if (word.equals("true") || word.equals("false")) {
            return new Node.Truth(word.equals("true"), name.at());
        }
        if (RESERVED.contains(word)) {
            throw error(
                    name, "a field, a value or a function; a field of this name in `backticks`");
        }
        return new Node.Name(name.text(), name.at());
    }

    private Node call(Token name, String word) {
        if (next.is("*")) {
            Token star = take();
            if (!next.is(")")) {
                throw error(star, "a value");
            }
            take();
            return new Node.Call(word, List.of(), true, name.at());
        }
        List<Node> arguments = new ArrayList<>();
        if (!next.is(")")) {
            do {
                arguments.add(expression());
                if (arguments.size() > Limits.LIST_MAX) {
                    throw error(next, "at most " + Limits.LIST_MAX + " arguments");
                }
            } while (accept(","));
        }
        expect(")", ") or ,");
        return new Node.Call(word, arguments, false, name.at());
    }
}
