package dev.belfry.receive.datadog;

/** The bounds that are not for configuration. */
final class Limits {
    /** Characters of a name that may be an event's source; a longer one is only a tag. */
    static final int SOURCE_CHARACTERS_MAX = 255;

    /** Bytes of {@code ddtags}; longer ones are passed over. */
    static final int TAGS_BYTES_MAX = 64 << 10;

    /** Tags of one log; those behind stay together in the last. */
    static final int TAGS_MAX = 256;

    private Limits() {}
}
