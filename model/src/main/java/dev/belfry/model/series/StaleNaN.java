package dev.belfry.model.series;

/** The NaN by which a writer says that a series has ended. */
public final class StaleNaN {
    /** The bits of the staleness marker, as Prometheus writes it. */
    public static final long BITS = 0x7ff0000000000002L;

    /** The marker as a value; compare it by {@link #is}, never by {@code ==}. */
    public static final double VALUE = Double.longBitsToDouble(BITS);

    private StaleNaN() {}

    /** Whether {@code value} has exactly the bits of the marker. */
    public static boolean is(double value) {
        return Double.isNaN(value) && Double.doubleToRawLongBits(value) == BITS;
    }
}
