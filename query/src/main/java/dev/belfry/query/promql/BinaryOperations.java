package dev.belfry.query.promql;

import dev.belfry.model.series.FloatHistogram;
import dev.belfry.model.series.FloatHistogram.ResetHint;
import dev.belfry.model.series.HistogramSum;
import dev.belfry.model.series.Labels;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Operators between scalars, vectors with scalars, sets; and what each does to two samples. */
final class BinaryOperations {
    private BinaryOperations() {}

    // ---- numbers

    static double calculate(Operator operator, double left, double right) {
        return switch (operator) {
            case ADD -> left + right;
            case SUBTRACT -> left - right;
            case MULTIPLY -> left * right;
            case DIVIDE -> left / right;
            case MODULO -> left % right;
            case POWER -> power(left, right);
            case ATAN2 -> Math.atan2(left, right);
            default -> compare(operator, left, right) ? 1 : 0;
        };
    }

    /* As Go: 1 to any power and -1 to an infinite one are 1; Java gives NaN. */
    private static double power(double base, double exponent) {
        if (base == 1 || (base == -1 && Double.isInfinite(exponent))) {
            return 1;
        }
        return Math.pow(base, exponent);
    }

    static boolean compare(Operator operator, double left, double right) {
        return switch (operator) {
            case EQUAL -> left == right;
            case NOT_EQUAL -> left != right;
            case GREATER -> left > right;
            case GREATER_EQUAL -> left >= right;
            case LESS -> left < right;
            case LESS_EQUAL -> left <= right;
            default -> throw new IllegalStateException("BUG: no comparison: " + operator);
        };
    }

    static double[] scalars(Evaluator evaluator, Expr.Binary binary) {
        if (binary.operator() == Operator.TRIM_LOWER || binary.operator() == Operator.TRIM_UPPER) {
            throw PromqlException.execution(
                    "operator "
                            + Strings.quote(binary.operator().text())
                            + " not allowed for Scalar operations");
        }
        double[] left = evaluator.scalar(binary.left());
        double[] right = evaluator.scalar(binary.right());
        for (int i = 0; i < left.length; i++) {
            left[i] = calculate(binary.operator(), left[i], right[i]);
        }
        return left;
    }

    // ---- two samples

    /** What an operator made of two samples; reused. */
    static final class Outcome {
        double number;
        @Nullable FloatHistogram histogram;
        boolean keep;

        /** What is to be said of it; null for nothing. */
        @Nullable Note note;
    }

    /** What is to be said of an outcome. */
    interface Note {
        void tell(Annotations annotations);
    }

    static void combine(
            Expr.Binary binary,
            double left,
            @Nullable FloatHistogram leftHistogram,
            double right,
            @Nullable FloatHistogram rightHistogram,
            Outcome outcome) {
        Operator operator = binary.operator();
        outcome.histogram = null;
        outcome.number = 0;
        outcome.keep = true;
        outcome.note = null;
        boolean trim = operator == Operator.TRIM_LOWER || operator == Operator.TRIM_UPPER;
        if (leftHistogram == null && rightHistogram == null && !trim) {
            if (operator.isComparison()) {
                outcome.number = left;
                outcome.keep = compare(operator, left, right);
            } else {
                outcome.number = calculate(operator, left, right);
            }
            return;
        }
        if (leftHistogram != null && rightHistogram != null) {
            histograms(binary, leftHistogram, rightHistogram, outcome);
        } else if (rightHistogram != null && operator == Operator.MULTIPLY) {
            outcome.histogram = rightHistogram.times(left);
        } else if (leftHistogram != null && operator == Operator.MULTIPLY) {
            outcome.histogram = leftHistogram.times(right);
        } else if (leftHistogram != null && operator == Operator.DIVIDE) {
            outcome.histogram = leftHistogram.dividedBy(right);
        } else if (leftHistogram != null && trim) {
            outcome.histogram =
                    HistogramTrim.trim(leftHistogram, right, operator == Operator.TRIM_UPPER);
        } else {
            refuse(binary, leftHistogram != null, rightHistogram != null, outcome);
        }
    }

    private static void refuse(Expr.Binary binary, boolean left, boolean right, Outcome outcome) {
        outcome.note =
                annotations ->
                        annotations.incompatibleTypes(
                                left ? "histogram" : "float",
                                binary.operator().text(),
                                right ? "histogram" : "float",
                                binary.span());
        outcome.keep = false;
        outcome.number = Row.ABSENT;
    }

