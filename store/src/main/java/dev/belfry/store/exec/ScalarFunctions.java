package dev.belfry.store.exec;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.model.time.Timestamps;
import dev.belfry.store.Levels;
import dev.belfry.store.QueryContext;
import dev.belfry.store.ResultTable.Json;
import dev.belfry.store.ScalarFunction;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What {@link ScalarFunction}s give for single values. */
final class ScalarFunctions {
    private static final long MILLI_NANOS = 1_000_000;
    private static final long SECOND_NANOS = 1_000_000_000;
    private static final JsonFactory JSON = new JsonFactory();

    private ScalarFunctions() {}

    /** The result, null when it is absent; {@code arguments} are as many as the function takes. */
    static @Nullable Object apply(
            ScalarFunction function, @Nullable Object[] arguments, QueryContext context) {
        Object first = arguments[0];
        if (first instanceof String text) {
            context.work(text.length());
        }
        return switch (function) {
            case COALESCE -> coalesce(arguments);
            case IF -> isTrue(first) ? arguments[1] : arguments[2];
            case CONCATENATE -> concatenate(arguments);
            case IS_EMPTY, IS_BLANK -> isEmpty(function, first);
            case GREATEST, LEAST -> extreme(function, arguments);
            case LENGTH, LEVEL, UPPER, TRIM, TRIM_START, TRIM_END, TO_TEXT ->
                    ofText(function, first);
            case SUBSTRING -> substring(arguments);
            case REPLACE, CONTAINS, STARTS_WITH, ENDS_WITH, PART ->
                    ofTexts(function, arguments, context);
            case ABSOLUTE,
                    CEILING,
                    FLOOR,
                    SQUARE_ROOT,
                    LOGARITHM,
                    LOGARITHM_10,
                    EXPONENTIAL,
                    TO_NUMBER ->
                    finite(ofNumber(function, Scalars.number(first)));
            case ROUND -> round(arguments);
            case POWER -> finite(Math.pow(Scalars.number(first), Scalars.number(arguments[1])));
            case TO_TIME -> time(first);
            case TO_MILLIS -> first instanceof Long time ? (Long) (time / MILLI_NANOS) : null;
            case TIME_CEILING -> ceiling(first, Scalars.number(arguments[1]));
            case FORMAT_TIME -> format(first, Scalars.text(arguments[1]));
            case JSON_VALUE -> jsonValue(first, Scalars.text(arguments[1]));
            case JSON_LENGTH -> jsonLength(first);
        };
    }

    private static boolean isTrue(@Nullable Object value) {
        return Boolean.TRUE.equals(value) || "true".equals(value);
    }

    private static @Nullable Object coalesce(@Nullable Object[] arguments) {
        for (Object argument : arguments) {
            if (!Scalars.isAbsent(argument)) {
                return argument;
            }
        }
        return null;
    }

    private static String concatenate(@Nullable Object[] arguments) {
        StringBuilder text = new StringBuilder();
        for (Object argument : arguments) {
            String part = Scalars.text(argument);
            append(text, part == null ? "" : part);
        }
        return text.toString();
    }

    private static Boolean isEmpty(ScalarFunction function, @Nullable Object value) {
        String text = Scalars.text(value);
        return text == null
                || (function == ScalarFunction.IS_EMPTY ? text.isEmpty() : text.isBlank());
    }

    private static @Nullable Object extreme(ScalarFunction function, @Nullable Object[] arguments) {
        double result = Double.NaN;
        for (Object argument : arguments) {
            double number = Scalars.number(argument);
            if (Double.isNaN(result)) {
                result = number;
            } else if (!Double.isNaN(number)) {
                result =
                        function == ScalarFunction.GREATEST
                                ? Math.max(result, number)
                                : Math.min(result, number);
            }
        }
        return finite(result);
    }

    private static @Nullable Object ofText(ScalarFunction function, @Nullable Object value) {
        String text = Scalars.text(value);
        if (text == null) {
            return null;
        }
        return switch (function) {
            case LENGTH -> (Object) (double) text.length();
            case LEVEL -> Levels.canonical(text);
            case UPPER -> text.toUpperCase(Locale.ROOT);
            case TRIM -> text.strip();
            case TRIM_START -> text.stripLeading();
            case TRIM_END -> text.stripTrailing();
            default -> text;
        };
    }

    private static @Nullable Object substring(@Nullable Object[] arguments) {
        String text = Scalars.text(arguments[0]);
        double start = Scalars.number(arguments[1]);
        double length = arguments.length > 2 ? Scalars.number(arguments[2]) : Integer.MAX_VALUE;
        if (text == null || Double.isNaN(start) || Double.isNaN(length)) {
            return null;
        }
        int from = (int) Math.clamp(start, 0, text.length());
        int to = (int) Math.clamp(from + Math.max(0, Math.floor(length)), from, text.length());
        return text.substring(from, to);
    }

    private static @Nullable Object ofTexts(
            ScalarFunction function, @Nullable Object[] arguments, QueryContext context) {
        String text = Scalars.text(arguments[0]);
        String other = Scalars.text(arguments[1]);
        if (text == null || other == null) {
            return null;
        }
        return switch (function) {
            case CONTAINS -> (Object) (TextSearch.indexOf(text, other, 0, context) >= 0);
            case STARTS_WITH -> text.startsWith(other);
            case ENDS_WITH -> text.endsWith(other);
            case REPLACE -> {
                String replacement = Scalars.text(arguments[2]);
                yield replacement == null || other.isEmpty()
                        ? text
                        : replace(text, other, replacement, context);
            }
            default -> part(text, other, Scalars.number(arguments[2]), context);
        };
    }

