package dev.belfry.query.insight;

import dev.belfry.store.Expr;
import dev.belfry.store.Plan;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Takes the aggregate functions out of a stats stage's expressions. */
final class Aggregates {
    private static final String QUANTILE = "p\\d{1,2}(\\.\\d+)?";

    /* What is left of an expression refers to its aggregates by these names. */
    private static final String PREFIX = "#measure";

    private final Translator translator;
    private final double seconds;
    private final List<Plan.Measure> measures = new ArrayList<>();
    private final List<Node.Call> calls = new ArrayList<>();

    /**
     * For one stage.
     *
     * @param translator of operands, over the rows that are grouped
     * @param seconds the width of a bin or of the time range, for rates; NaN when there is neither
     */
    Aggregates(Translator translator, double seconds) {
        this.translator = translator;
        this.seconds = seconds;
    }

    static boolean isQuantile(String function) {
        return function.matches(QUANTILE);
    }

    /** What is computed for each group. */
    List<Plan.Measure> measures() {
        return measures;
    }

    /** {@code node} with a name in the place of each aggregate function. */
    Node replace(Node node) {
        return map(
                node,
                inner ->
                        inner instanceof Node.Call call
                                        && (Functions.AGGREGATES.containsKey(call.function())
                                                || isQuantile(call.function()))
                                ? measure(call)
                                : null);
    }

    /** The operand of a time function that is its only one, to know its kind; else null. */
    @Nullable Expr timeLike(String name) {
        for (Plan.Measure measure : measures) {
            if (measure.name().equals(name)) {
                return switch (measure.function()) {
                    case MIN, MAX, FIRST, LAST -> measure.operand();
                    default -> null;
                };
            }
        }
        return null;
    }

    private Node measure(Node.Call call) {
        Node name = new Node.Name(PREFIX + index(call), call.at());
        if (!call.function().equals("rate")) {
            return name;
        }
        if (Double.isNaN(seconds)) {
            throw translator.error(
                    call, "rate()", "bin(...) among the keys, or a time range of the query");
        }
        return new Node.Binary(
                Node.Operator.DIVIDE, name, new Node.Number(seconds, call.at()), call.at());
    }

    private int index(Node.Call call) {
        for (int i = 0; i < calls.size(); i++) {
            if (Printer.print(calls.get(i)).equals(Printer.print(call))) {
                return i;
            }
        }
        String function = call.function();
        List<Node> arguments = call.arguments();
        boolean counts = function.equals("count") || function.equals("rate");
        boolean twoArguments = function.equals("pct") || function.equals("percentile");
        int wanted = twoArguments ? 2 : 1;
        if (call.star()
                ? !counts
                : arguments.size() != wanted && !(counts && arguments.isEmpty())) {
            throw translator.error(
                    call,
                    function + " of " + (call.star() ? "*" : arguments.size() + " arguments"),
                    twoArguments ? "pct(field, 95)" : function + "(field)");
        }
        Expr operand = arguments.isEmpty() ? null : translator.expr(arguments.getFirst());
        Plan.Function kind = Functions.AGGREGATES.getOrDefault(function, Plan.Function.QUANTILE);
        if (function.equals("rate") && operand != null) {
            kind = Plan.Function.SUM;
        }
        double argument = kind == Plan.Function.QUANTILE ? quantile(call) : 0;
        calls.add(call);
        measures.add(new Plan.Measure(PREFIX + (calls.size() - 1), kind, operand, argument));
        return calls.size() - 1;
    }

    private double quantile(Node.Call call) {
        if (call.function().equals("median")) {
            return 0.5;
        }
        if (isQuantile(call.function())) {
            return Double.parseDouble(call.function().substring(1)) / 100;
        }
        Node percent = call.arguments().get(1);
        if (percent instanceof Node.Number(double value, int _) && value >= 0 && value <= 100) {
            return value / 100;
        }
        throw translator.error(percent, Printer.print(percent), "a number from 0 to 100");
    }

    /* node with what `to` gives for a part in that part's place; null: the part's parts. */
    private static Node map(Node node, NodeMapping to) {
        Node mapped = to.of(node);
        if (mapped != null) {
            return mapped;
        }
        UnaryOperator<Node> inner = part -> map(part, to);
        return switch (node) {
            case Node.Call call ->
                    new Node.Call(
                            call.function(),
                            call.arguments().stream().map(inner).toList(),
                            call.star(),
                            call.at());
            case Node.Binary binary ->
                    new Node.Binary(
                            binary.operator(),
                            inner.apply(binary.left()),
                            inner.apply(binary.right()),
                            binary.at());
            case Node.Not not -> new Node.Not(inner.apply(not.operand()), not.at());
            case Node.Negative negative ->
                    new Node.Negative(inner.apply(negative.operand()), negative.at());
            case Node.In in ->
                    new Node.In(inner.apply(in.operand()), in.values(), in.negated(), in.at());
            case Node.Present present ->
                    new Node.Present(
                            inner.apply(present.operand()), present.negated(), present.at());
            case Node.Name _, Node.Text _, Node.Number _, Node.Span _, Node.Truth _, Node.Regex _ ->
                    node;
        };
    }

    private interface NodeMapping {
        @Nullable Node of(Node node);
    }
}
