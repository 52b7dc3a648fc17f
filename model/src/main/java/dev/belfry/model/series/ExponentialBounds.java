package dev.belfry.model.series;

/** Bounds of the 256 buckets between two powers of two, bit for bit as Prometheus has them. */
final class ExponentialBounds {
    /*
     * Prometheus' table (model/histogram/generic.go) was computed step by step and is some units
     * in the last place below the powers: so many letters after b. The coarser schemas take every
     * second, fourth … of the finest.
     */
    private static final String BELOW =
            "bbbbbbcbbbcbbbbbbbcdbbccccccccccbbcbbbcbbcccbbccbbccbbccbbccbccc"
                    + "bbbbbbccccddcbccbbcbbbcbbbcbbbbbbbccbabbcbddbbccbbcbbbcbccdcbccc"
                    + "cbcccbddccdcbcdccbccccdccdddcceecbcbbbcbccddcbdcccddccdcccddccdc"
                    + "dcedccdcddedddddddddddeeeeffedfeccdcdddddceeccdddcedccddddfeddee";

    private static final double[] FRACTIONS = new double[256];

    static {
        for (int i = 0; i < FRACTIONS.length; i++) {
            double power = StrictMath.pow(2, i / 256.0) / 2;
            FRACTIONS[i] = power - (BELOW.charAt(i) - 'b') * Math.ulp(power);
        }
    }

    private ExponentialBounds() {}

    /** Half of two to the power of {@code part} / 2^{@code schema}. */
    static double fraction(int part, int schema) {
        return FRACTIONS[part << (FloatHistogram.SCHEMA_MAX - schema)];
    }
}
