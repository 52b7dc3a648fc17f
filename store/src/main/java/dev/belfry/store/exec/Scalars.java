package dev.belfry.store.exec;

import dev.belfry.store.Expr.Comparison;
import dev.belfry.store.ResultTable.Json;
import dev.belfry.store.column.Decimals;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What single values mean: {@link String}, {@link Double}, {@link Long}, {@link Boolean}, {@link
 * Json}, {@link UUID}, null for absent. The vectorised paths give the same answers, faster.
 */
final class Scalars {
    /** An explicit JSON null: it exists, and is absent to everything else. */
    static final Json NULL = new Json("null");

    /* Up to this many digits a double gives the digits back that it was made of. */
    private static final long EXACT_MAX = 1_000_000_000_000_000L;

    private Scalars() {}

    static boolean isAbsent(@Nullable Object value) {
        return value == null || value.equals(NULL);
    }

    /** Whether {@code value} is a number by its type, not only a text that reads like one. */
    static boolean isNumber(@Nullable Object value) {
        return switch (value) {
            case Double _, Long _ -> true;
            case Json json -> startsNumber(json.text());
            case null, default -> false;
        };
    }

    /** The number that {@code value} is or that its text says; NaN when it is none. */
    static double number(@Nullable Object value) {
        return switch (value) {
            case Double number -> number;
            case Long number -> (double) number;
            case String text -> NumberText.parse(text);
            case Json json ->
                    startsNumber(json.text()) ? NumberText.parse(json.text()) : Double.NaN;
            case null, default -> Double.NaN;
        };
    }

    private static boolean startsNumber(String text) {
        char first = text.charAt(0);
        return first == '-' || first >= '0' && first <= '9';
    }

    /** A number from its JSON text: a Double when that gives the text back, else Json. */
    static Object numberObject(String text) {
        double number = NumberText.parse(text);
        return !Double.isNaN(number) && text(number).equals(text) && Math.abs(number) < EXACT_MAX
                ? (Object) number
                : new Json(text);
    }

    /** A decimal as an object: a Double when that gives the digits back, else Json. */
    static Object decimalObject(long unscaled, int scale) {
        return Math.abs(unscaled) < EXACT_MAX && unscaled != Long.MIN_VALUE
                ? (Object) ((double) unscaled / Decimals.power(scale))
                : new Json(Decimals.text(unscaled, scale));
    }

    /** The shortest JSON text of a finite number. */
    static String text(double value) {
        if (value == (long) value && Math.abs(value) < EXACT_MAX) {
            return Long.toString((long) value);
        }
        String text = Double.toString(value);
        if (text.indexOf('E') < 0) {
            return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
        }
        double size = Math.abs(value);
        return size >= 1e21 || size < 1e-10
                ? text.replace(".0E", "E")
                : new BigDecimal(text).stripTrailingZeros().toPlainString();
    }

    /** The text of a value; null when it is absent. */
    static @Nullable String text(@Nullable Object value) {
        return switch (value) {
            case null -> null;
            case String text -> text;
            case Double number -> text(number.doubleValue());
            case Json json -> json.equals(NULL) ? null : json.text();
            default -> value.toString();
        };
    }

    /** The text of a value in lower case; null when it is absent. */
    static @Nullable String lower(@Nullable Object value) {
        String text = text(value);
        return text == null ? null : text.toLowerCase(Locale.ROOT);
    }

    /** The text of a value as UTF-8; null when it is absent. */
    static byte @Nullable [] bytes(@Nullable Object value) {
        String text = text(value);
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }

    /** What {@link dev.belfry.store.Expr.Compare} answers. */
    static boolean compare(Comparison how, @Nullable Object left, @Nullable Object right) {
        if (isAbsent(left) || isAbsent(right)) {
            return false;
        }
        if (left instanceof Long a && right instanceof Long b) {
            return holds(how, Long.compare(a, b));
        }
        if (isNumber(left) || isNumber(right)) {
            double a = number(left);
            double b = number(right);
            return !Double.isNaN(a) && !Double.isNaN(b) && holds(how, compare(a, b));
        }
        String a = text(left);
        String b = text(right);
        return a != null && b != null && holds(how, compareText(a, b));
    }

    static boolean holds(Comparison how, int sign) {
        return switch (how) {
            case EQUAL -> sign == 0;
            case NOT_EQUAL -> sign != 0;
            case LESS -> sign < 0;
            case LESS_OR_EQUAL -> sign <= 0;
            case GREATER -> sign > 0;
            case GREATER_OR_EQUAL -> sign >= 0;
        };
    }

    /** By size; the two zeros are equal. */
    static int compare(double a, double b) {
        return a < b ? -1 : a > b ? 1 : 0;
    }

    /** The order of the UTF-8 bytes, which is that of the code points. */
    static int compareText(String a, String b) {
        int length = Math.min(a.length(), b.length());
        for (int i = 0; i < length; i++) {
            char x = a.charAt(i);
            char y = b.charAt(i);
            if (x != y) {
                boolean xPair = Character.isSurrogate(x);
                boolean yPair = Character.isSurrogate(y);
                return xPair == yPair ? Character.compare(x, y) : xPair ? 1 : -1;
            }
        }
        return Integer.compare(a.length(), b.length());
    }

    /**
     * The order of results: booleans, numbers and times, text, JSON; absent last. What compares as
     * 0 is equal.
     */
    static int order(@Nullable Object left, @Nullable Object right) {
        int leftRank = rank(left);
        int rightRank = rank(right);
        if (leftRank != rightRank) {
            return Integer.compare(leftRank, rightRank);
        }
        return switch (leftRank) {
            case 0 -> Boolean.compare(Boolean.TRUE.equals(left), Boolean.TRUE.equals(right));
            case 1 ->
                    left instanceof Long a && right instanceof Long b
                            ? Long.compare(a, b)
                            : compare(number(left), number(right));
            case 4 -> 0;
            default -> compareText(orEmpty(text(left)), orEmpty(text(right)));
        };
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    private static int rank(@Nullable Object value) {
        if (isAbsent(value)) {
            return 4;
        }
        if (value instanceof Boolean) {
            return 0;
        }
        return isNumber(value) ? 1 : value instanceof Json ? 3 : 2;
    }

    /** The value that stands for all that are in one group with {@code value}. */
    static @Nullable Object groupKey(@Nullable Object value) {
        return switch (value) {
            case Json json when json.equals(NULL) -> null;
            case Json json when startsNumber(json.text()) -> number(json) + 0.0;
            case Double number -> number + 0.0;
            case null, default -> value;
        };
    }
}
