package dev.belfry.query.promql;

import java.util.Locale;
import java.util.regex.Pattern;

/** Number literals: decimal, hexadecimal, octal, with underscores and exponents. */
final class Numbers {
    /* What Go's strconv.ParseFloat takes. */
    private static final String DIGITS = "\\d+(?:_\\d+)*";
    private static final String HEX = "[0-9a-fA-F]+(?:_[0-9a-fA-F]+)*";
    private static final Pattern FLOAT =
            Pattern.compile(
                    "[+-]?(?:(?:D\\.?|(?:D)?\\.D)(?:[eE][+-]?D)?|0[xX]_?(?:H\\.?|(?:H)?\\.H)[pP][+-]?D)"
                                    .replace("D", DIGITS)
                                    .replace("H", HEX)
                            + "|[+-]?(?i:inf(?:inity)?)|(?i:nan)");

    private static final String WORD =
            "_0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

    private Numbers() {}

    /**
     * The length of the number that begins at {@code from}; when what begins there is none, {@code
     * -1 -} how far it was read. As Prometheus reads numbers, oddities included: an "e" among
     * hexadecimal digits begins an exponent.
     */
    static int scan(String input, int from) {
        int at = from + (is(input, from, "0") ? 1 : 0);
        boolean hex = at > from && is(input, at, "xX");
        if (hex) {
            at += is(input, at + 1, "_") ? 2 : 1;
        }
        at += is(input, at, ".") ? 1 : 0;
        String digits = hex ? "0123456789abcdefABCDEF" : "0123456789";
        at += is(input, at, digits) ? 1 : 0;
        boolean dot = false;
        boolean exponent = false;
        while (is(input, at, digits) || is(input, at, "._eE")) {
            boolean atDot = is(input, at, ".");
            boolean atExponent = is(input, at, "eE");
            boolean again = (atDot && dot) || (atExponent && exponent);
            boolean mark = atDot || atExponent || is(input, at, "_");
            at++;
            if (again) {
                return -1 - (at - from);
            }
            dot |= atDot;
            exponent |= atExponent;
            at += atExponent && is(input, at, "+-") ? 1 : 0;
            if (mark && is(input, at, atDot ? "_." : "._eE")) {
                return -1 - (at + 1 - from);
            }
            if ((mark && !atDot && at >= input.length()) || (atDot && hex)) {
                return -1 - (at - from);
            }
        }
        boolean ends = at > from && !is(input, at, WORD);
        return ends ? at - from : -1 - (at - from);
    }

    private static boolean is(String input, int at, String characters) {
        return at < input.length() && characters.indexOf(input.charAt(at)) >= 0;
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
            return Long.parseLong(text, 2, text.length(), 16);
        }
        if (text.length() > 1 && text.charAt(0) == '0' && text.matches("[0-7]+")) {
            return new java.math.BigInteger(text, 8).doubleValue();
        }
        return Double.parseDouble(text);
    }
}
