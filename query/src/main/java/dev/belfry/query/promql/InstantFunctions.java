package dev.belfry.query.promql;

import dev.belfry.model.series.Labels;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;

/** Functions that make one number of another, at each step. */
final class InstantFunctions {
    private static final double LN2_BY_LN10 = 0.30102999566398119521373889472449302676;
    private static final double ONE_BY_LN2 = 1.44269504088896340735992468100189214;

    private InstantFunctions() {}

    static List<Row> call(Evaluator evaluator, Expr.Call call) {
        return switch (call.function().name()) {
            case "clamp" ->
                    clamp(
                            evaluator,
                            call,
                            evaluator.scalar(Functions.argument(call, 1)),
                            evaluator.scalar(Functions.argument(call, 2)));
            case "clamp_min" ->
                    clamp(evaluator, call, evaluator.scalar(Functions.argument(call, 1)), null);
            case "clamp_max" ->
                    clamp(evaluator, call, null, evaluator.scalar(Functions.argument(call, 1)));
            case "round" -> round(evaluator, call);
            default -> each(evaluator, input(evaluator, call), operator(call.function().name()));
        };
    }

    /* The date functions take the time of evaluation when nothing is given. */
    private static List<Row> input(Evaluator evaluator, Expr.Call call) {
        return call.arguments().isEmpty()
                ? List.of(new Row(Labels.EMPTY, false, ScalarFunctions.times(evaluator), null))
                : evaluator.vector(Functions.argument(call, 0));
    }

    private static List<Row> each(
            Evaluator evaluator, List<Row> rows, DoubleUnaryOperator operator) {
        List<Row> result = new ArrayList<>(rows.size());
        for (Row row : rows) {
            Row target = evaluator.newRow(row.labels, true);
            for (int i = 0; i < target.values.length; i++) {
                if (row.hasNumber(i)) {
                    target.set(i, operator.applyAsDouble(row.values[i]));
                }
            }
            if (!target.isEmpty()) {
                result.add(target);
            }
        }
        return result;
    }

    private static DoubleUnaryOperator operator(String name) {
        return switch (name) {
            case "abs" -> Math::abs;
            case "ceil" -> Math::ceil;
            case "floor" -> Math::floor;
            case "exp" -> Math::exp;
            case "sqrt" -> Math::sqrt;
            case "ln" -> Math::log;
            case "log2" -> InstantFunctions::log2;
            case "log10" -> value -> log2(value) * LN2_BY_LN10;
            case "sin" -> Math::sin;
            case "cos" -> Math::cos;
            case "tan" -> Math::tan;
            case "asin" -> Math::asin;
            case "acos" -> Math::acos;
            case "atan" -> Math::atan;
            case "sinh" -> Math::sinh;
            case "cosh" -> Math::cosh;
            case "tanh" -> Math::tanh;
            case "asinh" -> InstantFunctions::asinh;
            case "acosh" -> InstantFunctions::acosh;
            case "atanh" -> InstantFunctions::atanh;
            case "rad" -> value -> value * Math.PI / 180;
            case "deg" -> value -> value * 180 / Math.PI;
            case "sgn" -> value -> value < 0 ? -1 : value > 0 ? 1 : value;
            default -> value -> date(name, value);
        };
    }

    /* As Go: the logarithm of the fraction, and the exponent. */
    private static double log2(double value) {
        if (!(value > 0) || Double.isInfinite(value)) {
            return Math.log(value);
        }
        int exponent = Math.getExponent(Math.max(value, Double.MIN_NORMAL)) + 1;
        double fraction = value / Math.scalb(1.0, exponent - 1) / 2;
        return fraction == 0.5 ? exponent - 1 : Math.log(fraction) * ONE_BY_LN2 + exponent;
    }

    private static double asinh(double value) {
        if (value == 0 || Double.isInfinite(value)) {
            return value;
        }
        double magnitude = Math.abs(value);
        double result =
                magnitude > 1e8
                        ? Math.log(magnitude) + Math.log(2)
                        : Math.log1p(
                                magnitude
                                        + magnitude
                                                * magnitude
                                                / (1 + Math.sqrt(magnitude * magnitude + 1)));
        return Math.copySign(result, value);
    }

