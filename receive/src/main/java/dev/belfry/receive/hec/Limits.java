package dev.belfry.receive.hec;

/** The bounds that are not for configuration. */
final class Limits {
    /** Characters of a name that may be an event's source; a longer one is only a tag. */
    static final int SOURCE_CHARACTERS_MAX = 255;

    /** Bytes of a name or time beside an event; a longer one is passed over. */
    static final int METADATA_BYTES_MAX = 4_096;

    private Limits() {}
}