    private static String replace(
            String text, String other, String replacement, QueryContext context) {
        StringBuilder result = new StringBuilder(text.length());
        int from = 0;
        for (int at = TextSearch.indexOf(text, other, 0, context);
                at >= 0;
                at = TextSearch.indexOf(text, other, from, context)) {
            append(result, text.substring(from, at));
            append(result, replacement);
            from = at + other.length();
        }
        append(result, text.substring(from));
        return result.toString();
    }

    private static void append(StringBuilder text, String part) {
        if (text.length() + part.length() > Limits.TEXT_MADE_MAX) {
            throw new BelfryException(
                    ErrorCode.QUERY_LIMIT,
                    "text: over "
                            + Limits.TEXT_MADE_MAX
                            + " characters made of one row (expected: a shorter one)");
        }
        text.append(part);
    }

    private static @Nullable Object part(
            String text, String separator, double place, QueryContext context) {
        if (separator.isEmpty() || !(place >= 0)) {
            return null;
        }
        int from = 0;
        for (long i = 0; i < (long) place; i++) {
            int next = TextSearch.indexOf(text, separator, from, context);
            if (next < 0) {
                return null;
            }
            from = next + separator.length();
        }
        int end = TextSearch.indexOf(text, separator, from, context);
        return text.substring(from, end < 0 ? text.length() : end);
    }

    private static double ofNumber(ScalarFunction function, double number) {
        return switch (function) {
            case ABSOLUTE -> Math.abs(number);
            case CEILING -> Math.ceil(number);
            case FLOOR -> Math.floor(number);
            case SQUARE_ROOT -> Math.sqrt(number);
            case LOGARITHM -> Math.log(number);
            case LOGARITHM_10 -> Math.log10(number);
            case EXPONENTIAL -> Math.exp(number);
            default -> number;
        };
    }

    private static @Nullable Object round(@Nullable Object[] arguments) {
        double number = Scalars.number(arguments[0]);
        double decimals = arguments.length > 1 ? Scalars.number(arguments[1]) : 0;
        if (Double.isNaN(number) || Double.isNaN(decimals)) {
            return null;
        }
        int scale = (int) Math.clamp(decimals, -300, 300);
        return finite(
                BigDecimal.valueOf(number).setScale(scale, RoundingMode.HALF_UP).doubleValue());
    }

    private static @Nullable Object finite(double number) {
        return Double.isFinite(number) ? (Double) number : null;
    }

    private static @Nullable Object time(@Nullable Object value) {
        if (value instanceof Long) {
            return value;
        }
        double millis = Scalars.number(value);
        if (!Double.isNaN(millis)) {
            return Math.abs(millis) < 9.2e12 ? (Long) Math.round(millis * MILLI_NANOS) : null;
        }
        if (!(value instanceof String text)) {
            return null;
        }
        try {
            return Timestamps.parse(text);
        } catch (BelfryException _) {
            return null; // A text that is no time has none.
        }
    }

    private static @Nullable Object ceiling(@Nullable Object value, double width) {
        if (!(value instanceof Long time) || !(width >= 1)) {
            return null;
        }
        long step = (long) width;
        long floor = Math.floorDiv(time, step) * step;
        return floor == time ? (Long) time : (Long) (floor + step);
    }

    private static @Nullable Object format(@Nullable Object value, @Nullable String pattern) {
        if (!(value instanceof Long time) || pattern == null) {
            return null;
        }
        try {
            return DateTimeFormatter.ofPattern(pattern, Locale.ROOT)
                    .format(
                            Instant.ofEpochSecond(
                                            Math.floorDiv(time, SECOND_NANOS),
                                            Math.floorMod(time, SECOND_NANOS))
                                    .atOffset(ZoneOffset.UTC));
        } catch (IllegalArgumentException | DateTimeException _) {
            return null; // The pattern asks for what a time does not have.
        }
    }

    private static @Nullable Object jsonValue(@Nullable Object value, @Nullable String path) {
        JsonSlice json = json(value);
        if (json == null || path == null) {
            return null;
        }
        JsonSlice found = json.path(path);
        Object result = found == null ? null : found.value();
        return Scalars.isAbsent(result) ? null : result;
    }

    private static @Nullable Object jsonLength(@Nullable Object value) {
        JsonSlice json = json(value);
        return json == null ? null : (Object) (double) json.size();
    }

    /* The JSON that a value is or that its text says. */
    private static @Nullable JsonSlice json(@Nullable Object value) {
        String text =
                switch (value) {
                    case Json json -> json.text();
                    case String sent -> isContainer(sent) ? sent : null;
                    case null, default -> null;
                };
        if (text == null) {
            return null;
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new JsonSlice(bytes, 0, bytes.length);
    }

    /* Whether a text is a whole JSON array or object, so that it can be read without checks. */
    private static boolean isContainer(String text) {
        String trimmed = text.strip();
        if (!trimmed.startsWith("{") && !trimmed.startsWith("[")) {
            return false;
        }
        try (JsonParser parser = JSON.createParser(trimmed)) {
            parser.nextToken();
            parser.skipChildren();
            return parser.nextToken() == null;
        } catch (IOException _) {
            return false; // It only looks like JSON.
        }
    }
}
