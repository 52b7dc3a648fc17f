package dev.belfry.store.sql;

import dev.belfry.store.EventStoreConfig;

/**
 * What SQL may take of the machine.
 *
 * @param memoryMaxBytes memory of one query's instance
 * @param spillMaxBytes room on disk of one query, for what does not fit in its memory
 * @param threads threads of one query
 * @param atOnceMax queries at once; further ones wait, and their time runs
 */
public record SqlBounds(long memoryMaxBytes, long spillMaxBytes, int threads, int atOnceMax) {
    /** The defaults of a machine with two cores and 1 GiB for Belfry. */
    public static final SqlBounds STANDARD = of(EventStoreConfig.STANDARD.sql());

    /** Those of a configured share: two threads, one query at a time. */
    public static SqlBounds of(EventStoreConfig.SqlShare share) {
        return new SqlBounds(share.memoryBytes(), share.tempBytes(), 2, 1);
    }
}
