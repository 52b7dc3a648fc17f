package dev.belfry.journal;

/** The journal's fixed bounds; those that an operator sets are in {@link JournalConfig}. */
final class Limits {
    /** A body's size: protocols allow far less; it keeps lengths and positions in an int. */
    static final int BODY_BYTES_MAX = 256 << 20;

    /** Records of a frame: a frame must fit below its file's ceiling. */
    static final int RECORDS_MAX = 1 << 24;

    /** Offsets that a file reserves: more than 64 MiB of the smallest events; then a new file. */
    static final long CEILING_RECORDS = 1L << 28;

    /** A principal's size: it is an id with a prefix. */
    static final int PRINCIPAL_BYTES_MAX = 1024;

    /** The write buffer outside the heap: more than nearly all groups; larger ones take turns. */
    static final int WRITE_BUFFER_BYTES = 1 << 20;

    /** Up to this size a frame is small: it goes ahead of larger ones that wait. */
    static final int SMALL_FRAME_BYTES = 32 << 10;

    /** How much of a damaged range one copy in quarantine holds, and all copies together. */
    static final long QUARANTINE_BYTES_MAX = 1L << 30;

    /** Zeros that a file grows by at most, ahead of what is written: a dozen larger groups. */
    static final long ROOM_AHEAD_BYTES = 256 << 10;

    /** How many of them are written at once. */
    static final int ZEROS_BYTES = 64 << 10;

    /** Reports of damage that are kept in memory; later ones are only counted and logged. */
    static final int DAMAGES_MAX = 1000;

    /** How often a full disk is looked at again. */
    static final long FULL_CHECK_MILLIS = 200;

    /** How much is written, or how long, between two looks at the disk's room. */
    static final long ROOM_CHECK_BYTES = 4 << 20;

    static final long ROOM_CHECK_MILLIS = 1000;

    /**
     * Frames that all readers have seen stay in memory up to this, for one that begins near the
     * end.
     */
    static final long TAIL_SEEN_BYTES = 1 << 20;

    /** Trimming deletes even the newest file when all of it is read and it has this size. */
    static final long TRIM_LAST_BYTES_MIN = 1 << 20;

    /** Files of idempotency keys before they are merged into one. */
    static final int KEY_FILES_MAX = 16;

    /** Forces that fail one after the other, each on a new file, before writes stop. */
    static final int FAILED_FORCES_MAX = 2;

    private Limits() {}
}
