package dev.belfry.query.promql;

import dev.belfry.model.series.Floats;
import dev.belfry.query.promql.Token.Kind;
import org.jspecify.annotations.Nullable;

/** Reads ranges, subqueries, {@code offset}, {@code @}, {@code anchored} and {@code smoothed}. */
final class Ranges {
    private Ranges() {}

    static Expr bracket(Parser parser, Expr expr) {
        Token open = parser.take();
        if (parser.peek().isPunctuation("]")) {
            throw parser.unexpected(
                    "subquery or range selector", "number, duration, step(), or range()");
        }
        DurationExpr range = positive(parser, duration(parser, 1));
        if (parser.accept(":")) {
            DurationExpr step =
                    parser.peek().isPunctuation("]") ? null : positive(parser, duration(parser, 1));
            parser.expect("]", "subquery selector");
            Span span = new Span(expr.span().start(), parser.lastEnd());
            return new Expr.Subquery(expr, range, step, null, null, span);
        }
        if (!parser.peek().isPunctuation("]")) {
            throw parser.unexpected("subquery or range selector", "\"]\" or \":\"");
        }
        parser.take();
        if (!(expr instanceof Expr.Selector selector)) {
            throw parser.error(open.start(), "ranges only allowed for vector selectors");
        }
        if (selector.offset() != null) {
            throw parser.error(open.start(), "no offset modifiers allowed before range");
        }
        // Prometheus takes start() and end() here too.
        if (selector.at() instanceof Expr.At.Time) {
            throw parser.error(open.start(), "no @ modifiers allowed before range");
        }
        return new Expr.Range(selector, range, new Span(expr.span().start(), parser.lastEnd()));
    }

    private static DurationExpr positive(Parser parser, DurationExpr duration) {
        Long millis = duration.constantMillis();
        if (millis != null && millis <= 0) {
            throw parser.error(duration.span().start(), "duration must be greater than 0");
        }
        return duration;
    }

    // ---- durations

    private static DurationExpr duration(Parser parser, int precedenceMin) {
        parser.enter();
        DurationExpr left = durationOperand(parser);
        while (parser.peek().kind() == Kind.OPERATOR) {
            char operator = parser.peek().text().charAt(0);
            int precedence =
                    switch (operator) {
                        case '+', '-' -> 1;
                        case '*', '/', '%' -> 2;
                        case '^' -> 3;
                        default -> 0;
                    };
            if (precedence == 0 || precedence < precedenceMin) {
                break;
            }
            Token sign = parser.take();
            DurationExpr right = duration(parser, operator == '^' ? precedence : precedence + 1);
            boolean zero = right instanceof DurationExpr.Literal literal && literal.seconds() == 0;
            if (zero && (operator == '/' || operator == '%')) {
                throw parser.error(
                        sign.start(), operator == '/' ? "division by zero" : "modulo by zero");
            }
            left =
                    new DurationExpr.Calculation(
                            operator,
                            left,
                            right,
                            Span.between(left.bare().span(), right.bare().span()));
        }
        parser.leave();
        return left;
    }

    private static DurationExpr durationOperand(Parser parser) {
        Token token = parser.peek();
        if (token.isOperator("-") || token.isOperator("+")) {
            parser.take();
            return signed(token, duration(parser, 3));
        }
        if (token.kind() == Kind.NUMBER || token.kind() == Kind.DURATION) {
            parser.take();
            return literal(parser, token);
        }
        if (parser.accept("(")) {
            DurationExpr inner = duration(parser, 1);
            parser.expect(")", "duration expression");
            return inner instanceof DurationExpr.Literal
                    ? inner
                    : new DurationExpr.Enclosed(inner, new Span(token.start(), parser.lastEnd()));
        }
        return queryDuration(parser);
    }

