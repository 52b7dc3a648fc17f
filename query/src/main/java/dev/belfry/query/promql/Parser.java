package dev.belfry.query.promql;

import dev.belfry.model.series.LabelMatcher;
import dev.belfry.query.promql.Token.Kind;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/** Reads expressions: recursive descent over words, operators by how strongly they bind. */
public final class Parser {
    private static final Set<String> METRIC_KEYWORDS =
            Set.of(
                    "by",
                    "without",
                    "offset",
                    "start",
                    "end",
                    "step",
                    "range",
                    "anchored",
                    "smoothed",
                    "fill",
                    "fill_left",
                    "fill_right");
    private static final Set<String> PARAMETER_AGGREGATORS =
            Set.of("topk", "bottomk", "quantile", "count_values", "limitk", "limit_ratio");
    private static final Set<Kind> NO_SELECTORS =
            EnumSet.of(Kind.NUMBER, Kind.DURATION, Kind.STRING, Kind.END, Kind.ERROR);
    private static final Set<String> QUERY_FUNCTIONS = Set.of("start", "end", "step", "range");

    final String query;
    private final List<Token> tokens;
    private final IdentityHashMap<Expr.Binary, Modifiers> modifiers = new IdentityHashMap<>();
    private int at;
    private int depth;

    /* Aggregations whose arguments are being read. */
    private int aggregations;

    private Parser(String query) {
        this.query = query;
        this.tokens = Lexer.tokens(query);
    }

    /** The expression that {@code query} is; throws {@link PromqlException} with the position. */
    public static Expr parse(String query) {
        checkLength(query);
        Parser parser = new Parser(query);
        if (parser.peek().kind() == Kind.END) {
            throw parser.error(0, "no expression found in input");
        }
        Expr expr = parser.expression(1);
        if (parser.peek().kind() != Kind.END) {
            throw parser.unexpected("", "");
        }
        new Types(parser, parser.modifiers).check(expr);
        return expr;
    }

    /** The matchers of a selector such as {@code up{job="x"}}; {@code {}} has none. */
    public static List<LabelMatcher> parseMatchers(String query) {
        checkLength(query);
        Parser parser = new Parser(query);
        Token first = parser.peek();
        if (!mayBegin(first) || first.isPunctuation("(") || NO_SELECTORS.contains(first.kind())) {
            throw parser.unexpected();
        }
        if (parser.peek(1).isPunctuation("(")) {
            parser.take();
            throw parser.unexpected();
        }
        Expr expr = parser.primary();
        if (parser.peek().kind() != Kind.END) {
            throw parser.unexpected();
        }
        if (!(expr instanceof Expr.Selector selector)) {
            throw parser.error(0, "expected a metric selector");
        }
        return selector.matchers();
    }

    private static void checkLength(String query) {
        if (query.length() > Limits.QUERY_CHARS_MAX) {
            throw new PromqlException(
                    PromqlException.Kind.LIMIT,
                    "query: "
                            + query.length()
                            + " characters (expected: at most "
                            + Limits.QUERY_CHARS_MAX
                            + ")");
        }
    }

    // ---- words

    Token peek() {
        return tokens.get(at);
    }

    Token peek(int ahead) {
        return tokens.get(Math.min(at + ahead, tokens.size() - 1));
    }

    Token take() {
        Token token = tokens.get(at);
        if (at < tokens.size() - 1) {
            at++;
        }
        return token;
    }

    boolean accept(String punctuation) {
        if (peek().isPunctuation(punctuation)) {
            take();
            return true;
        }
        return false;
    }

    Token expect(String punctuation, String context) {
        if (!peek().isPunctuation(punctuation)) {
            throw unexpected(context, Strings.quote(punctuation));
        }
        return take();
    }

    int lastEnd() {
        return at == 0 ? 0 : tokens.get(at - 1).end();
    }

    PromqlException error(int offset, String message) {
        return PromqlException.parse(query, offset, message);
    }

    /* What is said within an aggregation, and nowhere closer. */
    private PromqlException unexpected() {
        return unexpected(aggregations > 0 ? "aggregation" : "", "");
    }

    PromqlException unexpected(String context, String expected) {
        Token token = peek();
        if (token.kind() == Kind.ERROR) {
            return error(token.start(), token.text());
        }
        return error(
                token.start(),
                "unexpected "
                        + token.describe()
                        + (context.isEmpty() ? "" : " in " + context)
                        + (expected.isEmpty() ? "" : ", expected " + expected));
    }

    void enter() {
        if (++depth > Limits.DEPTH_MAX) {
            throw error(
                    peek().start(),
                    "nesting: over "
                            + Limits.DEPTH_MAX
                            + " levels (expected: at most "
                            + Limits.DEPTH_MAX
                            + ")");
        }
    }

