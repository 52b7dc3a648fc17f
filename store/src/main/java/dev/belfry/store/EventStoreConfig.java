package dev.belfry.store;

import java.time.Duration;

/**
 * How the event store works.
 *
 * @param retention how long events are kept
 * @param seal when hot rows become segments
 * @param segmentRowsMax rows up to which segments are merged
 * @param caches memory for what is read of segments
 * @param queryWorkers threads of one query at most
 * @param waitMax how long a query waits for what was acknowledged before it
 * @param recoveryDelay how long what the journal still has is not read after opening, unless
 *     somebody asks for it: for a start that other things need the processors for
 * @param sql what administrators' SQL may take
 */
public record EventStoreConfig(
        RetentionRules retention,
        Seal seal,
        long segmentRowsMax,
        Caches caches,
        int queryWorkers,
        Duration waitMax,
        Duration recoveryDelay,
        SqlShare sql) {
    /**
     * When hot rows become segments: at whichever comes first.
     *
     * @param rows how many there are
     * @param bytes memory of those that are encoded
     * @param age age of the oldest
     */
    public record Seal(long rows, long bytes, Duration age) {}

    /**
     * Memory for what is read of segments.
     *
     * @param filterBytes for filters
     * @param pageBytes for decoded pages
     */
    public record Caches(long filterBytes, long pageBytes) {}

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
                    new Seal(8 * 32_768, 48L << 20, Duration.ofHours(1)),
                    4L << 20,
                    new Caches(96L << 20, 64L << 20),
                    2,
                    Duration.ofSeconds(5),
                    Duration.ZERO,
                    new SqlShare(256L << 20, 1L << 30));

    /** This with another retention. */
    public EventStoreConfig withRetention(RetentionRules rules) {
        return new EventStoreConfig(
                rules, seal, segmentRowsMax, caches, queryWorkers, waitMax, recoveryDelay, sql);
    }

    /** This with seals at other bounds. */
    public EventStoreConfig withSeal(Seal bounds) {
        return new EventStoreConfig(
                retention,
                bounds,
                segmentRowsMax,
                caches,
                queryWorkers,
                waitMax,
                recoveryDelay,
                sql);
    }

    /** This with another delay of recovery. */
    public EventStoreConfig withRecoveryDelay(Duration delay) {
        return new EventStoreConfig(
                retention, seal, segmentRowsMax, caches, queryWorkers, waitMax, delay, sql);
    }

    /** This with another share of SQL. */
    public EventStoreConfig withSql(SqlShare share) {
        return new EventStoreConfig(
                retention,
                seal,
                segmentRowsMax,
                caches,
                queryWorkers,
                waitMax,
                recoveryDelay,
                share);
    }
}
