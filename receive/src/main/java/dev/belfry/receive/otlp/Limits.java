package dev.belfry.receive.otlp;

/** The bounds that are not for configuration. */
final class Limits {
    /** Arrays and maps in one value, so that no reader needs a deep stack; error of the record. */
    static final int DEPTH_MAX = 64;

    /** Characters of a severity text, as of every level; more is an error of the record. */
    static final int LEVEL_CHARACTERS_MAX = 50;

    private Limits() {}
}
