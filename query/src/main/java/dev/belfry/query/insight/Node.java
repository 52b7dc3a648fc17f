package dev.belfry.query.insight;

import java.util.List;

/** An expression as it was written; {@code at} is where in the text it begins, from 0. */
sealed interface Node {
    /** Where in the text it begins, from 0. */
    int at();

    /** A field, a column or a name given before. */
    record Name(String name, int at) implements Node {}

    /** A text in quotes. */
    record Text(String value, int at) implements Node {}

    /** A number. */
    record Number(double value, int at) implements Node {}

    /** A length of time, as it was written: {@code 5m}. */
    record Span(long nanos, String text, int at) implements Node {}

    /** {@code true} or {@code false}. */
    record Truth(boolean value, int at) implements Node {}

    /** A regular expression between slashes. */
    record Regex(String pattern, boolean foldCase, int at) implements Node {}

    /** A function with its arguments; {@code star} for {@code count(*)}. */
    record Call(String function, List<Node> arguments, boolean star, int at) implements Node {
        public Call {
            arguments = List.copyOf(arguments);
        }
    }

    /** What stands between two operands. */
    enum Operator {
        OR("or", 1),
        AND("and", 2),
        EQUAL("=", 4),
        NOT_EQUAL("!=", 4),
        LESS("<", 4),
        LESS_OR_EQUAL("<=", 4),
        GREATER(">", 4),
        GREATER_OR_EQUAL(">=", 4),
        LIKE("like", 4),
        NOT_LIKE("not like", 4),
        MATCHES("=~", 4),
        NOT_MATCHES("!~", 4),
        ADD("+", 5),
        SUBTRACT("-", 5),
        MULTIPLY("*", 6),
        DIVIDE("/", 6),
        REMAINDER("%", 6),
        POWER("^", 8);

        private final String text;
        private final int binding;

        Operator(String text, int binding) {
            this.text = text;
            this.binding = binding;
        }

        /** How it is written. */
        String text() {
            return text;
        }

        /** How tightly it binds; more is tighter. */
        int binding() {
            return binding;
        }
    }

    /** Two operands. */
    record Binary(Operator operator, Node left, Node right, int at) implements Node {}

    /** What is not. */
    record Not(Node operand, int at) implements Node {}

    /** A number with the other sign. */
    record Negative(Node operand, int at) implements Node {}

    /** One of a list. */
    record In(Node operand, List<Node> values, boolean negated, int at) implements Node {
        public In {
            values = List.copyOf(values);
        }
    }

    /** Whether there is a value. */
    record Present(Node operand, boolean negated, int at) implements Node {}
}