    private static DurationExpr signed(Token sign, DurationExpr operand) {
        boolean negative = sign.text().equals("-");
        Span span = new Span(sign.start(), operand.span().end());
        return operand instanceof DurationExpr.Literal literal
                ? new DurationExpr.Literal(
                        negative ? -literal.seconds() : literal.seconds(), literal.unit(), span)
                : new DurationExpr.Signed(negative, operand, span);
    }

    private static DurationExpr literal(Parser parser, Token token) {
        double seconds = parser.number(token);
        if (!(Math.abs(seconds) * 1000 <= Limits.DURATION_MILLIS_MAX)) {
            throw parser.error(token.start(), "duration out of range");
        }
        return new DurationExpr.Literal(
                seconds, token.kind() == Kind.DURATION, new Span(token.start(), token.end()));
    }

    private static DurationExpr queryDuration(Parser parser) {
        Token token = parser.peek();
        if (token.isKeyword("step") || token.isKeyword("range")) {
            parser.take();
            parser.expect("(", "duration expression");
            parser.expect(")", "duration expression");
            Span span = new Span(token.start(), parser.lastEnd());
            return new DurationExpr.Query(token.word().equals("step"), span);
        }
        if (isExtreme(token)) {
            parser.take();
            parser.expect("(", "duration expression");
            DurationExpr left = duration(parser, 1);
            parser.expect(",", "duration expression");
            DurationExpr right = duration(parser, 1);
            parser.expect(")", "duration expression");
            Span span = new Span(token.start(), parser.lastEnd());
            return new DurationExpr.Extreme(token.word().startsWith("max"), left, right, span);
        }
        throw parser.unexpected("duration expression", "number, duration, step(), or range()");
    }

    /* Versions of Prometheus call them min and max, or min_of and max_of. */
    private static boolean isExtreme(Token token) {
        return token.is(Kind.AGGREGATOR, "min")
                || token.is(Kind.AGGREGATOR, "max")
                || token.is(Kind.IDENTIFIER, "min_of")
                || token.is(Kind.IDENTIFIER, "max_of");
    }

    static DurationExpr offsetDuration(Parser parser) {
        Token token = parser.peek();
        if (token.isOperator("-") || token.isOperator("+")) {
            parser.take();
            return signed(token, durationOperand(parser));
        }
        if (token.isPunctuation("(")) {
            // As in Prometheus, what follows the parentheses belongs to the duration.
            return duration(parser, 1);
        }
        if (token.kind() == Kind.NUMBER
                || token.kind() == Kind.DURATION
                || isExtreme(token)
                || token.kind() == Kind.KEYWORD) {
            return durationOperand(parser);
        }
        throw parser.unexpected("offset", "number, duration, step(), or range()");
    }

    // ---- modifiers

    static Expr offset(Parser parser, Expr expr, DurationExpr offset, int position) {
        Span span = new Span(expr.span().start(), parser.lastEnd());
        return switch (expr) {
            case Expr.Selector selector -> withOffset(parser, selector, offset, span);
            case Expr.Range(Expr.Selector selector, DurationExpr range, Span _) ->
                    new Expr.Range(
                            withOffset(parser, selector, offset, selector.span()), range, span);
            case Expr.Subquery query -> {
                checkUnset(parser, query.offset(), expr, "offset may not be set multiple times");
                yield new Expr.Subquery(
                        query.expr(), query.range(), query.step(), offset, query.at(), span);
            }
            default ->
                    throw parser.error(
                            expr.span().start(),
                            "offset modifier must be preceded by an instant vector selector or"
                                    + " range vector selector or a subquery");
        };
    }

    private static void checkUnset(
            Parser parser, @Nullable Object modifier, Expr expr, String message) {
        if (modifier != null) {
            throw parser.error(expr.span().start(), message);
        }
    }

    private static Expr.Selector withOffset(
            Parser parser, Expr.Selector selector, DurationExpr offset, Span span) {
        checkUnset(parser, selector.offset(), selector, "offset may not be set multiple times");
        return new Expr.Selector(
                selector.name(),
                selector.matchers(),
                offset,
                selector.at(),
                selector.edges(),
                span);
    }

