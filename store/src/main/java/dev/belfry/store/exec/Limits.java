package dev.belfry.store.exec;

/** Every bound of the executor, with the reason for the number. */
final class Limits {
    /**
     * Row groups that the calling thread walks alone before others help: newest-first queries
     * mostly end here, and waking a thread costs more than two groups.
     */
    static final int GROUPS_ALONE = 2;

    /**
     * A column is read by pages when fewer than one of this many rows are wanted: a page holds
     * thousands of rows, so that more wanted rows touch nearly all pages anyway.
     */
    static final int SPARSE_READ_RATIO = 48;

    /** The same for rows that follow one another: they touch few pages. */
    static final int RANGE_READ_RATIO = 4;

    /** Rows that are looked at first in the nearest group: one page, as segments have them. */
    static final int PROBE_ROWS = 4096;

    /**
     * Texts that a search keeps for its answer, so that their pages are not inflated again: a
     * hundred rows take 10 KiB; beyond, pages are.
     */
    static final long FOUND_TEXTS_BYTES = 1 << 20;

    /** Combinations of keys that are looked up by an array; more use a hash table. */
    static final int KEY_TABLE_MAX = 1 << 16;

    /** Groups up to which a count keeps several counters a group: they stay in the first cache. */
    static final int SPREAD_COUNT_GROUPS_MAX = 1024;

    /** Groups of an aggregation at most, QUERY_LIMIT beyond: more do not fit a person's screen. */
    static final int GROUPS_MAX = 2_000_000;

    /** Numbers that a quantile keeps (8 bytes each) to be exact; a sketch takes over beyond. */
    static final int QUANTILE_EXACT_MAX = 4_000_000;

    /** Whole numbers next to each other up to which a quantile counts them: 512 KiB. */
    static final int COUNTED_NUMBERS_MAX = 1 << 16;

    /** Hashes that a distinct count keeps (16 bytes each); a sketch takes over beyond. */
    static final int DISTINCT_EXACT_MAX = 1_000_000;

    /** Characters that a regular expression reads between two looks at the clock. */
    static final int REGEX_CHECK_CHARS = 1 << 14;

    /** Depth of an expression: deeper ones are refused before they overflow the stack. */
    static final int EXPRESSION_DEPTH_MAX = 200;

    /** What a kept row costs besides its values: reference, header, position. */
    static final int ROW_BYTES = 64;

    /**
     * Values of a field that a walk over several fields counts; more are ids, of which nobody reads
     * a list, and the rows so far are a sample.
     */
    static final int FIELD_VALUES_MAX = 6000;

    /** The same of all fields and threads together: about 200 bytes each, of a query's 64 MiB. */
    static final int ALL_FIELD_VALUES_MAX = 120_000;

    /** Rows of a group that are counted where most values of a field occur once. */
    static final int FIELD_SAMPLE_ROWS = 2048;

    private Limits() {}

    /** Bytes of values that functions make between two looks at the query's time and memory. */
    static final long MADE_BYTES_STEP = 1 << 20;

    /**
     * Characters of a text that a function makes of one row: four times the longest event. Over it
     * the query fails.
     */
    static final int TEXT_MADE_MAX = 1 << 20;
}
