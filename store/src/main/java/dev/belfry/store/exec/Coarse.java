package dev.belfry.store.exec;

import org.jspecify.annotations.Nullable;

/** Numbers of two digits in the place of exact ones. */
final class Coarse {
    private static final double[] POWERS = powers();

    private Coarse() {}

    private static double[] powers() {
        double[] powers = new double[617];
        for (int i = 0; i < powers.length; i++) {
            powers[i] = Double.parseDouble("1e" + (i - 308));
        }
        return powers;
    }

    /** A number rounded down to two digits; all other values as they are. */
    static @Nullable Object of(@Nullable Object value) {
        if (!(value instanceof Double) && !(value instanceof Long)) {
            return value;
        }
        double number = ((Number) value).doubleValue();
        if (number == 0 || !Double.isFinite(number)) {
            return value;
        }
        int exponent = (int) Math.floor(Math.log10(Math.abs(number))) - 1;
        double unit = POWERS[Math.clamp(exponent + 308L, 0, POWERS.length - 1)];
        double rounded = Math.floor(number / unit) * unit;
        return Double.isFinite(rounded) ? (Double) rounded : value;
    }
}
