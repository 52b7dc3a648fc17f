package dev.belfry.query.promql;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Number literals: decimal, hexadecimal, octal, with underscores and exponents. */
final class Numbers {
    private static final Pattern FORM =
            Pattern.compile(
                    "0[xX]_?[0-9a-fA-F]+(?:_[0-9a-fA-F]+)*(?:\\.[0-9a-fA-F]*)?(?:[pP][+-]?[0-9]+)?"
                            + "|(?:[0-9]+(?:_[0-9]+)*\\.?(?:[0-9]+(?:_[0-9]+)*)?|\\.[0-9]+(?:_[0-9]+)*)"
                            + "(?:[eE][+-]?[0-9]+(?:_[0-9]+)*)?");

    /* What Go's strconv.ParseFloat takes. */
    private static final String DIGITS = "\\d+(?:_\\d+)*";
    private static final String HEX = "[0-9a-fA-F]+(?:_[0-9a-fA-F]+)*";
    private static final Pattern FLOAT =
            Pattern.compile(
                    "[+-]?(?:(?:D\\.?|(?:D)?\\.D)(?:[eE][+-]?D)?|0[xX]_?(?:H\\.?|(?:H)?\\.H)[pP][+-]?D)"
                                    .replace("D", DIGITS)
                                    .replace("H", HEX)
                            + "|[+-]?(?i:inf(?:inity)?)|(?i:nan)");

    private Numbers() {}

    /** The length of the number that begins at {@code from}, 0 when there is none. */
    static int length(String input, int from) {
        Matcher matcher = FORM.matcher(input).region(from, input.length());
        return matcher.lookingAt() ? matcher.end() - from : 0;
    }

    /** The bound that a label "le" tells; throws NumberFormatException when it tells none. */
    static double parseBound(String text) {
        if (!FLOAT.matcher(text).matches()) {
            throw new NumberFormatException(text);
        }
        String lower = text.replace("_", "").toLowerCase(Locale.ROOT);
        if (lower.equals("nan")) {
            return Double.NaN;
        }
        if (lower.contains("inf")) {
            return lower.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
        }
        double bound = Double.parseDouble(lower);
        if (Double.isInfinite(bound)) {
            throw new NumberFormatException(text);
        }
        return bound;
    }

    /** The value of a number; throws NumberFormatException when it has none. */
    static double parse(String literal) {
        String text = literal.replace("_", "");
        switch (text.toLowerCase(Locale.ROOT)) {
            case "inf", "+inf":
                return Double.POSITIVE_INFINITY;
            case "-inf":
                return Double.NEGATIVE_INFINITY;
            case "nan":
                return Double.NaN;
            default:
                break;
        }
        if (text.startsWith("0x") || text.startsWith("0X")) {
            boolean fraction =
                    text.indexOf('.') >= 0 || text.toLowerCase(Locale.ROOT).indexOf('p') >= 0;
            if (!fraction) {
                return new java.math.BigInteger(text.substring(2), 16).doubleValue();
            }
            return Double.parseDouble(
                    text.toLowerCase(Locale.ROOT).indexOf('p') >= 0 ? text : text + "p0");
        }
        if (text.length() > 1 && text.charAt(0) == '0' && text.matches("[0-7]+")) {
            return new java.math.BigInteger(text, 8).doubleValue();
        }
        return Double.parseDouble(text);
    }
}
