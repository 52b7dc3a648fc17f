package dev.belfry.receive.series;

import java.nio.charset.StandardCharsets;

/** Reads numbers from ASCII bytes; for one thread. */
public final class NumberText {
    /*
     * Up to 19 digits, zeros in front not counted, are gathered in a long; when they are below 2^53 and the power of
     * ten is at most 22, one multiplication or division gives the nearest double (Clinger, "How to read floating
     * point numbers accurately", 1990). The others, such as those of 17 digits, are for DecimalPower; what is left
     * goes the library's way.
     */
    private static final double[] POWERS = {
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
        1e17, 1e18, 1e19, 1e20, 1e21, 1e22
    };
    private static final int DIGITS_MAX = 19;
    private static final int EXACT_BITS = 53;
    private static final int CHARACTERS_MAX = 400;

    /** Whether what was read last was a number. */
    public boolean valid;

    /**
     * The number that {@code text[from .. to)} is; also {@code NaN}, {@code Inf} and {@code
     * Infinity} in any case, with a sign. {@link #valid} tells whether it is one.
     */
    public double read(byte[] text, int from, int to) {
        int at = from;
        boolean negative = false;
        valid = true;
        if (at < to && (text[at] == '-' || text[at] == '+')) {
            negative = text[at] == '-';
            at++;
        }
        int start = at;
        long mantissa = 0;
        int digits = 0;
        int power = 0;
        while (at < to && isDigit(text[at])) {
            mantissa = mantissa * 10 + text[at++] - '0';
            digits += (mantissa | digits) == 0 ? 0 : 1;
        }
        boolean any = at > start;
        if (at < to && text[at] == '.') {
            int point = ++at;
            while (at < to && isDigit(text[at])) {
                mantissa = mantissa * 10 + text[at++] - '0';
                digits += (mantissa | digits) == 0 ? 0 : 1;
            }
            power = point - at;
            any |= power < 0;
        }
        if (!any || digits > DIGITS_MAX || at - start > CHARACTERS_MAX) {
            return slow(text, from, to);
        }
        if (at < to && (text[at] | 0x20) == 'e') {
            int exponent = exponent(text, at + 1, to);
            if (exponent == Integer.MIN_VALUE) {
                return slow(text, from, to);
            }
            power += exponent;
            at = to;
        }
        if (at != to) {
            return slow(text, from, to);
        }
        double value;
        if (mantissa >>> EXACT_BITS == 0 && power >= -22 && power <= 22) {
            value = power < 0 ? mantissa / POWERS[-power] : mantissa * POWERS[power];
        } else {
            value = DecimalPower.nearest(mantissa, power);
            if (value < 0) {
                return slow(text, from, to);
            }
        }
        return negative ? -value : value;
    }

    /** The whole number that {@code text[from .. to)} is. */
    public long whole(byte[] text, int from, int to) {
        int at = from;
        boolean negative = at < to && text[at] == '-';
        if (negative || at < to && text[at] == '+') {
            at++;
        }
        valid = at < to && to - at <= DIGITS_MAX;
        long value = 0;
        for (; valid && at < to; at++) {
            valid = isDigit(text[at]);
            value = value * 10 + text[at] - '0';
        }
        valid &= value >= 0;
        return negative ? -value : value;
    }

    private static int exponent(byte[] text, int from, int to) {
        int at = from;
        boolean negative = at < to && text[at] == '-';
        if (negative || at < to && text[at] == '+') {
            at++;
        }
        if (at == to || to - at > 3) {
            return Integer.MIN_VALUE;
        }
        int value = 0;
        for (; at < to; at++) {
            if (!isDigit(text[at])) {
                return Integer.MIN_VALUE;
            }
            value = value * 10 + text[at] - '0';
        }
        return negative ? -value : value;
    }

    private double slow(byte[] text, int from, int to) {
        int start = from < to && (text[from] == '+' || text[from] == '-') ? from + 1 : from;
        valid = to - start > 0 && to - from <= CHARACTERS_MAX;
        if (!valid) {
            return 0;
        }
        String word = new String(text, start, to - start, StandardCharsets.ISO_8859_1);
        boolean negative = start > from && text[from] == '-';
        if (word.equalsIgnoreCase("inf") || word.equalsIgnoreCase("infinity")) {
            return negative ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
        }
        if (word.equalsIgnoreCase("nan")) {
            return Double.NaN;
        }
        return decimal(word, negative);
    }

    private double decimal(String word, boolean negative) {
        for (int i = 0; i < word.length(); i++) {
            char next = word.charAt(i);
            boolean sign = next == '-' || next == '+';
            boolean known = isDigit((byte) next) || next == '.' || (next | 0x20) == 'e';
            if (next > 0x7F || !known && !(sign && i > 0)) {
                valid = false;
                return 0;
            }
        }
        try {
            double value = Double.parseDouble(word);
            return negative ? -value : value;
        } catch (NumberFormatException _) {
            valid = false;
            return 0;
        }
    }

    private static boolean isDigit(byte next) {
        return next >= '0' && next <= '9';
    }
}
