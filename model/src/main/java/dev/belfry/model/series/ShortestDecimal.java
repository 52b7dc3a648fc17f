package dev.belfry.model.series;

import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * The decimal of fewest digits that is read back as the same double, of those the closest; what
 * {@link Double#toString(double)} writes, as numbers. Not safe for several threads.
 *
 * @see <a href="https://drive.google.com/file/d/1IEeATSVnEE6TkrHlCYNY2GjaraBjOT4f">R. Giulietti,
 *     The Schubfach way to render doubles</a>
 */
public final class ShortestDecimal {
    private static final int FRACTION_BITS = 52;
    private static final long FRACTION_MASK = (1L << FRACTION_BITS) - 1;
    private static final int BIAS = 1075;
    private static final long MASK_63 = Long.MAX_VALUE;

    /* Of the powers of ten that doubles which are not subnormal ask for. */
    private static final int POWER_MIN = -324;
    private static final int POWER_MAX = 292;
    private static final @Nullable Power[] POWERS = new Power[POWER_MAX - POWER_MIN + 1];

    /* 10^-k in 126 bits, rounded up: its upper and lower 63. */
    private record Power(long upper, long lower) {}

    private long digits;
    private int exponent;

    /** Without zeros at the end; the number is {@code digits()} × 10^{@link #exponent()}. */
    public long digits() {
        return digits;
    }

    /** The power of ten of the last digit. */
    public int exponent() {
        return exponent;
    }

    /**
     * Finds the decimal of {@code value}, which is at least {@link Double#MIN_NORMAL} and finite.
     */
    public void find(double value) {
        long bits = Double.doubleToRawLongBits(value);
        int q = (int) (bits >>> FRACTION_BITS) - BIAS;
        long c = bits & FRACTION_MASK | 1L << FRACTION_BITS;
        // Four times the number, and the middles between it and its neighbours: below a power of
        // two they are closer.
        boolean even = (bits & FRACTION_MASK) != 0 || q == 1 - BIAS;
        int odd = (int) c & 1;
        int k = even ? log10OfPow2(q) : log10OfThreeQuartersPow2(q);
        int h = q + log2OfPow10(-k) + 2;
        Power power = power(k);
        long middle = product(power, c << 2 << h);
        long low = product(power, (c << 2) - (even ? 2 : 1) << h) + odd;
        long high = product(power, (c << 2) + 2 << h) - odd;
        exponent = k;
        long tens = (middle >> 2) / 10 * 10;
        boolean tensBelow = low <= tens << 2;
        boolean tensAbove = tens + 10 << 2 <= high;
        if (tensBelow != tensAbove) {
            digits = tensBelow ? tens : tens + 10;
            strip();
            return;
        }
        long ones = middle >> 2;
        boolean below = low <= ones << 2;
        boolean above = ones + 1 << 2 <= high;
        if (below != above) {
            digits = below ? ones : ones + 1;
        } else {
            long beyond = middle - (2 * ones + 1 << 1);
            digits = beyond < 0 || (beyond == 0 && (ones & 1) == 0) ? ones : ones + 1;
        }
        strip();
    }

    private void strip() {
        while (digits % 10 == 0) {
            digits /= 10;
            exponent++;
        }
    }

    /* The upper bits of a product of 126 and 63 bits, the last of them set when there was anything below. */
    private static long product(Power power, long factor) {
        long x = Math.multiplyHigh(power.lower, factor);
        long y = power.upper * factor;
        long z = (y >>> 1) + x;
        long w = Math.multiplyHigh(power.upper, factor) + (z >>> 63);
        return w | (z & MASK_63) + MASK_63 >>> 63;
    }

    private static Power power(int k) {
        Power power = POWERS[k - POWER_MIN];
        if (power == null) {
            power = made(k);
            POWERS[k - POWER_MIN] = power;
        }
        return power;
    }

    private static Power made(int k) {
        int shift = log2OfPow10(-k) - 125;
        BigInteger ten = BigInteger.TEN.pow(Math.abs(k));
        BigInteger whole =
                k > 0 ? BigInteger.ONE.shiftLeft(-shift).divide(ten) : ten.shiftRight(shift);
        BigInteger rounded = whole.add(BigInteger.ONE);
        return new Power(rounded.shiftRight(63).longValueExact(), rounded.longValue() & MASK_63);
    }

    /* Logarithms of whole powers, rounded down, by fractions in fixed point; of all exponents that doubles have. */
    private static int log10OfPow2(int e) {
        return (int) (e * 661_971_961_083L >> 41);
    }

    private static int log10OfThreeQuartersPow2(int e) {
        return (int) (e * 661_971_961_083L - 274_743_187_321L >> 41);
    }

    private static int log2OfPow10(int e) {
        return (int) (e * 913_124_641_741L >> 38);
    }
}
