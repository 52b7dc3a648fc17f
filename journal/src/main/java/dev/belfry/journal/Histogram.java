package dev.belfry.journal;

import java.util.concurrent.atomic.AtomicLongArray;

/** Counts values from 0 to 2^40 in buckets of a quarter of a power of two; one writer. */
final class Histogram {
    /* Values below 8 have a bucket each; above, four buckets a power of two. */
    private static final int BUCKETS = 4 * 40;

    private final AtomicLongArray counts = new AtomicLongArray(BUCKETS);
    private volatile long sum;
    private volatile long max;

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    void add(long value) {
        long positive = Math.max(0, value);
        counts.incrementAndGet(bucket(positive));
        sum = sum + positive;
        if (positive > max) {
            max = positive;
        }
    }

    static int bucket(long value) {
        if (value < 8) {
            return (int) value;
        }
        int exponent = 63 - Long.numberOfLeadingZeros(value);
        int quarter = (int) (value >>> (exponent - 2)) & 3;
        return Math.min(BUCKETS - 1, ((exponent - 1) << 2) + quarter);
    }

    Distribution snapshot() {
        long[] copy = new long[BUCKETS];
        long count = 0;
        for (int index = 0; index < BUCKETS; index++) {
            copy[index] = counts.get(index);
            count += copy[index];
        }
        return new Distribution(copy, count, sum, max);
    }
}