    private static void histograms(
            Expr.Binary binary, FloatHistogram left, FloatHistogram right, Outcome outcome) {
        switch (binary.operator()) {
            case ADD, SUBTRACT -> {
                HistogramSum sum = new HistogramSum(left);
                if (!sum.accepts(right)) {
                    outcome.note =
                            annotations ->
                                    annotations.incompatibleLayout(
                                            binary.operator().text(), binary.span());
                    outcome.keep = false;
                    outcome.number = Row.ABSENT;
                    return;
                }
                boolean add = binary.operator() == Operator.ADD;
                if (add) {
                    sum.add(right);
                } else {
                    sum.subtract(right);
                }
                if (sum.collided() || sum.reconciled()) {
                    outcome.note = annotations -> tell(annotations, binary, sum);
                }
                FloatHistogram result = sum.plainResult();
                outcome.histogram = add ? result : result.withHint(ResetHint.GAUGE);
            }
            case EQUAL -> {
                outcome.histogram = left;
                outcome.keep = left.sameAs(right);
            }
            case NOT_EQUAL -> {
                outcome.histogram = left;
                outcome.keep = !left.sameAs(right);
            }
            default -> refuse(binary, true, true, outcome);
        }
    }

    private static void tell(Annotations annotations, Expr.Binary binary, HistogramSum sum) {
        String operation = binary.operator() == Operator.ADD ? "addition" : "subtraction";
        if (sum.collided()) {
            annotations.resetCollision(operation, binary.span());
        }
        if (sum.reconciled()) {
            annotations.reconciledBounds(operation, binary.span());
        }
    }

    // ---- vectors

    static List<Row> vectors(Evaluator evaluator, Expr.Binary binary) {
        if (binary.matching() == null) {
            return withScalar(evaluator, binary);
        }
        Join join = evaluator.join(binary);
        if (join != null) {
            return join.meet(evaluator, evaluator.vector(join.many()));
        }
        List<Row> left = evaluator.vector(binary.left());
        List<Row> right = evaluator.vector(binary.right());
        if (binary.operator().isSet()) {
            return sets(evaluator, binary, binary.matching(), left, right);
        }
        return new VectorMatching(evaluator, binary, binary.matching()).match(left, right);
    }

    private static List<Row> withScalar(Evaluator evaluator, Expr.Binary binary) {
        boolean swapped = binary.left().type() == ValueType.SCALAR;
        double[] scalar = evaluator.scalar(swapped ? binary.left() : binary.right());
        List<Row> rows = evaluator.vector(swapped ? binary.right() : binary.left());
        boolean dropName = binary.operator().changesMeaning() || binary.bool();
        Outcome outcome = new Outcome();
        List<Row> result = new ArrayList<>(rows.size());
        for (Row row : rows) {
            Row target = evaluator.newRow(row.labels, row.dropName || dropName);
            if (row.histograms == null) {
                numbers(binary, row, scalar, swapped, target, evaluator, outcome);
            } else {
                mixed(evaluator, binary, row, scalar, swapped, target, outcome);
            }
            if (target.isEmpty()) {
                evaluator.evaluation.budget().releaseRow(scalar.length);
            } else {
                result.add(target);
            }
        }
        return result;
    }

    private static void numbers(
            Expr.Binary binary,
            Row row,
            double[] scalar,
            boolean swapped,
            Row target,
            Evaluator evaluator,
            Outcome outcome) {
        Operator operator = binary.operator();
        double[] values = row.values;
        if (binary.bool() || (operator.changesMeaning() && operator.precedence() > 3)) {
            target.runFrom = row.runFrom;
            target.runTo = row.runTo;
            if (run(operator, swapped ? scalar : values, swapped ? values : scalar, target)) {
                return;
            }
        }
        if (operator.isComparison() && !binary.bool() && row.runTo > row.runFrom) {
            passing(operator, row, swapped ? scalar : values, swapped ? values : scalar, target);
            return;
        }
        for (int i = 0; i < values.length; i++) {
            double value = values[i];
            if (Row.absent(value)) {
                continue;
            }
            double left = swapped ? scalar[i] : value;
            double right = swapped ? value : scalar[i];
            if (operator.isComparison()) {
                boolean passes = compare(operator, left, right);
                if (binary.bool()) {
                    target.values[i] = passes ? 1 : 0;
                } else if (passes) {
                    target.values[i] = value;
                }
            } else if (operator.changesMeaning() && operator.precedence() > 3) {
                target.set(i, calculate(operator, left, right));
            } else {
                combine(binary, left, null, right, null, outcome);
                tell(evaluator, outcome);
            }
        }
    }

    /* What passes, one loop an operator, where there is a number at each step of a run. */
    private static void passing(
            Operator operator, Row row, double[] left, double[] right, Row target) {
        double[] values = row.values;
        double[] results = target.values;
        int from = row.runFrom;
        int to = row.runTo;
        int passed = 0;
        switch (operator) {
            case EQUAL -> {
                for (int i = from; i < to; i++) {
                    if (left[i] == right[i]) {
                        results[i] = values[i];
                        passed++;
                    }
                }
            }
            case NOT_EQUAL -> {
                for (int i = from; i < to; i++) {
                    if (left[i] != right[i]) {
                        results[i] = values[i];
                        passed++;
                    }
                }
            }
            case LESS -> {
                for (int i = from; i < to; i++) {
                    if (left[i] < right[i]) {
                        results[i] = values[i];
                        passed++;
                    }
                }
            }
            case LESS_EQUAL -> {
                for (int i = from; i < to; i++) {
                    if (left[i] <= right[i]) {
                        results[i] = values[i];
                        passed++;
                    }
                }
            }
            case GREATER -> passing(Operator.LESS, row, right, left, target);
            case GREATER_EQUAL -> passing(Operator.LESS_EQUAL, row, right, left, target);
            default -> throw new IllegalStateException("BUG: no comparison: " + operator);
        }
        target.run(from, to - 1, passed);
    }

