package dev.belfry.store.exec;

import java.nio.charset.StandardCharsets;

/** Numbers as text: an optional sign, digits, a fraction, an exponent; nothing else is one. */
final class NumberText {
    /*
     * Digits that a long holds exactly as a double, and the powers of ten that a double is exact
     * for.
     */
    private static final int FAST_DIGITS_MAX = 15;
    private static final double[] POWERS = new double[16];

    static {
        double power = 1;
        for (int i = 0; i < POWERS.length; i++) {
            POWERS[i] = power;
            power *= 10;
        }
    }

    private NumberText() {}

    /** The number that {@code text} is, NaN when it is none or is not finite. */
    static double parse(String text) {
        if (text.isEmpty() || text.length() > 400 || text.charAt(0) > '9') {
            return Double.NaN;
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return parse(bytes, 0, bytes.length);
    }

    /** The number that {@code data[start .. end)} is, NaN when it is none or is not finite. */
    static double parse(byte[] data, int start, int end) {
        int at = start;
        boolean negative = at < end && data[at] == '-';
        if (negative) {
            at++;
        }
        long digits = 0;
        int count = 0;
        int fraction = 0;
        int first = at;
        while (at < end && data[at] >= '0' && data[at] <= '9') {
            digits = digits * 10 + (data[at++] - '0');
            count++;
        }
        if (at == first) {
            return Double.NaN;
        }
        if (at < end && data[at] == '.') {
            int point = ++at;
            while (at < end && data[at] >= '0' && data[at] <= '9') {
                digits = digits * 10 + (data[at++] - '0');
                count++;
            }
            fraction = at - point;
            if (fraction == 0) {
                return Double.NaN;
            }
        }
        if (at == end && count <= FAST_DIGITS_MAX) {
            double value = fraction == 0 ? (double) digits : digits / POWERS[fraction];
            return negative ? -value : value;
        }
        return at == end || isExponent(data, at, end) ? slow(data, start, end) : Double.NaN;
    }

    private static boolean isExponent(byte[] data, int from, int end) {
        int at = from;
        if (data[at] != 'e' && data[at] != 'E') {
            return false;
        }
        at++;
        if (at < end && (data[at] == '+' || data[at] == '-')) {
            at++;
        }
        int first = at;
        while (at < end && data[at] >= '0' && data[at] <= '9') {
            at++;
        }
        return at == end && at > first;
    }

    private static double slow(byte[] data, int start, int end) {
        double value =
                Double.parseDouble(new String(data, start, end - start, StandardCharsets.US_ASCII));
        return Double.isInfinite(value) ? Double.NaN : value;
    }
}
