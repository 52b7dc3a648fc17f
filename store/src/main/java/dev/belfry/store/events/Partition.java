package dev.belfry.store.events;

import java.util.concurrent.TimeUnit;

/**
 * What shares a segment: rows of one day that are kept equally long.
 *
 * @param day days since the epoch (UTC), or {@link #LATE}
 * @param retentionClass the name of the retention rule
 */
record Partition(long day, String retentionClass) {
    /** The day of rows further than {@link #NEAR_DAYS} from when they came. */
    static final long LATE = Long.MIN_VALUE;

    /* Farther ones share a partition, so that a backfill of years does not make a file a day. */
    private static final int NEAR_DAYS = 7;

    private static final long DAY_NANOS = TimeUnit.DAYS.toNanos(1);

    /** The day of a row. */
    static long day(long timestampNanos, long receivedMillis) {
        long day = Math.floorDiv(timestampNanos, DAY_NANOS);
        long received = Math.floorDiv(receivedMillis, TimeUnit.DAYS.toMillis(1));
        return Math.abs(day - received) > NEAR_DAYS ? LATE : day;
    }
}
