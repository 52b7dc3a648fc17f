package dev.belfry.store.parquet;

/** The bounds of this package; what goes over one is cut here or refused as damage. */
final class Limits {
    /** Rows of a row group: more would make the first row of a query dear. */
    static final int GROUP_ROWS_MAX = 1 << 20;

    /** Rows of a page: the least that a read of one row decodes. */
    static final int PAGE_ROWS = 4096;

    /** Rows of a page up to which a reader of some rows makes no arrays for the whole page. */
    static final int FEW_ROWS = 16;

    /** Texts that a search hands on with the rows: what a few rows of an answer have. */
    static final int FOUND_TEXT_BYTES = 16 << 10;

    /** Bytes of text after which a page ends early, so that long values do not make huge pages. */
    static final int PAGE_BYTES = 1 << 20;

    /** A page that says it is larger is damage: no value and no page of ours comes near it. */
    static final int PAGE_BYTES_MAX = 1 << 30;

    /** A longer footer is damage: it bounds what opening a file allocates. */
    static final int FOOTER_BYTES_MAX = 256 << 20;

    /** Columns of a file; the store keeps far below it (fields without a column are one). */
    static final int COLUMNS_MAX = 1 << 16;

    /** Bytes that all texts of a chunk must begin with to be left out: fewer are not worth it. */
    static final int PREFIX_MIN = 3;

    /** Distinct longs up to which a dictionary is tried beside deltas. */
    static final int LONG_DICTIONARY_MAX = 1024;

    /** Arrays that a pooled workspace keeps; larger ones are dropped after use. */
    static final int WORKSPACE_KEEP_BYTES = 8 << 20;

    /** Workspaces kept for the next reader; more readers at once make their own. */
    static final int WORKSPACES_KEPT = 16;

    /** Entries of a dictionary up to which the footer says how many rows have each. */
    static final int COUNTED_VALUES_MAX = 1024;

    /** Bytes of such counts of a row group, smallest first: open segments have them in memory. */
    static final int GROUP_COUNTS_BYTES_MAX = 4096;

    private Limits() {}
}
