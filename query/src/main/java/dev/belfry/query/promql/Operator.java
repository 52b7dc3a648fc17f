package dev.belfry.query.promql;

import org.jspecify.annotations.Nullable;

/** The binary operators, with how strongly they bind. */
public enum Operator {
    /** Union. */
    OR("or", 1),
    /** Intersection. */
    AND("and", 2),
    /** Complement. */
    UNLESS("unless", 2),
    /** Equal. */
    EQUAL("==", 3),
    /** Not equal. */
    NOT_EQUAL("!=", 3),
    /** Greater or equal. */
    GREATER_EQUAL(">=", 3),
    /** Greater. */
    GREATER(">", 3),
    /** Less or equal. */
    LESS_EQUAL("<=", 3),
    /** Less. */
    LESS("<", 3),
    /** A histogram without the observations above a number. */
    TRIM_UPPER("</", 3),
    /** A histogram without the observations below a number. */
    TRIM_LOWER(">/", 3),
    /** Sum. */
    ADD("+", 4),
    /** Difference. */
    SUBTRACT("-", 4),
    /** Product. */
    MULTIPLY("*", 5),
    /** Quotient. */
    DIVIDE("/", 5),
    /** Remainder with the dividend's sign. */
    MODULO("%", 5),
    /** Arc tangent of y and x. */
    ATAN2("atan2", 5),
    /** Power; binds to the right. */
    POWER("^", 6);

    private final String text;
    private final int precedence;

    Operator(String text, int precedence) {
        this.text = text;
        this.precedence = precedence;
    }

    /** As it is written. */
    public String text() {
        return text;
    }

    int precedence() {
        return precedence;
    }

    boolean isSet() {
        return precedence <= 2;
    }

    boolean isComparison() {
        return precedence == 3 && this != TRIM_LOWER && this != TRIM_UPPER;
    }

    /** Whether the result is another quantity, so that the metric's name goes. */
    boolean changesMeaning() {
        return precedence >= 4;
    }

    static @Nullable Operator of(String text) {
        for (Operator operator : values()) {
            if (operator.text.equals(text)) {
                return operator;
            }
        }
        return null;
    }
}
