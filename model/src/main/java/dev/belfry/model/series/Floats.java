package dev.belfry.model.series;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/** Numbers as Prometheus writes them (Go's {@code strconv.FormatFloat}). */
public final class Floats {
    private Floats() {}

    /** Without exponent, the fewest digits that read back as {@code value}: {@code 0.000012}. */
    public static String plain(double value) {
        String special = special(value);
        if (special != null) {
            return special;
        }
        if (value == Math.rint(value) && Math.abs(value) < 1e15) {
            long whole = (long) value;
            return whole == 0 && 1 / value < 0 ? "-0" : Long.toString(whole);
        }
        return new BigDecimal(Double.toString(value)).stripTrailingZeros().toPlainString();
    }

    /** As Go's {@code %f}: six digits after the point. */
    public static String fixed(double value) {
        String special = special(value);
        if (special != null) {
            return special;
        }
        return new BigDecimal(value).setScale(6, RoundingMode.HALF_EVEN).toPlainString();
    }

    /** With an exponent below 1e-4 and from 1e21 on: the form of Go in JSON. */
    public static String shortest(double value) {
        return general(value, 21);
    }

    /** As Go's {@code %g}: the fewest digits, an exponent below 1e-4 and from 1e6 on. */
    public static String general(double value) {
        return general(value, 6);
    }

    /** As Go's {@code %.Ng}: at most {@code digits} significant digits. */
    public static String general(double value, MathContext digits) {
        String special = special(value);
        if (special != null || value == 0) {
            return special != null ? special : 1 / value < 0 ? "-0" : "0";
        }
        BigDecimal rounded =
                new BigDecimal(value)
                        .round(new MathContext(digits.getPrecision(), RoundingMode.HALF_EVEN))
                        .stripTrailingZeros();
        return write(rounded, digits.getPrecision());
    }

    private static String general(double value, int limit) {
        String special = special(value);
        if (special != null) {
            return special;
        }
        if (value == 0) {
            return 1 / value < 0 ? "-0" : "0";
        }
        BigDecimal digits = new BigDecimal(Double.toString(value)).stripTrailingZeros();
        return write(digits, limit);
    }

    private static String write(BigDecimal digits, int exponentLimit) {
        String unscaled = digits.unscaledValue().abs().toString();
        int exponent = unscaled.length() - 1 - digits.scale();
        if (exponent >= -4 && exponent < exponentLimit) {
            return digits.toPlainString();
        }
        StringBuilder text = new StringBuilder(digits.signum() < 0 ? "-" : "");
        text.append(unscaled.charAt(0));
        if (unscaled.length() > 1) {
            text.append('.').append(unscaled, 1, unscaled.length());
        }
        text.append('e').append(exponent < 0 ? '-' : '+');
        int magnitude = Math.abs(exponent);
        return text.append(magnitude < 10 ? "0" : "").append(magnitude).toString();
    }

    private static @Nullable String special(double value) {
        if (Double.isNaN(value)) {
            return "NaN";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "+Inf" : "-Inf";
        }
        return null;
    }
}
