package dev.belfry.receive.otlp;

/** The bounds that are not for configuration. */
final class Limits {
    /** Arrays and maps in one value, so that no reader needs a deep stack; error of the record. */
    static final int DEPTH_MAX = 64;

    /** Characters of a severity text, as of every level; more is an error of the record. */
    static final int LEVEL_CHARACTERS_MAX = 50;

    /**
     * Bytes of resources and scopes that records of one body repeat, as a multiple of what a body
     * may have: one large resource with very many empty records would fill the memory; refuses the
     * body.
     */
    static final int CONTEXT_FACTOR_MAX = 4;

    /** Events that are expected at most when a batch's first arrays are made. */
    static final int EXPECTED_EVENTS_MAX = 20_000;

    /** Bytes of a record, roughly, when the first arrays are made. */
    static final int RECORD_BYTES_GUESS = 250;

    private Limits() {}
}
