package dev.belfry.store.block;

/**
 * What a tier keeps of the samples of each of its steps, in the order of a chunk's columns.
 * Staleness markers do not count: a step without any other sample is not there.
 */
public enum Aggregate {
    /** The lowest. */
    MIN,
    /** The highest. */
    MAX,
    /** Their sum. */
    SUM,
    /** How many there were. */
    COUNT,
    /** The first one. */
    FIRST,
    /** The last one. */
    LAST,
    /**
     * The sum of those before which the value fell: a counter grew by last − first + this, resets
     * or not.
     */
    DROPPED;

    static final int SIZE = values().length;
}
