package dev.belfry.query.promql;

import dev.belfry.query.promql.Token.Kind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What stands between an operator and its right side, and where the operator stands. */
record Modifiers(
        int operatorStart,
        boolean bool,
        boolean on,
        List<String> labels,
        Expr.@Nullable Cardinality group,
        List<String> include,
        @Nullable Double fillLeft,
        @Nullable Double fillRight) {
    /** Reads what follows {@code operator}. */
    static Modifiers read(Parser parser, Token operator) {
        boolean bool = parser.peek().isKeyword("bool");
        if (bool) {
            parser.take();
        }
        boolean on = false;
        List<String> labels = List.of();
        Expr.Cardinality group = null;
        List<String> include = List.of();
        if (parser.peek().isKeyword("on") || parser.peek().isKeyword("ignoring")) {
            on = parser.take().word().equals("on");
            labels = parser.groupingLabels();
            if (parser.peek().isKeyword("group_left") || parser.peek().isKeyword("group_right")) {
                group =
                        parser.take().word().equals("group_left")
                                ? Expr.Cardinality.MANY_TO_ONE
                                : Expr.Cardinality.ONE_TO_MANY;
                if (parser.peek().isPunctuation("(")) {
                    include = parser.groupingLabels();
                }
            }
        }
        Double[] fill = new Double[2];
        while (parser.peek().kind() == Kind.KEYWORD
                && parser.peek().word().startsWith("fill")
                && parser.peek(1).isPunctuation("(")) {
            fill(parser, fill);
        }
        return new Modifiers(operator.start(), bool, on, labels, group, include, fill[0], fill[1]);
    }

    private static void fill(Parser parser, @Nullable Double[] fill) {
        Token word = parser.take();
        parser.expect("(", "fill modifier");
        double sign = 1;
        if (parser.peek().isOperator("-") || parser.peek().isOperator("+")) {
            sign = parser.take().text().equals("-") ? -1 : 1;
        }
        if (parser.peek().kind() != Kind.NUMBER && parser.peek().kind() != Kind.DURATION) {
            throw parser.unexpected("fill modifier", "number");
        }
        double value = sign * parser.number(parser.take());
        parser.expect(")", "fill modifier");
        boolean left = !word.word().equals("fill_right");
        boolean right = !word.word().equals("fill_left");
        if ((left && fill[0] != null) || (right && fill[1] != null)) {
            throw parser.error(word.start(), "fill modifier must not be given twice for one side");
        }
        fill[0] = left ? Double.valueOf(value) : fill[0];
        fill[1] = right ? Double.valueOf(value) : fill[1];
    }

    boolean fills() {
        return fillLeft != null || fillRight != null;
    }

    /** How {@code operator} matches two vectors. */
    Expr.Matching matching(Operator operator) {
        Expr.Cardinality cardinality = group == null ? Expr.Cardinality.ONE_TO_ONE : group;
        return new Expr.Matching(
                operator.isSet() ? Expr.Cardinality.MANY_TO_MANY : cardinality,
                on,
                labels,
                include,
                fillLeft,
                fillRight);
    }
}
