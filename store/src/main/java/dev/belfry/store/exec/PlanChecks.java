package dev.belfry.store.exec;

import dev.belfry.store.Expr;
import dev.belfry.store.Plan;
import dev.belfry.store.ScalarFunction;
import java.util.Set;
import java.util.TreeSet;

/** Refuses expressions that mean nothing, before anything is read. */
final class PlanChecks {
    private static final Set<String> COLUMNS = Set.copyOf(PlanShape.EVENT_COLUMNS);

    private PlanChecks() {}

    /** Checks a measure and its operand. */
    static void check(Plan.Measure measure) {
        Expr operand = measure.operand();
        if (operand != null) {
            check(operand);
        } else if (measure.function() != Plan.Function.COUNT) {
            throw PlanShape.invalid(
                    measure.name()
                            + ": "
                            + measure.function()
                            + " of nothing (expected: an operand; only COUNT does without)");
        }
        if (measure.function() == Plan.Function.QUANTILE
                && !(measure.argument() >= 0 && measure.argument() <= 1)) {
            throw PlanShape.invalid(
                    measure.name() + ": quantile " + measure.argument() + " (expected: 0 to 1)");
        }
    }

    /** Checks an expression. */
    static void check(Expr expr) {
        check(expr, 0);
    }

    private static void check(Expr expr, int depth) {
        if (depth > Limits.EXPRESSION_DEPTH_MAX) {
            throw PlanShape.invalid(
                    "expression: nested over "
                            + Limits.EXPRESSION_DEPTH_MAX
                            + " deep (expected: fewer levels)");
        }
        switch (expr) {
            case Expr.Column column -> {
                if (!COLUMNS.contains(column.name())) {
                    throw PlanShape.invalid(
                            "column: "
                                    + column.name()
                                    + " (expected: one of "
                                    + String.join(", ", new TreeSet<>(COLUMNS))
                                    + ")");
                }
            }
            case Expr.Field field -> {
                if (field.path().isEmpty()) {
                    throw PlanShape.invalid("field: empty (expected: a name)");
                }
            }
            case Expr.Number number -> {
                if (!Double.isFinite(number.value())) {
                    throw PlanShape.invalid("number: " + number.value() + " (expected: finite)");
                }
            }
            case Expr.Bin bin -> {
                if (!(bin.width() > 0)
                        || !Double.isFinite(bin.width())
                        || !Double.isFinite(bin.origin())) {
                    throw PlanShape.invalid("bin: width " + bin.width() + " (expected: > 0)");
                }
            }
            case Expr.Call call -> {
                int count = call.arguments().size();
                ScalarFunction function = call.function();
                if (count < function.argumentsMin() || count > function.argumentsMax()) {
                    throw PlanShape.invalid(function + ": " + count + " arguments");
                }
            }
            case Expr.Capture capture -> {
                if (capture.group() < 0 || capture.group() >= capture.pattern().groups()) {
                    throw PlanShape.invalid(
                            "capture: group "
                                    + capture.group()
                                    + " (expected: 0 to "
                                    + (capture.pattern().groups() - 1)
                                    + ")");
                }
            }
            default -> {}
        }
        for (Expr part : expr.parts()) {
            check(part, depth + 1);
        }
    }
}
