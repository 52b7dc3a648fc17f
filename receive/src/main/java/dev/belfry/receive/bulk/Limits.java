package dev.belfry.receive.bulk;

/** The bounds that are not for configuration. */
final class Limits {
    /** Bytes of a line with an action: its index, id and options are short; error of the whole. */
    static final int ACTION_BYTES_MAX = 16 << 10;

    private Limits() {}
}