    private static double acosh(double value) {
        if (!(value >= 1)) {
            return Double.NaN;
        }
        if (value > 1e8) {
            return Math.log(value) + Math.log(2);
        }
        double above = value - 1;
        return Math.log1p(above + Math.sqrt(2 * above + above * above));
    }

    private static double atanh(double value) {
        double magnitude = Math.abs(value);
        return Math.copySign(0.5 * Math.log1p(2 * magnitude / (1 - magnitude)), value);
    }

    private static double date(String name, double seconds) {
        if (Double.isNaN(seconds) || Math.abs(seconds) > 3e16) {
            return Double.NaN;
        }
        ZonedDateTime time = Instant.ofEpochSecond((long) seconds).atZone(ZoneOffset.UTC);
        return switch (name) {
            case "minute" -> time.getMinute();
            case "hour" -> time.getHour();
            case "day_of_week" -> time.getDayOfWeek().getValue() % 7;
            case "day_of_month" -> time.getDayOfMonth();
            case "day_of_year" -> time.getDayOfYear();
            case "days_in_month" -> time.toLocalDate().lengthOfMonth();
            case "month" -> time.getMonthValue();
            case "year" -> time.getYear();
            default -> throw new IllegalStateException("BUG: function " + name);
        };
    }

    private static List<Row> clamp(
            Evaluator evaluator, Expr.Call call, double @Nullable [] min, double @Nullable [] max) {
        List<Row> result = new ArrayList<>();
        for (Row row : evaluator.vector(Functions.argument(call, 0))) {
            Row target = evaluator.newRow(row.labels, true);
            for (int i = 0; i < target.values.length; i++) {
                boolean empty = min != null && max != null && max[i] < min[i];
                if (!row.hasNumber(i) || empty) {
                    continue;
                }
                double value = row.values[i];
                value = max == null ? value : smaller(max[i], value);
                target.set(i, min == null ? value : larger(min[i], value));
            }
            if (!target.isEmpty()) {
                result.add(target);
            }
        }
        return result;
    }

    /** The smaller number. As in Go, an infinity wins over NaN. */
    static double smaller(double left, double right) {
        boolean infinite = left == Double.NEGATIVE_INFINITY || right == Double.NEGATIVE_INFINITY;
        return infinite ? Double.NEGATIVE_INFINITY : Math.min(left, right);
    }

    /** The larger number, in the same way. */
    static double larger(double left, double right) {
        boolean infinite = left == Double.POSITIVE_INFINITY || right == Double.POSITIVE_INFINITY;
        return infinite ? Double.POSITIVE_INFINITY : Math.max(left, right);
    }

    private static List<Row> round(Evaluator evaluator, Expr.Call call) {
        double[] nearest =
                call.arguments().size() > 1
                        ? evaluator.scalar(Functions.argument(call, 1))
                        : evaluator.filled(1);
        List<Row> result = new ArrayList<>();
        for (Row row : evaluator.vector(Functions.argument(call, 0))) {
            Row target = evaluator.newRow(row.labels, true);
            for (int i = 0; i < nearest.length; i++) {
                if (row.hasNumber(i)) {
                    double inverse = 1.0 / nearest[i];
                    target.set(i, Math.floor(row.values[i] * inverse + 0.5) / inverse);
                }
            }
            if (!target.isEmpty()) {
                result.add(target);
            }
        }
        return result;
    }

    /** Orders numbers; NaN is last either way. */
    static int compare(double left, double right, boolean descending) {
        boolean leftNaN = Double.isNaN(left);
        boolean rightNaN = Double.isNaN(right);
        if (leftNaN || rightNaN) {
            return Boolean.compare(leftNaN, rightNaN);
        }
        if (left == right) {
            return 0;
        }
        return (left < right) == descending ? 1 : -1;
    }
}
