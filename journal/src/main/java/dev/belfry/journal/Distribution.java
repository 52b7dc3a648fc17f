package dev.belfry.journal;

/**
 * How often which values occurred, in buckets whose bounds are at most 1.25 apart.
 *
 * @param counts values in each bucket
 * @param count all values
 * @param sum their sum
 * @param max the largest
 */
public record Distribution(long[] counts, long count, long sum, long max) {
    /**
     * The value below or at which the part {@code quantile} (0–1) of all values lies, rounded up to
     * its bucket's bound; 0 when there is none.
     */
    public long quantile(double quantile) {
        long rank = Math.max(1, (long) Math.ceil(quantile * count));
        long seen = 0;
        for (int index = 0; index < counts.length; index++) {
            seen += counts[index];
            if (seen >= rank) {
                return Math.min(max, upperBound(index));
            }
        }
        return max;
    }

    /** The largest value of bucket {@code index}. */
    public static long upperBound(int index) {
        if (index < 8) {
            return index;
        }
        int exponent = (index >> 2) + 1;
        return (1L << exponent) + ((index & 3) + 1L) * (1L << (exponent - 2)) - 1;
    }
}