    void leave() {
        depth--;
    }

    // ---- operators

    private Expr expression(int precedenceMin) {
        enter();
        Expr left = unary();
        int chained = 0;
        while (true) {
            Operator operator = peek().kind() == Kind.OPERATOR ? Operator.of(peek().word()) : null;
            if (operator == null || operator.precedence() < precedenceMin) {
                break;
            }
            Token token = take();
            Modifiers between = Modifiers.read(this, token);
            boolean toTheRight = operator == Operator.POWER;
            Expr right = expression(operator.precedence() + (toTheRight ? 0 : 1));
            left = binary(operator, left, right, between);
            if (++chained > Limits.OPERATORS_MAX) {
                throw error(
                        token.start(),
                        "operators: over "
                                + Limits.OPERATORS_MAX
                                + " in a row (expected: at most "
                                + Limits.OPERATORS_MAX
                                + ")");
            }
        }
        leave();
        return left;
    }

    private Expr unary() {
        if (!peek().isOperator("-") && !peek().isOperator("+")) {
            return postfix(primary());
        }
        enter();
        Token sign = take();
        boolean negative = sign.text().equals("-");
        Expr operand = expression(Operator.POWER.precedence());
        leave();
        Span span = new Span(sign.start(), operand.span().end());
        if (operand instanceof Expr.Num number) {
            return new Expr.Num(
                    negative ? -number.value() : number.value(), number.duration(), span);
        }
        return new Expr.Unary(negative, operand, span);
    }

    private Expr.Binary binary(Operator operator, Expr left, Expr right, Modifiers modifiers) {
        boolean vectors = left.type() == ValueType.VECTOR && right.type() == ValueType.VECTOR;
        Span span = Span.between(left.span(), right.span());
        Expr.Binary binary =
                new Expr.Binary(
                        operator,
                        left,
                        right,
                        modifiers.bool(),
                        vectors ? modifiers.matching(operator) : null,
                        span);
        this.modifiers.put(binary, modifiers);
        return binary;
    }

    // ---- primary expressions

    private Expr primary() {
        Token token = peek();
        return switch (token.kind()) {
            case NUMBER, DURATION -> {
                take();
                yield new Expr.Num(
                        number(token),
                        token.kind() == Kind.DURATION,
                        new Span(token.start(), token.end()));
            }
            case STRING -> {
                take();
                yield new Expr.Text(string(token), new Span(token.start(), token.end()));
            }
            case AGGREGATOR -> aggregatorOrMetric();
            case IDENTIFIER, METRIC_IDENTIFIER -> callOrMetric();
            case KEYWORD -> keyword();
            case OPERATOR -> wordOperator();
            case PUNCTUATION -> punctuation();
            case END, ERROR -> throw unexpected();
        };
    }

    private Expr keyword() {
        if (QUERY_FUNCTIONS.contains(peek().word()) && peek(1).isPunctuation("(")) {
            return callOrMetric();
        }
        if (METRIC_KEYWORDS.contains(peek().word())) {
            return metric();
        }
        throw unexpected();
    }

    private Expr wordOperator() {
        if (Character.isLetter(peek().text().charAt(0)) && !peek().isOperator("atan2")) {
            return metric();
        }
        throw unexpected();
    }

    private Expr punctuation() {
        if (peek().isPunctuation("{")) {
            return SelectorParser.parse(this, "", peek().start());
        }
        if (!peek().isPunctuation("(")) {
            throw unexpected();
        }
        int start = take().start();
        Expr inner = expression(1);
        if (!accept(")")) {
            throw unexpected();
        }
        return new Expr.Paren(inner, new Span(start, lastEnd()));
    }

    private Expr metric() {
        Token name = take();
        return SelectorParser.parse(this, name.text(), name.start());
    }

    private Expr callOrMetric() {
        if (!peek(1).isPunctuation("(") || peek().kind() == Kind.METRIC_IDENTIFIER) {
            return metric();
        }
        Token name = take();
        List<Expr> arguments = arguments();
        Function function = Function.of(name.text());
        if (function == null) {
            throw error(name.start(), "unknown function with name " + Strings.quote(name.text()));
        }
        Span span = new Span(name.start(), lastEnd());
        return new Expr.Call(function, arguments, span);
    }

    private List<Expr> arguments() {
        take();
        List<Expr> arguments = new ArrayList<>();
        if (accept(")")) {
            return arguments;
        }
        arguments.add(expression(1));
        while (accept(",")) {
            if (!mayBegin(peek())) {
                throw error(
                        tokens.get(at - 1).start(),
                        "trailing commas not allowed in function call args");
            }
            arguments.add(expression(1));
        }
        if (!accept(")")) {
            throw unexpected();
        }
        return arguments;
    }

