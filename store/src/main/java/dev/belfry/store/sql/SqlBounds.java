package dev.belfry.store.sql;

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
    public static final SqlBounds STANDARD = new SqlBounds(256L << 20, 1L << 30, 2, 1);
}
