package dev.belfry.receive.series;

import java.math.BigInteger;

/** The double next to a whole number times a power of ten. */
final class DecimalPower {
    /*
     * Lemire, "Number parsing at a gigabyte per second", 2021: the number, moved to the top of 64 bits, times the
     * upper 64 (where that is not clear, 128) bits of the power of five; the powers of two only move the exponent.
     *
     *   number × 10^power = number × 5^power × 2^power
     */
    private static final int POWER_MAX = 64;
    private static final int ROUNDED_BITS = 9;
    private static final int MANTISSA_BITS = 52;
    private static final int BIAS = 1023;
    private static final int EXPONENT_END = 2047;

    /** Upper and lower 64 bits of 5^-64 … 5^64, each with its top bit set. */
    private static final long[] FIVES = fives();

    private DecimalPower() {}

    private static long[] fives() {
        long[] fives = new long[2 * (2 * POWER_MAX + 1)];
        for (int power = -POWER_MAX; power <= POWER_MAX; power++) {
            BigInteger five = BigInteger.valueOf(5).pow(Math.abs(power));
            BigInteger bits;
            if (power >= 0) {
                int length = five.bitLength();
                bits = length <= 128 ? five.shiftLeft(128 - length) : five.shiftRight(length - 128);
            } else {
                /* Rounded up, as the proof of the paper wants it. */
                int length = five.subtract(BigInteger.ONE).bitLength();
                int shift = power >= -27 ? length + 127 : 2 * length + 128;
                bits = BigInteger.ONE.shiftLeft(shift).divide(five).add(BigInteger.ONE);
                bits = bits.shiftRight(Math.max(0, bits.bitLength() - 128));
            }
            fives[2 * (power + POWER_MAX)] = bits.shiftRight(64).longValue();
            fives[2 * (power + POWER_MAX) + 1] = bits.longValue();
        }
        return fives;
    }

    /**
     * The double that is next to {@code number}, without a sign, times 10^{@code power}, and the
     * even one of two; negative when that is not known here.
     */
    static double nearest(long number, int power) {
        if (number == 0) {
            return 0;
        }
        if (power < -POWER_MAX || power > POWER_MAX) {
            return -1;
        }
        int zeros = Long.numberOfLeadingZeros(number);
        long top = number << zeros;
        long five = FIVES[2 * (power + POWER_MAX)];
        long high = Math.unsignedMultiplyHigh(top, five);
        long low = top * five;
        if ((high & (1L << ROUNDED_BITS) - 1) == (1L << ROUNDED_BITS) - 1) {
            long more = Math.unsignedMultiplyHigh(top, FIVES[2 * (power + POWER_MAX) + 1]);
            low += more;
            high += Long.compareUnsigned(more, low) > 0 ? 1 : 0;
        }
        if (low == -1 && (power < -27 || power > 55)) {
            return -1;
        }
        int upper = (int) (high >>> 63);
        long mantissa = high >>> upper + ROUNDED_BITS;
        int exponent = ((152170 + 65536) * power >> 16) + 63 + upper - zeros + BIAS;
        if (exponent <= 0) {
            return -1;
        }
        boolean tie =
                Long.compareUnsigned(low, 1) <= 0
                        && power >= -4
                        && power <= 23
                        && (mantissa & 3) == 1
                        && mantissa << upper + ROUNDED_BITS == high;
        mantissa = tie ? mantissa & ~1L : mantissa;
        mantissa = mantissa + (mantissa & 1) >>> 1;
        if (mantissa >>> MANTISSA_BITS + 1 != 0) {
            mantissa = 1L << MANTISSA_BITS;
            exponent++;
        }
        return exponent >= EXPONENT_END
                ? -1
                : Double.longBitsToDouble(
                        mantissa & (1L << MANTISSA_BITS) - 1 | (long) exponent << MANTISSA_BITS);
    }
}
