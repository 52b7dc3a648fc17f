package dev.belfry.store.column;

/** Numbers kept as an unscaled long and a decimal scale ({@link Form#DECIMAL}). */
public final class Decimals {
    /** Digits in all that a scaled long holds for certain. */
    public static final int DIGITS_MAX = 18;

    private static final long[] POWERS = new long[DIGITS_MAX + 1];

    static {
        POWERS[0] = 1;
        for (int i = 1; i < POWERS.length; i++) {
            POWERS[i] = POWERS[i - 1] * 10;
        }
    }

    private Decimals() {}

    /** 10 to the {@code exponent}, 0 to {@link #DIGITS_MAX}. */
    public static long power(int exponent) {
        return POWERS[exponent];
    }

    /** The shortest text of {@code value / 10^scale}. */
    public static String text(long value, int scale) {
        long magnitude = Math.abs(value);
        long fraction = magnitude % POWERS[scale];
        StringBuilder text = new StringBuilder(24);
        if (value < 0) {
            text.append('-');
        }
        text.append(magnitude / POWERS[scale]);
        if (fraction != 0) {
            String digits = Long.toString(fraction);
            text.append('.').repeat("0", scale - digits.length());
            int end = digits.length();
            while (digits.charAt(end - 1) == '0') {
                end--;
            }
            text.append(digits, 0, end);
        }
        return text.toString();
    }
}
