package dev.belfry.query.promql;

import dev.belfry.model.series.LabelMatcher;
import dev.belfry.model.series.Labels;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Checks that operands and arguments are of the types that are wanted, once the whole query could
 * be read: what cannot be read is told first, as in Prometheus, and of several others the same one.
 */
final class Types {
    private final Parser parser;
    private final Map<Expr.Binary, Modifiers> modifiers;

    /** Of what {@code parser} read; {@code modifiers} are those of the operators in it. */
    Types(Parser parser, IdentityHashMap<Expr.Binary, Modifiers> modifiers) {
        this.parser = parser;
        this.modifiers = modifiers;
    }

    /** Throws {@link PromqlException} with the first thing in {@code expr} that makes no sense. */
    void check(Expr expr) {
        switch (expr) {
            case Expr.Aggregation aggregation -> check(aggregation);
            case Expr.Binary binary -> check(binary);
            case Expr.Call call -> check(call);
            case Expr.Paren paren -> check(paren.expr());
            case Expr.Unary unary -> check(unary);
            case Expr.Subquery query -> check(query);
            case Expr.Range range -> check(range.selector());
            case Expr.Selector selector -> check(selector, false);
            case Expr.Num _, Expr.Text _ -> {}
        }
    }

    private PromqlException error(Expr expr, String message) {
        return parser.error(expr.span().start(), message);
    }

    private void expect(Expr expr, ValueType wanted, String context) {
        check(expr);
        if (expr.type() != wanted) {
            throw error(
                    expr,
                    "expected type "
                            + wanted.documented()
                            + " in "
                            + context
                            + ", got "
                            + expr.type().documented());
        }
    }

    private void check(Expr.Aggregation aggregation) {
        expect(aggregation.expr(), ValueType.VECTOR, "aggregation expression");
        if (aggregation.parameter() != null) {
            boolean text = aggregation.operator().equals("count_values");
            expect(
                    aggregation.parameter(),
                    text ? ValueType.STRING : ValueType.SCALAR,
                    "aggregation parameter");
        }
    }

    private void check(Expr.Unary unary) {
        check(unary.expr());
        ValueType type = unary.expr().type();
        if (type != ValueType.SCALAR && type != ValueType.VECTOR) {
            throw error(
                    unary,
                    "unary expression only allowed on expressions of type scalar or instant"
                            + " vector, got "
                            + Strings.quote(type.documented()));
        }
    }

    private void check(Expr.Subquery query) {
        check(query.expr());
        if (query.expr().type() != ValueType.VECTOR) {
            throw error(
                    query,
                    "subquery is only allowed on instant vector, got "
                            + query.expr().type().text()
                            + " instead");
        }
    }

    private void check(Expr.Selector selector, boolean anything) {
        String other = null;
        int names = 0;
        boolean all = true;
        for (LabelMatcher matcher : selector.matchers()) {
            if (matcher.name().equals(Labels.NAME)) {
                other = names++ == 0 ? matcher.value() : other;
            }
            all &= matcher.matches("");
        }
        // Only a name before the braces must be the one; those in them all have to match.
        if (names > 1 && !selector.name().isEmpty()) {
            throw error(
                    selector,
                    "metric name must not be set twice: "
                            + Strings.quote(selector.name())
                            + " or "
                            + Strings.quote(String.valueOf(other)));
        }
        if (all && !anything) {
            throw error(selector, "vector selector must contain at least one non-empty matcher");
        }
    }

    // ---- calls

    private void check(Expr.Call call) {
        Function function = call.function();
        int given = call.arguments().size();
        String name = Strings.quote(function.name());
        if (function.variadic() == 0 && given != function.argumentsMin()) {
            throw count(call, "", function.argumentsMin());
        }
        if (given < function.argumentsMin()) {
            throw count(call, "at least ", function.argumentsMin());
        }
        if (given > function.argumentsMax()) {
            throw count(call, "at most ", function.argumentsMax());
        }
        boolean info = function.name().equals("info");
        for (int i = 0; i < given; i++) {
            Expr argument = call.arguments().get(i);
            if (info && i == 1) {
                checkInfo(argument);
                continue;
            }
            int type = Math.min(i, function.arguments().size() - 1);
            expect(argument, function.arguments().get(type), "call to function " + name);
        }
    }

    private PromqlException count(Expr.Call call, String bound, int wanted) {
        return error(
                call,
                "expected "
                        + bound
                        + wanted
                        + " argument(s) in call to "
                        + Strings.quote(call.function().name())
                        + ", got "
                        + call.arguments().size());
    }

    private void checkInfo(Expr argument) {
        if (!(argument instanceof Expr.Selector selector)) {
            throw error(argument, "expected label selectors only");
        }
        if (parser.query.charAt(selector.span().start()) != '{') {
            throw error(argument, "expected label selectors only, got vector selector instead");
        }
        check(selector, true);
    }

    // ---- operators

    private void check(Expr.Binary binary) {
        check(binary.left());
        check(binary.right());
        Modifiers between = modifiers.get(binary);
        if (between == null) {
            throw new IllegalStateException("BUG: an operator that was not read");
        }
        Operator operator = binary.operator();
        boolean scalars = binary.type() == ValueType.SCALAR;
        if (binary.bool() && !operator.isComparison()) {
            throw parser.error(
                    between.operatorStart(),
                    "bool modifier can only be used on comparison operators");
        }
        if (operator.isComparison() && !binary.bool() && scalars) {
            throw parser.error(
                    between.operatorStart(), "comparisons between scalars must use BOOL modifier");
        }
        for (String label : between.on() ? between.labels() : List.<String>of()) {
            if (between.include().contains(label)) {
                throw parser.error(
                        between.operatorStart(),
                        "label "
                                + Strings.quote(label)
                                + " must not occur in ON and GROUP clause at once");
            }
        }
        checkOperand(binary.left());
        checkOperand(binary.right());
        if (binary.matching() == null) {
            checkWithScalar(binary, between);
        } else if (operator.isSet()) {
            checkSet(binary, between);
        }
    }

    private void checkOperand(Expr expr) {
        if (expr.type() != ValueType.SCALAR && expr.type() != ValueType.VECTOR) {
            throw error(
                    expr, "binary expression must contain only scalar and instant vector types");
        }
    }

    private void checkWithScalar(Expr.Binary binary, Modifiers between) {
        if (!between.labels().isEmpty()) {
            throw error(binary, "vector matching only allowed between instant vectors");
        }
        if (between.fills()) {
            throw error(binary, "filling in missing series only allowed between instant vectors");
        }
        if (binary.operator().isSet()) {
            throw error(
                    binary,
                    "set operator "
                            + Strings.quote(binary.operator().text())
                            + " not allowed in binary scalar expression");
        }
    }

    private void checkSet(Expr.Binary binary, Modifiers between) {
        if (between.group() != null) {
            throw error(
                    binary,
                    "no grouping allowed for "
                            + Strings.quote(binary.operator().text())
                            + " operation");
        }
        if (between.fills()) {
            throw parser.error(
                    between.operatorStart(),
                    "filling in missing series not allowed for set operators");
        }
    }
}
