package dev.belfry.query.insight;

import static java.util.Map.entry;

import dev.belfry.store.Plan;
import dev.belfry.store.ScalarFunction;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** The functions by the names that queries use, in lower case. */
final class Functions {
    /** Functions of single values. */
    static final Map<String, ScalarFunction> SCALARS =
            Map.ofEntries(
                    entry("coalesce", ScalarFunction.COALESCE),
                    entry("if", ScalarFunction.IF),
                    entry("strlen", ScalarFunction.LENGTH),
                    entry("length", ScalarFunction.LENGTH),
                    entry("toupper", ScalarFunction.UPPER),
                    entry("upper", ScalarFunction.UPPER),
                    entry("trim", ScalarFunction.TRIM),
                    entry("ltrim", ScalarFunction.TRIM_START),
                    entry("rtrim", ScalarFunction.TRIM_END),
                    entry("substr", ScalarFunction.SUBSTRING),
                    entry("substring", ScalarFunction.SUBSTRING),
                    entry("concat", ScalarFunction.CONCATENATE),
                    entry("replace", ScalarFunction.REPLACE),
                    entry("strcontains", ScalarFunction.CONTAINS),
                    entry("contains", ScalarFunction.CONTAINS),
                    entry("startswith", ScalarFunction.STARTS_WITH),
                    entry("endswith", ScalarFunction.ENDS_WITH),
                    entry("splitpart", ScalarFunction.PART),
                    entry("isempty", ScalarFunction.IS_EMPTY),
                    entry("isblank", ScalarFunction.IS_BLANK),
                    entry("abs", ScalarFunction.ABSOLUTE),
                    entry("ceil", ScalarFunction.CEILING),
                    entry("floor", ScalarFunction.FLOOR),
                    entry("round", ScalarFunction.ROUND),
                    entry("sqrt", ScalarFunction.SQUARE_ROOT),
                    entry("log", ScalarFunction.LOGARITHM),
                    entry("ln", ScalarFunction.LOGARITHM),
                    entry("log10", ScalarFunction.LOGARITHM_10),
                    entry("exp", ScalarFunction.EXPONENTIAL),
                    entry("pow", ScalarFunction.POWER),
                    entry("greatest", ScalarFunction.GREATEST),
                    entry("least", ScalarFunction.LEAST),
                    entry("tonumber", ScalarFunction.TO_NUMBER),
                    entry("tostring", ScalarFunction.TO_TEXT),
                    entry("totime", ScalarFunction.TO_TIME),
                    entry("frommillis", ScalarFunction.TO_TIME),
                    entry("tomillis", ScalarFunction.TO_MILLIS),
                    entry("formatdate", ScalarFunction.FORMAT_TIME),
                    entry("json", ScalarFunction.JSON_VALUE),
                    entry("jsonlength", ScalarFunction.JSON_LENGTH));

    /** Functions over the rows of a group. */
    static final Map<String, Plan.Function> AGGREGATES =
            Map.ofEntries(
                    entry("count", Plan.Function.COUNT),
                    entry("count_distinct", Plan.Function.COUNT_DISTINCT),
                    entry("sum", Plan.Function.SUM),
                    entry("avg", Plan.Function.AVERAGE),
                    entry("min", Plan.Function.MIN),
                    entry("max", Plan.Function.MAX),
                    entry("stddev", Plan.Function.STANDARD_DEVIATION),
                    entry("median", Plan.Function.QUANTILE),
                    entry("pct", Plan.Function.QUANTILE),
                    entry("percentile", Plan.Function.QUANTILE),
                    entry("first", Plan.Function.FIRST),
                    entry("earliest", Plan.Function.FIRST),
                    entry("last", Plan.Function.LAST),
                    entry("latest", Plan.Function.LAST),
                    entry("sortsfirst", Plan.Function.MIN),
                    entry("sortslast", Plan.Function.MAX),
                    entry("rate", Plan.Function.COUNT));

    private Functions() {}

    /** All names, for errors and completion. */
    static String names() {
        TreeSet<String> names = new TreeSet<>(SCALARS.keySet());
        names.addAll(
                List.of(
                        "bin",
                        "datefloor",
                        "dateceil",
                        "now",
                        "tolower",
                        "lower",
                        "ispresent",
                        "mod"));
        return String.join(", ", names)
                + "; in stats "
                + String.join(", ", new TreeSet<>(AGGREGATES.keySet()));
    }
}
