package dev.belfry.store;

import dev.belfry.model.FieldSpace;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A typed expression over one row. Three-valued: an operand that is absent makes a comparison
 * false, and {@link Not} of it true.
 *
 * <p>Values are text, numbers (double), booleans, times (epoch nanoseconds), JSON text, or absent.
 * A comparison of a text with a number compares as numbers when the text is one, else is false.
 */
public sealed interface Expr {
    /** Always true. */
    Expr TRUE = new And(List.of());

    /** What an expression is made of. */
    default List<Expr> parts() {
        return switch (this) {
            case And and -> and.operands();
            case Or or -> or.operands();
            case Not not -> List.of(not.operand());
            case Compare compare -> List.of(compare.left(), compare.right());
            case In in -> List.of(in.operand());
            case Exists exists -> List.of(exists.operand());
            case Contains contains -> List.of(contains.operand());
            case Matches matches -> List.of(matches.operand());
            case Like like -> List.of(like.operand());
            case Bin bin -> List.of(bin.operand());
            case Arithmetic arithmetic -> List.of(arithmetic.left(), arithmetic.right());
            case Lower lower -> List.of(lower.operand());
            case Call call -> call.arguments();
            case Capture capture -> List.of(capture.operand());
            case Column _, Field _, Text _, Number _, Bool _, Phrase _ -> List.of();
        };
    }

    /**
     * A column that every event has: {@code id timestamp created_at created_by event_type source
     * message level event_name trace_id span_id severity_number observed flags}, and {@code tags},
     * {@code payload} whole as JSON text.
     */
    record Column(String name) implements Expr {}

    /**
     * A named field: a tag or a payload member, or a path of such ({@code a.b}) into nested values.
     * The longest key that exists wins: the column {@code a.b}, else the member {@code b} of the
     * object {@code a}.
     *
     * @param space where to look; null: the tags, then the payload
     */
    record Field(@Nullable FieldSpace space, String path) implements Expr {}

    /** A fixed text. */
    record Text(String value) implements Expr {}

    /** A fixed number. */
    record Number(double value) implements Expr {}

    /** A fixed truth. */
    record Bool(boolean value) implements Expr {}

    /** All of {@code operands}; true when there are none. */
    record And(List<Expr> operands) implements Expr {
        public And {
            operands = List.copyOf(operands);
        }
    }

    /** Any of {@code operands}; false when there are none. */
    record Or(List<Expr> operands) implements Expr {
        public Or {
            operands = List.copyOf(operands);
        }
    }

    /** True when {@code operand} is not. */
    record Not(Expr operand) implements Expr {}

    /** How {@link Compare} compares. */
    enum Comparison {
        EQUAL,
        NOT_EQUAL,
        LESS,
        LESS_OR_EQUAL,
        GREATER,
        GREATER_OR_EQUAL
    }

    /** Compares two values: numbers and times by size, text by bytes, case counts. */
    record Compare(Comparison how, Expr left, Expr right) implements Expr {}

    /**
     * Whether the text of {@code operand} (numbers and booleans as their JSON text) is one of
     * {@code values}.
     *
     * @param foldCase whether upper and lower case are the same
     */
    record In(Expr operand, List<String> values, boolean foldCase) implements Expr {
        public In {
            values = List.copyOf(values);
        }
    }

    /** Whether there is a value (JSON null counts as one). */
    record Exists(Expr operand) implements Expr {}

    /**
     * Whether the words of {@code phrase} stand in a row one after another in the message, in one
     * value of tags or payload, or are its trace or span id; case does not count. Words are runs of
     * letters, digits and {@code _}.
     */
    record Phrase(String phrase) implements Expr {}

    /** {@link Phrase} in the text of one operand. */
    record Contains(Expr operand, String phrase) implements Expr {}

    /** Whether {@code pattern} is found in the text of {@code operand}. */
    record Matches(Expr operand, Pattern pattern) implements Expr {}

    /**
     * SQL's LIKE on the text of {@code operand}: {@code %} any run, {@code _} any character, {@code
     * \} escapes.
     */
    record Like(Expr operand, String pattern, boolean foldCase) implements Expr {}

    /**
     * The start of the bin that a time or number falls into: {@code floor((x - origin) / width) *
     * width + origin}.
     */
    record Bin(Expr operand, double width, double origin) implements Expr {}

    /** What {@link Arithmetic} computes. */
    enum Operator {
        ADD,
        SUBTRACT,
        MULTIPLY,
        DIVIDE,
        REMAINDER
    }

    /**
     * Numbers in, a number out; absent when an operand is not a number or the result is not finite.
     */
    record Arithmetic(Operator operator, Expr left, Expr right) implements Expr {}

    /** Lower case of a text. */
    record Lower(Expr operand) implements Expr {}

    /**
     * A function of single values.
     *
     * @param function which
     * @param arguments as many as it takes
     */
    record Call(ScalarFunction function, List<Expr> arguments) implements Expr {
        public Call {
            arguments = List.copyOf(arguments);
        }
    }

    /**
     * What a part of a pattern stands for in the text of {@code operand}; absent when the pattern
     * is not found.
     *
     * @param group the part, from 0
     */
    record Capture(Expr operand, TextPattern pattern, int group) implements Expr {}
}
