package dev.belfry.query.promql;

/** Every bound of this package that nobody configures, with the reason for the number. */
final class Limits {
    /** Go's nanoseconds in 63 bits end here (292 years): Prometheus refuses more. */
    static final long DURATION_MILLIS_MAX = 9_223_372_036_854L;

    /** Characters of a query: what people and rule generators write is far below. */
    static final int QUERY_CHARS_MAX = 1 << 20;

    /**
     * Levels of an expression: parser and evaluator recurse, ten frames a level at most, which a
     * thread's stack of 512 KiB still holds. Beyond it the query is refused.
     */
    static final int DEPTH_MAX = 200;

    /** Binary operators in a row: each is a level of the tree, but costs few frames. */
    static final int OPERATORS_MAX = 1000;

    /** Annotations of one kind that are kept; later ones are only counted. */
    static final int ANNOTATIONS_MAX = 1000;

    /** Characters of a label that a query makes: nested calls could double it without end. */
    static final int LABEL_CHARS_MAX = 1 << 16;

    /** Characters of a regular expression: lists of names and hosts have a few thousand. */
    static final int REGEX_CHARS_MAX = 1 << 16;

    /** Instructions that a regular expression becomes: as many as characters of the longest one. */
    static final long REGEX_SIZE_MAX = REGEX_CHARS_MAX;

    /** Steps of an expression over all texts that it is tried on: a quarter of a minute or so. */
    static final long REGEX_WORK_MAX = 1L << 31;

    /** Nobody counts what smaller ones do. */
    static final long REGEX_SIZE_COUNTED = 1000;

    /** Groups times instructions: what is kept while an expression's groups are found. */
    static final long REGEX_GROUPS_MAX = 1 << 20;

    /** Series between two looks at the clock and the client. */
    static final int SERIES_BETWEEN_CHECKS = 64;

    /** Threads that help queries: more than that share memory bandwidth only. */
    static final int HELPERS_MAX = 31;

    /**
     * Parts that series are divided into: a few for each processor, so that all end together, and
     * no more, because each has its own groups, which are put together at the end.
     */
    static final int PARTS_MAX = Math.min(32, 4 * Runtime.getRuntime().availableProcessors());

    /** Fewer series are not worth a thread. */
    static final int SERIES_OF_PART_MIN = 64;

    /**
     * A series over so much time is as much work as one that is counted once; a longer one more.
     */
    static final long PART_SPAN_MILLIS = 7_200_000;

    /** As much as a series counts at most: five days. */
    static final int PART_WEIGHT_MAX = 64;

    /** Fewer series are not worth a thread, however long they are. */
    static final int LONG_SERIES_OF_PART_MIN = 8;

    /** Series that are evaluated together before they are aggregated: they fit in a cache. */
    static final int SERIES_OF_BATCH = 64;

    /** In longer queries nobody looks for what repeats. */
    static final int REPEATS_CHARS_MAX = 1 << 14;

    private Limits() {}
}