    /* One loop an operator, made of vectors, where there is a number at each step of a run. */
    static boolean run(Operator operator, double[] left, double[] right, Row target) {
        double[] results = target.values;
        int from = target.runFrom;
        int to = target.runTo;
        if (to == from) {
            return false;
        }
        switch (operator) {
            case ADD -> {
                for (int i = from; i < to; i++) {
                    results[i] = left[i] + right[i];
                }
            }
            case SUBTRACT -> {
                for (int i = from; i < to; i++) {
                    results[i] = left[i] - right[i];
                }
            }
            case MULTIPLY -> {
                for (int i = from; i < to; i++) {
                    results[i] = left[i] * right[i];
                }
            }
            case DIVIDE -> {
                for (int i = from; i < to; i++) {
                    results[i] = left[i] / right[i];
                }
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private static void mixed(
            Evaluator evaluator,
            Expr.Binary binary,
            Row row,
            double[] scalar,
            boolean swapped,
            Row target,
            Outcome outcome) {
        for (int i = 0; i < scalar.length; i++) {
            if (!row.has(i)) {
                continue;
            }
            FloatHistogram histogram = row.histogram(i);
            double value = histogram == null ? row.values[i] : 0;
            combine(
                    binary,
                    swapped ? scalar[i] : value,
                    swapped ? null : histogram,
                    swapped ? value : scalar[i],
                    swapped ? histogram : null,
                    outcome);
            tell(evaluator, outcome);
            if (binary.operator().isComparison() && swapped) {
                outcome.number = Row.absent(outcome.number) ? outcome.number : value;
                outcome.histogram = histogram;
            }
            put(binary, target, i, outcome);
        }
    }

    private static void tell(Evaluator evaluator, Outcome outcome) {
        if (outcome.note != null) {
            outcome.note.tell(evaluator.annotations());
        }
    }

    /** Puts an outcome at a step. A comparison that makes no sense gives nothing, bool or not. */
    static boolean put(Expr.Binary binary, Row target, int step, Outcome outcome) {
        if (!outcome.keep && Row.absent(outcome.number)) {
            return false;
        }
        if (binary.bool()) {
            target.set(step, outcome.keep ? 1.0 : 0.0);
            return true;
        }
        if (!outcome.keep) {
            return false;
        }
        if (outcome.histogram != null) {
            target.set(step, outcome.histogram);
        } else {
            target.set(step, outcome.number);
        }
        return true;
    }

    // ---- sets

    private static List<Row> sets(
            Evaluator evaluator,
            Expr.Binary binary,
            Expr.Matching matching,
            List<Row> left,
            List<Row> right) {
        int steps = evaluator.steps.count();
        Rows result = new Rows();
        if (binary.operator() == Operator.OR) {
            left.forEach(result::add);
            where(evaluator, binary, matching, right, present(left, matching, steps))
                    .forEach(result::add);
        } else {
            where(evaluator, binary, matching, left, present(right, matching, steps))
                    .forEach(result::add);
        }
        return result.nonEmpty();
    }

    /** At which steps any of the series is there, by what they match with. */
    static Map<Labels, boolean[]> present(List<Row> rows, Expr.Matching matching, int steps) {
        Map<Labels, boolean[]> present = new HashMap<>();
        for (Row row : rows) {
            boolean[] at =
                    present.computeIfAbsent(
                            VectorMatching.signature(matching, row.labels),
                            key -> new boolean[steps]);
            for (int i = 0; i < steps; i++) {
                at[i] |= row.has(i);
            }
        }
        return present;
    }

    /** What a set operator leaves of {@code rows}, where others are {@code present}. */
    static List<Row> where(
            Evaluator evaluator,
            Expr.Binary binary,
            Expr.Matching matching,
            List<Row> rows,
            Map<Labels, boolean[]> present) {
        boolean wanted = binary.operator() == Operator.AND;
        List<Row> result = new ArrayList<>();
        for (Row row : rows) {
            boolean[] at = present.get(VectorMatching.signature(matching, row.labels));
            if (at != null || !wanted) {
                result.add(at == null ? row : where(evaluator, row, at, wanted));
            }
        }
        return result;
    }

    private static Row where(Evaluator evaluator, Row row, boolean[] at, boolean wanted) {
        Row target = evaluator.newRow(row.labels, row.dropName);
        for (int i = 0; i < at.length; i++) {
            if (at[i] == wanted && row.has(i)) {
                target.copyStep(i, row);
            }
        }
        return target;
    }
}
