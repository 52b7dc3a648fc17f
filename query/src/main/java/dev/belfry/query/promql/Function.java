package dev.belfry.query.promql;

import static dev.belfry.query.promql.ValueType.MATRIX;
import static dev.belfry.query.promql.ValueType.SCALAR;
import static dev.belfry.query.promql.ValueType.STRING;
import static dev.belfry.query.promql.ValueType.VECTOR;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The signature of a function.
 *
 * @param name as it is called
 * @param arguments types of the arguments; the last may be missing or repeated
 * @param variadic 0: exactly these; n &gt; 0: up to n − 1 more than these without the last … as
 *     Prometheus counts; −1: any number
 * @param result type of the result
 */
public record Function(String name, List<ValueType> arguments, int variadic, ValueType result) {
    private static final Map<String, Function> ALL = new TreeMap<>();

    static {
        add("abs", VECTOR, 0, VECTOR);
        for (String name :
                List.of(
                        "absent",
                        "acos",
                        "acosh",
                        "asin",
                        "asinh",
                        "atan",
                        "atanh",
                        "ceil",
                        "cos",
                        "cosh",
                        "deg",
                        "exp",
                        "floor",
                        "histogram_avg",
                        "histogram_count",
                        "histogram_stddev",
                        "histogram_stdvar",
                        "histogram_sum",
                        "ln",
                        "log10",
                        "log2",
                        "rad",
                        "sgn",
                        "sin",
                        "sinh",
                        "sort",
                        "sort_desc",
                        "sqrt",
                        "tan",
                        "tanh",
                        "timestamp")) {
            add(name, VECTOR, 0, VECTOR);
        }
        for (String name :
                List.of(
                        "absent_over_time",
                        "avg_over_time",
                        "changes",
                        "count_over_time",
                        "delta",
                        "deriv",
                        "first_over_time",
                        "idelta",
                        "increase",
                        "irate",
                        "last_over_time",
                        "mad_over_time",
                        "max_over_time",
                        "min_over_time",
                        "present_over_time",
                        "rate",
                        "resets",
                        "stddev_over_time",
                        "stdvar_over_time",
                        "sum_over_time",
                        "ts_of_first_over_time",
                        "ts_of_last_over_time",
                        "ts_of_max_over_time",
                        "ts_of_min_over_time")) {
            add(name, VECTOR, 0, MATRIX);
        }
        for (String name :
                List.of(
                        "days_in_month",
                        "day_of_month",
                        "day_of_week",
                        "day_of_year",
                        "hour",
                        "minute",
                        "month",
                        "year")) {
            add(name, VECTOR, 1, VECTOR);
        }
        add("clamp", VECTOR, 0, VECTOR, SCALAR, SCALAR);
        add("clamp_max", VECTOR, 0, VECTOR, SCALAR);
        add("clamp_min", VECTOR, 0, VECTOR, SCALAR);
        add("double_exponential_smoothing", VECTOR, 0, MATRIX, SCALAR, SCALAR);
        add("histogram_fraction", VECTOR, 0, SCALAR, SCALAR, VECTOR);
        add("histogram_quantile", VECTOR, 0, SCALAR, VECTOR);
        add("histogram_quantiles", VECTOR, 9, VECTOR, STRING, SCALAR, SCALAR);
        add("info", VECTOR, 1, VECTOR, VECTOR);
        add("label_join", VECTOR, -1, VECTOR, STRING, STRING, STRING);
        add("label_replace", VECTOR, 0, VECTOR, STRING, STRING, STRING, STRING);
        add("pi", SCALAR, 0);
        add("start", SCALAR, 0);
        add("end", SCALAR, 0);
        add("step", SCALAR, 0);
        add("range", SCALAR, 0);
        add("predict_linear", VECTOR, 0, MATRIX, SCALAR);
        add("quantile_over_time", VECTOR, 0, SCALAR, MATRIX);
        add("round", VECTOR, 1, VECTOR, SCALAR);
        add("scalar", SCALAR, 0, VECTOR);
        add("sort_by_label", VECTOR, -1, VECTOR, STRING);
        add("sort_by_label_desc", VECTOR, -1, VECTOR, STRING);
        add("time", SCALAR, 0);
        add("vector", VECTOR, 0, SCALAR);
    }

    private static void add(String name, ValueType result, int variadic, ValueType... arguments) {
        ALL.put(name, new Function(name, List.of(arguments), variadic, result));
    }

    /** Copies the argument types. */
    public Function {
        arguments = List.copyOf(arguments);
    }

    /** The function {@code name}, null when there is none. */
    static @Nullable Function of(String name) {
        return ALL.get(name);
    }

    /** All functions by name. */
    public static Map<String, Function> all() {
        return java.util.Collections.unmodifiableMap(ALL);
    }

    /** The fewest arguments that it takes. */
    int argumentsMin() {
        return variadic == 0 ? arguments.size() : arguments.size() - 1;
    }

    /** The most arguments that it takes. */
    int argumentsMax() {
        return variadic < 0
                ? Integer.MAX_VALUE
                : variadic == 0 ? arguments.size() : arguments.size() - 1 + variadic;
    }
}
