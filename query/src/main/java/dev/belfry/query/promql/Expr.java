package dev.belfry.query.promql;

import dev.belfry.model.series.LabelMatcher;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An expression of PromQL; immutable. Each knows where it stands in the query. */
public sealed interface Expr {
    /** Where it stands. */
    Span span();

    /** What it gives. */
    ValueType type();

    /** The expressions in it, from left to right. */
    List<Expr> children();

    /** A number; {@code duration} when it was written as one ({@code 5m} is 300). */
    record Num(double value, boolean duration, Span span) implements Expr {
        @Override
        public ValueType type() {
            return ValueType.SCALAR;
        }

        @Override
        public List<Expr> children() {
            return List.of();
        }
    }

    /** A text. */
    record Text(String value, Span span) implements Expr {
        @Override
        public ValueType type() {
            return ValueType.STRING;
        }

        @Override
        public List<Expr> children() {
            return List.of();
        }
    }

    /** A fixed time of evaluation, after {@code @}. */
    sealed interface At {
        /** A time in milliseconds. */
        record Time(long millis) implements At {}

        /** {@code start()}. */
        record Start() implements At {}

        /** {@code end()}. */
        record End() implements At {}
    }

    /** How the ends of a range are made up. */
    enum Edges {
        /** Not at all. */
        PLAIN,
        /** With the samples before the range and at its end. */
        ANCHORED,
        /** With values between the neighbours. */
        SMOOTHED
    }

    /**
     * An instant vector selector.
     *
     * @param name the metric's name as it was written before the braces, empty when there is none
     * @param matchers all matchers, that of the name included
     */
    record Selector(
            String name,
            List<LabelMatcher> matchers,
            @Nullable DurationExpr offset,
            @Nullable At at,
            Edges edges,
            Span span)
            implements Expr {
        /** Copies the matchers. */
        public Selector {
            matchers = List.copyOf(matchers);
        }

        @Override
        public ValueType type() {
            return ValueType.VECTOR;
        }

        @Override
        public List<Expr> children() {
            return List.of();
        }
    }

    /** A range vector selector; its offset and time are those of its selector. */
    record Range(Selector selector, DurationExpr range, Span span) implements Expr {
        @Override
        public ValueType type() {
            return ValueType.MATRIX;
        }

        @Override
        public List<Expr> children() {
            return List.of(selector);
        }
    }

    /** An expression evaluated over a range; without a step, the default one is taken. */
    record Subquery(
            Expr expr,
            DurationExpr range,
            @Nullable DurationExpr step,
            @Nullable DurationExpr offset,
            @Nullable At at,
            Span span)
            implements Expr {
        @Override
        public ValueType type() {
            return ValueType.MATRIX;
        }

        @Override
        public List<Expr> children() {
            return List.of(expr);
        }
    }

    /** An aggregation; {@code operator} in lower case. */
    record Aggregation(
            String operator,
            Expr expr,
            @Nullable Expr parameter,
            List<String> grouping,
            boolean without,
            Span span)
            implements Expr {
        /** Copies the grouping. */
        public Aggregation {
            grouping = List.copyOf(grouping);
        }

        @Override
        public ValueType type() {
            return ValueType.VECTOR;
        }

        @Override
        public List<Expr> children() {
            return parameter == null ? List.of(expr) : List.of(parameter, expr);
        }
    }

    /** How many series of one side match one of the other. */
    enum Cardinality {
        /** One to one. */
        ONE_TO_ONE("one-to-one"),
        /** {@code group_left}. */
        MANY_TO_ONE("many-to-one"),
        /** {@code group_right}. */
        ONE_TO_MANY("one-to-many"),
        /** Set operators. */
        MANY_TO_MANY("many-to-many");

        private final String text;

        Cardinality(String text) {
            this.text = text;
        }

        /** As errors and the tree of {@code parse_query} write it. */
        public String text() {
            return text;
        }
    }

    /**
     * How two vectors match.
     *
     * @param on whether {@code labels} are those to compare; else those to leave out
     * @param include labels that the result takes from the one side
     * @param fillLeft value of a series that the left side lacks
     * @param fillRight value of a series that the right side lacks
     */
    record Matching(
            Cardinality cardinality,
            boolean on,
            List<String> labels,
            List<String> include,
            @Nullable Double fillLeft,
            @Nullable Double fillRight) {
        /** Copies the lists. */
        public Matching {
            labels = List.copyOf(labels);
            include = List.copyOf(include);
        }
    }

    /** Two operands; {@code matching} is null unless both are vectors. */
    record Binary(
            Operator operator,
            Expr left,
            Expr right,
            boolean bool,
            @Nullable Matching matching,
            Span span)
            implements Expr {
        @Override
        public ValueType type() {
            return left.type() == ValueType.SCALAR && right.type() == ValueType.SCALAR
                    ? ValueType.SCALAR
                    : ValueType.VECTOR;
        }

        @Override
        public List<Expr> children() {
            return List.of(left, right);
        }
    }

    /** A call of a function. */
    record Call(Function function, List<Expr> arguments, Span span) implements Expr {
        /** Copies the arguments. */
        public Call {
            arguments = List.copyOf(arguments);
        }

        @Override
        public ValueType type() {
            return function.result();
        }

        @Override
        public List<Expr> children() {
            return arguments;
        }
    }

    /** In parentheses. */
    record Paren(Expr expr, Span span) implements Expr {
        @Override
        public ValueType type() {
            return expr.type();
        }

        @Override
        public List<Expr> children() {
            return List.of(expr);
        }
    }

    /** With a sign. */
    record Unary(boolean negative, Expr expr, Span span) implements Expr {
        @Override
        public ValueType type() {
            return expr.type();
        }

        @Override
        public List<Expr> children() {
            return List.of(expr);
        }
    }

    /** What is inside the parentheses around it. */
    default Expr unwrapped() {
        Expr inner = this;
        while (inner instanceof Paren paren) {
            inner = paren.expr();
        }
        return inner;
    }
}
