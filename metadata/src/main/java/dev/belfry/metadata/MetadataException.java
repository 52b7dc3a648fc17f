package dev.belfry.metadata;

import org.jspecify.annotations.Nullable;

/**
 * The metadata cannot be opened; the message is one line for the person who starts Belfry, names
 * the place without its password, and says what to do.
 */
public final class MetadataException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    MetadataException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** Which of the ways to fail it is. */
    public Reason reason() {
        return reason;
    }

    /** The ways in which opening can fail. */
    public enum Reason {
        /** {@code DATABASE_URL} is malformed. */
        BAD_URL,
        /** No server answers, or it refuses us. */
        UNREACHABLE,
        /** Another process holds the SQLite file. */
        LOCKED,
        /** The SQLite file is damaged or is not one. */
        CORRUPT,
        /** The schema was written by a newer Belfry. */
        SCHEMA_TOO_NEW,
        /** A migration failed; the database is as it was before it. */
        MIGRATION_FAILED,
        /** The SQLite file cannot be read or written: rights, disk. */
        NO_ACCESS
    }
}
