package dev.belfry.store;

import java.time.Duration;

/**
 * How the event store works.
 *
 * @param retention how long events are kept
 * @param sealRows hot rows at which they become segments
 * @param sealAge age of the oldest hot row at which they become segments
 * @param segmentRowsMax rows up to which segments are merged
 * @param filterCacheBytes memory for filters of segments
 * @param pageCacheBytes memory for decoded pages
 * @param queryWorkers threads of one query at most
 * @param waitMax how long a query waits for what was acknowledged before it
 */
public record EventStoreConfig(
        RetentionRules retention,
        long sealRows,
        Duration sealAge,
        long segmentRowsMax,
        long filterCacheBytes,
        long pageCacheBytes,
        int queryWorkers,
        Duration waitMax) {
    /** The defaults of a machine with two cores and 1 GiB for Belfry. */
    public static final EventStoreConfig STANDARD =
            new EventStoreConfig(
                    RetentionRules.STANDARD,
                    8 * 32_768,
                    Duration.ofHours(1),
                    4L << 20,
                    96L << 20,
                    64L << 20,
                    2,
                    Duration.ofSeconds(5));

    /** This with another retention. */
    public EventStoreConfig withRetention(RetentionRules rules) {
        return new EventStoreConfig(
                rules,
                sealRows,
                sealAge,
                segmentRowsMax,
                filterCacheBytes,
                pageCacheBytes,
                queryWorkers,
                waitMax);
    }
}
