package dev.belfry.query.promql;

import org.jspecify.annotations.Nullable;

/** A duration: a literal, or a calculation with literals, {@code step()} and {@code range()}. */
public sealed interface DurationExpr {
    /** Where it stands. */
    Span span();

    /**
     * A literal.
     *
     * @param seconds its value
     * @param unit whether it was written with units ({@code 5m}) and not as a number ({@code 300})
     */
    record Literal(double seconds, boolean unit, Span span) implements DurationExpr {}

    /** The value without sign changed ({@code +}) or with ({@code -}). */
    record Signed(boolean negative, DurationExpr operand, Span span) implements DurationExpr {}

    /** Two durations and {@code + - * / % ^}. */
    record Calculation(char operator, DurationExpr left, DurationExpr right, Span span)
            implements DurationExpr {}

    /** {@code min(a, b)} or {@code max(a, b)}. */
    record Extreme(boolean max, DurationExpr left, DurationExpr right, Span span)
            implements DurationExpr {}

    /**
     * {@code step()}, the time between evaluations; or {@code range()}, that from first to last.
     */
    record Query(boolean step, Span span) implements DurationExpr {}

    /** In parentheses. */
    record Enclosed(DurationExpr inner, Span span) implements DurationExpr {}

    /** Its milliseconds when it is a literal, else null. */
    default @Nullable Long constantMillis() {
        return this instanceof Literal literal ? toMillis(literal.seconds()) : null;
    }

    /* As Prometheus: a literal is rounded to nanoseconds, a calculation ends at milliseconds. */
    private long toMillis(double seconds) {
        return this instanceof Literal
                ? Math.round(seconds * 1e9) / 1_000_000
                : (long) (seconds * 1000);
    }

    /** Its milliseconds in a query of these steps; {@code query} is for the error's position. */
    default long millis(String query, long stepMillis, long rangeMillis) {
        double seconds = seconds(query, stepMillis / 1000.0, rangeMillis / 1000.0);
        if (!(Math.abs(seconds) * 1000 <= Limits.DURATION_MILLIS_MAX)) {
            throw calculated("duration is out of range");
        }
        return toMillis(seconds);
    }

    /** The same, and an error unless it is above zero. */
    default long positiveMillis(String query, long stepMillis, long rangeMillis) {
        long millis = millis(query, stepMillis, rangeMillis);
        if (millis <= 0) {
            throw calculated("duration must be greater than 0");
        }
        return millis;
    }

    /** Without parentheses around it. */
    default DurationExpr bare() {
        return this instanceof Enclosed enclosed ? enclosed.inner().bare() : this;
    }

    /* As in Prometheus, from where to where in the query, not line and column. */
    private PromqlException calculated(String message) {
        Span span = bare().span();
        return new PromqlException(
                PromqlException.Kind.PARSE, span.start() + ":" + span.end() + ": " + message);
    }

    private double seconds(String query, double step, double range) {
        return switch (this) {
            case Literal literal -> literal.seconds();
            case Signed(boolean negative, DurationExpr operand, Span _) ->
                    (negative ? -1 : 1) * operand.seconds(query, step, range);
            case Enclosed enclosed -> enclosed.inner().seconds(query, step, range);
            case Query(boolean isStep, Span _) -> isStep ? step : range;
            case Extreme(boolean max, DurationExpr left, DurationExpr right, Span _) -> {
                double a = left.seconds(query, step, range);
                double b = right.seconds(query, step, range);
                yield max ? Math.max(a, b) : Math.min(a, b);
            }
            case Calculation(char operator, DurationExpr left, DurationExpr right, Span _) ->
                    calculate(
                            query,
                            operator,
                            left.seconds(query, step, range),
                            right.seconds(query, step, range));
        };
    }

    private double calculate(String query, char operator, double left, double right) {
        return switch (operator) {
            case '+' -> left + right;
            case '-' -> left - right;
            case '*' -> left * right;
            case '/' -> {
                if (right == 0) {
                    throw operatorError(query, operator, "division by zero");
                }
                yield left / right;
            }
            case '%' -> {
                if (right == 0) {
                    throw operatorError(query, operator, "modulo by zero");
                }
                yield left % right;
            }
            default -> Math.pow(left, right);
        };
    }

    /* Errors of an operator are shown where it stands. */
    private PromqlException operatorError(String query, char operator, String message) {
        int after = this instanceof Calculation sum ? sum.left().span().end() : span().start();
        int at = query.indexOf(operator, after);
        return PromqlException.parse(query, Math.max(at, after), message);
    }
}
