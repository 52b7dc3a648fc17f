package dev.belfry.receive.json;

/** The bounds that are not for configuration. */
final class Limits {
    /** Characters of a source, as the seeds' table has it; more is an error of the item. */
    static final int SOURCE_CHARACTERS_MAX = 255;

    /** Characters of a level, as the seeds' table has it; more is an error of the item. */
    static final int LEVEL_CHARACTERS_MAX = 50;

    /** Levels of arrays and objects in an event, so that no reader needs a deep stack; error. */
    static final int DEPTH_MAX = 64;

    /** Members of a log document, so that what is kept of it stays small; error. */
    static final int DOCUMENT_MEMBERS_MAX = 10_000;

    /** Members of a log document that may be the same part of an event; further ones are fields. */
    static final int CANDIDATES_MAX = 8;

    /** Levels of objects that are taken apart into dotted names; deeper ones are kept whole. */
    static final int GROUP_DEPTH_MAX = 5;

    /** Bytes of a dotted name before its last dot; objects behind longer ones are kept whole. */
    static final int GROUP_NAME_BYTES_MAX = 256;

    /** Bytes of a text that may be a time; a longer one is none. */
    static final int TIME_BYTES_MAX = 64;

    /** Bytes of a list of log groups whose first one is looked for; a longer one is a field. */
    static final int LOG_GROUPS_BYTES_MAX = 8_192;

    /** Names whose meaning a parser keeps; that of further ones is worked out each time. */
    static final int NAMES_KEPT_MAX = 2_048;

    /** Characters of a wrong value that its error repeats; the rest is cut off. */
    static final int VALUE_SHOWN_MAX = 64;

    /** Events that are expected at most when a batch's first arrays are made. */
    static final int EXPECTED_EVENTS_MAX = 20_000;

    private Limits() {}
}
