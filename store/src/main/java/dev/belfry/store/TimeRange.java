package dev.belfry.store;

/**
 * A range of event time.
 *
 * @param startNanos epoch nanoseconds, inclusive; {@link Long#MIN_VALUE} for no start
 * @param endNanos epoch nanoseconds, exclusive; {@link Long#MAX_VALUE} for no end
 */
public record TimeRange(long startNanos, long endNanos) {
    /** All of time. */
    public static final TimeRange ALL = new TimeRange(Long.MIN_VALUE, Long.MAX_VALUE);
}
