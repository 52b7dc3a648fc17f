package dev.belfry.model.series;

/** Summation that keeps what rounding took away (Kahan 1965, improved by Neumaier 1974). */
public final class Kahan {
    private Kahan() {}

    /**
     * The new compensation after {@code sum + value} became {@code total}; {@code lost} is the one
     * before.
     */
    public static double lost(double sum, double value, double total, double lost) {
        if (Double.isInfinite(total)) {
            return 0;
        }
        return Math.abs(sum) >= Math.abs(value)
                ? lost + ((sum - total) + value)
                : lost + ((value - total) + sum);
    }
}
