package dev.belfry.receive.json;

/** The bounds that are not for configuration. */
final class Limits {
    /** Characters of a source, as the seeds' table has it; more is an error of the item. */
    static final int SOURCE_CHARACTERS_MAX = 255;

    /** Characters of a level, as the seeds' table has it; more is an error of the item. */
    static final int LEVEL_CHARACTERS_MAX = 50;

    /** Levels of arrays and objects in an event, so that no reader needs a deep stack; error. */
    static final int DEPTH_MAX = 64;

    /** Members of a flat log line beyond the known ones, so that its bounds stay small; error. */
    static final int FLAT_MEMBERS_MAX = 10_000;

    /** Characters of a wrong value that its error repeats; the rest is cut off. */
    static final int VALUE_SHOWN_MAX = 64;

    /** Events that are expected at most when a batch's first arrays are made. */
    static final int EXPECTED_EVENTS_MAX = 20_000;

    private Limits() {}
}
