package dev.belfry.store;

import java.time.Duration;

/**
 * How the event store works.
 *
 * @param retention how long events are kept
 * @param sealRows hot rows at which they become segments
 * @param sealBytes memory of encoded hot rows at which they become segments
 * @param sealAge age of the oldest hot row at which they become segments
 * @param segmentRowsMax rows up to which segments are merged
 * @param filterCacheBytes memory for filters of segments
 * @param pageCacheBytes memory for decoded pages
 * @param queryWorkers threads of one query at most
 * @param waitMax how long a query waits for what was acknowledged before it
 * @param recoveryDelay how long what the journal still has is not read after opening, unless
 *     somebody asks for it: for a start that other things need the processors for
 * @param sql what administrators' SQL may take
 */
public record EventStoreConfig(
        RetentionRules retention,
        long sealRows,
        long sealBytes,
        Duration sealAge,
        long segmentRowsMax,
        long filterCacheBytes,
        long pageCacheBytes,
        int queryWorkers,
        Duration waitMax,
        Duration recoveryDelay,
        SqlShare sql) {
    /**
     * What one SQL query may take of the machine.
     *
     * @param memoryBytes memory of its instance of DuckDB
     * @param tempBytes room on disk for what does not fit in memory
     */
    public record SqlShare(long memoryBytes, long tempBytes) {}

    /** The defaults of a machine with two cores and 1 GiB for Belfry. */
    public static final EventStoreConfig STANDARD =
            new EventStoreConfig(
                    RetentionRules.STANDARD,
                    8 * 32_768,
                    48L << 20,
                    Duration.ofHours(1),
                    4L << 20,
                    96L << 20,
                    64L << 20,
                    2,
                    Duration.ofSeconds(5),
                    Duration.ZERO,
                    new SqlShare(256L << 20, 1L << 30));

    /** This with another retention. */
    public EventStoreConfig withRetention(RetentionRules rules) {
        return new EventStoreConfig(
                rules,
                sealRows,
                sealBytes,
                sealAge,
                segmentRowsMax,
                filterCacheBytes,
                pageCacheBytes,
                queryWorkers,
                waitMax,
                recoveryDelay,
                sql);
    }

    /** This with another share of SQL. */
    public EventStoreConfig withSql(SqlShare share) {
        return new EventStoreConfig(
                retention,
                sealRows,
                sealBytes,
                sealAge,
                segmentRowsMax,
                filterCacheBytes,
                pageCacheBytes,
                queryWorkers,
                waitMax,
                recoveryDelay,
                share);
    }

    /** This with another memory of encoded hot rows. */
    public EventStoreConfig withSealBytes(long bytes) {
        return new EventStoreConfig(
                retention,
                sealRows,
                bytes,
                sealAge,
                segmentRowsMax,
                filterCacheBytes,
                pageCacheBytes,
                queryWorkers,
                waitMax,
                recoveryDelay,
                sql);
    }

    /** This with another delay of recovery. */
    public EventStoreConfig withRecoveryDelay(Duration delay) {
        return new EventStoreConfig(
                retention,
                sealRows,
                sealBytes,
                sealAge,
                segmentRowsMax,
                filterCacheBytes,
                pageCacheBytes,
                queryWorkers,
                waitMax,
                delay,
                sql);
    }
}