    static Expr at(Parser parser, Expr expr) {
        parser.take();
        Expr.At at = time(parser, expr.span().start());
        Span span = new Span(expr.span().start(), parser.lastEnd());
        String twice = "@ <timestamp> may not be set multiple times";
        return switch (expr) {
            case Expr.Selector selector -> {
                checkUnset(parser, selector.at(), expr, twice);
                yield withAt(selector, at, span);
            }
            case Expr.Range(Expr.Selector selector, DurationExpr range, Span _) -> {
                checkUnset(parser, selector.at(), expr, twice);
                yield new Expr.Range(withAt(selector, at, selector.span()), range, span);
            }
            case Expr.Subquery query -> {
                checkUnset(parser, query.at(), expr, twice);
                yield new Expr.Subquery(
                        query.expr(), query.range(), query.step(), query.offset(), at, span);
            }
            default ->
                    throw parser.error(
                            expr.span().start(),
                            "@ modifier must be preceded by an instant vector selector or range"
                                    + " vector selector or a subquery");
        };
    }

    private static Expr.Selector withAt(Expr.Selector selector, Expr.At at, Span span) {
        return new Expr.Selector(
                selector.name(),
                selector.matchers(),
                selector.offset(),
                at,
                selector.edges(),
                span);
    }

    private static Expr.At time(Parser parser, int position) {
        Token token = parser.peek();
        if (token.isKeyword("start") || token.isKeyword("end")) {
            parser.take();
            parser.expect("(", "@");
            parser.expect(")", "@");
            return token.word().equals("start") ? new Expr.At.Start() : new Expr.At.End();
        }
        double sign = 1;
        if (token.isOperator("-") || token.isOperator("+")) {
            sign = parser.take().text().equals("-") ? -1 : 1;
        }
        Token number = parser.peek();
        if (number.kind() != Kind.NUMBER && number.kind() != Kind.DURATION) {
            throw parser.unexpected("@", "timestamp");
        }
        parser.take();
        double seconds = sign * parser.number(number);
        if (Double.isNaN(seconds) || Math.abs(seconds) > Long.MAX_VALUE / 1000.0) {
            throw parser.error(
                    position, "timestamp out of bounds for @ modifier: " + Floats.fixed(seconds));
        }
        return new Expr.At.Time(Math.round(seconds * 1000));
    }

    static Expr edges(Parser parser, Expr expr) {
        Token word = parser.take();
        Expr.Edges edges =
                word.word().equals("anchored") ? Expr.Edges.ANCHORED : Expr.Edges.SMOOTHED;
        Span span = new Span(expr.span().start(), parser.lastEnd());
        if (expr instanceof Expr.Range(Expr.Selector selector, DurationExpr range, Span _)) {
            return new Expr.Range(withEdges(parser, selector, edges, selector.span()), range, span);
        }
        if (expr instanceof Expr.Selector selector && edges == Expr.Edges.SMOOTHED) {
            return withEdges(parser, selector, edges, span);
        }
        if (expr instanceof Expr.Subquery) {
            throw parser.error(
                    expr.span().start(), word.word() + " modifier is not supported for subqueries");
        }
        throw parser.error(
                expr.span().start(),
                word.word()
                        + (edges == Expr.Edges.ANCHORED
                                ? " modifier must be preceded by a range selector"
                                : " modifier must be preceded by a range or instant selector"));
    }

    private static Expr.Selector withEdges(
            Parser parser, Expr.Selector selector, Expr.Edges edges, Span span) {
        if (selector.edges() != Expr.Edges.PLAIN) {
            throw parser.error(
                    selector.span().start(),
                    selector.edges() == edges
                            ? edges.name().toLowerCase(java.util.Locale.ROOT)
                                    + " modifier may not be set multiple times"
                            : "anchored and smoothed modifiers cannot be used together");
        }
        return new Expr.Selector(
                selector.name(),
                selector.matchers(),
                selector.offset(),
                selector.at(),
                edges,
                span);
    }
}
