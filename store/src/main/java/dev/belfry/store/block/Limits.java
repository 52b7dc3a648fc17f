package dev.belfry.store.block;

/** The bounds of this package; what goes over one is split, or refused as damage. */
public final class Limits {
    /** Samples of a chunk that is written: 34 hours at 15 s. */
    public static final int CHUNK_SAMPLES = 8192;

    /** Series whose samples stand in one chunk beside each other. */
    static final int CHUNK_COLUMNS_MAX = 64;

    /** Bytes after which a chunk takes no further column, so that reading one stays cheap. */
    static final int CHUNK_BYTES = 1 << 18;

    /**
     * Entries of a page of the directory, which has one checksum: what one bad byte there costs.
     */
    static final int ENTRIES_PER_PAGE = 256;

    /** Columns of times to a page of their table, which has one checksum. */
    static final int TIMES_PER_PAGE = 128;

    /** Series whose labels are compressed together: what reading the labels of one decodes. */
    static final int LABELS_PER_PAGE = 128;

    /** Columns of times that a writer knows; above it, equal ones may be written again. */
    static final int TIMES_KNOWN_MAX = 1 << 17;

    /** A page of labels that says it is larger is damage. */
    static final int LABEL_PAGE_BYTES_MAX = 1 << 28;

    private Limits() {}
}