    /* Whether an expression may begin with it; what cannot be read tells of itself. */
    private static boolean mayBegin(Token token) {
        return switch (token.kind()) {
            case PUNCTUATION -> token.isPunctuation("(") || token.isPunctuation("{");
            case OPERATOR ->
                    token.isOperator("-")
                            || token.isOperator("+")
                            || Character.isLetter(token.text().charAt(0));
            case NUMBER,
                    DURATION,
                    STRING,
                    AGGREGATOR,
                    IDENTIFIER,
                    METRIC_IDENTIFIER,
                    KEYWORD,
                    END,
                    ERROR ->
                    true;
        };
    }

    private Expr aggregatorOrMetric() {
        boolean aggregation =
                peek(1).isPunctuation("(")
                        || peek(1).isKeyword("by")
                        || peek(1).isKeyword("without");
        if (!aggregation) {
            return metric();
        }
        Token name = take();
        boolean without = false;
        List<String> grouping = null;
        if (peek().kind() == Kind.KEYWORD) {
            without = take().word().equals("without");
            grouping = groupingLabels();
        }
        if (!peek().isPunctuation("(")) {
            throw unexpected("aggregation", "");
        }
        aggregations++;
        List<Expr> arguments = arguments();
        aggregations--;
        if (grouping == null && (peek().isKeyword("by") || peek().isKeyword("without"))) {
            without = take().word().equals("without");
            grouping = groupingLabels();
        }
        int wanted = PARAMETER_AGGREGATORS.contains(name.word()) ? 2 : 1;
        if (arguments.isEmpty()) {
            throw error(name.start(), "no arguments for aggregate expression provided");
        }
        if (arguments.size() != wanted) {
            throw error(
                    name.start(),
                    "wrong number of arguments for aggregate expression provided, expected "
                            + wanted
                            + ", got "
                            + arguments.size());
        }
        return new Expr.Aggregation(
                name.word(),
                arguments.get(wanted - 1),
                wanted == 2 ? arguments.getFirst() : null,
                grouping == null ? List.of() : grouping,
                without,
                new Span(name.start(), lastEnd()));
    }

    List<String> groupingLabels() {
        expect("(", "grouping opts");
        List<String> labels = new ArrayList<>();
        while (!accept(")")) {
            Token token = peek();
            boolean word =
                    switch (token.kind()) {
                        case IDENTIFIER, AGGREGATOR, KEYWORD -> true;
                        case OPERATOR -> Character.isLetter(token.text().charAt(0));
                        default -> false;
                    };
            if (!word && token.kind() != Kind.STRING) {
                throw unexpected("grouping opts", "label");
            }
            take();
            labels.add(word ? token.text() : label(token));
            if (!peek().isPunctuation(")") && !accept(",")) {
                throw unexpected("grouping opts", "\",\" or \")\"");
            }
        }
        return labels;
    }

    private String label(Token token) {
        String name = string(token);
        if (name.isEmpty() || Strings.hasInvalidBytes(name)) {
            throw error(token.start(), "invalid label name for grouping: " + Strings.quote(name));
        }
        return name;
    }

    // ---- what follows an expression

    private Expr postfix(Expr first) {
        Expr expr = first;
        while (true) {
            Token token = peek();
            if (token.isPunctuation("[")) {
                expr = Ranges.bracket(this, expr);
            } else if (token.isPunctuation("@")) {
                expr = Ranges.at(this, expr);
            } else if (token.isKeyword("offset")) {
                take();
                expr = Ranges.offset(this, expr, Ranges.offsetDuration(this), token.start());
            } else if (token.isKeyword("anchored") || token.isKeyword("smoothed")) {
                expr = Ranges.edges(this, expr);
            } else {
                return expr;
            }
        }
    }

    double number(Token token) {
        try {
            if (token.kind() == Kind.DURATION) {
                return Durations.parseMillis(token.text()) / 1000.0;
            }
            double number = Numbers.parse(token.text());
            if (Double.isInfinite(number) && Character.isDigit(token.text().charAt(0))) {
                throw error(
                        token.start(),
                        "error parsing number: strconv.ParseFloat: parsing "
                                + Strings.quote(token.text())
                                + ": value out of range");
            }
            return number;
        } catch (NumberFormatException e) {
            throw error(
                    token.start(),
                    "error parsing number: strconv.ParseFloat: parsing "
                            + Strings.quote(token.text())
                            + ": invalid syntax");
        } catch (IllegalArgumentException e) {
            throw error(token.start(), String.valueOf(e.getMessage()));
        }
    }

    String string(Token token) {
        try {
            return Strings.unquote(token.text());
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw error(token.start(), "error unquoting string " + Strings.quote(token.text()));
        }
    }
}
