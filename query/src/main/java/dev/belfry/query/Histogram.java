package dev.belfry.query;

import dev.belfry.store.ResultTable;
import java.util.List;
import java.util.Map;

/**
 * Events over time by level.
 *
 * @param intervalNanos the width of a bucket
 * @param buckets ascending, without gaps, from the range's start to its end
 * @param total all events
 * @param statistics what it cost
 */
public record Histogram(
        long intervalNanos, List<Bucket> buckets, long total, ResultTable.Statistics statistics) {
    /**
     * One interval.
     *
     * @param startNanos epoch nanoseconds, inclusive
     * @param counts events by lower-case level; {@code ""} for those without
     * @param total all events of the interval
     */
    public record Bucket(long startNanos, Map<String, Long> counts, long total) {}
}
