package dev.belfry.metadata;

import java.time.Duration;

/** Every bound of this module, why it is that number, and what happens at it. */
final class Limits {
    /** SQLite connections that read at once: more than two cores can use; others wait. */
    static final int SQLITE_READERS_MAX = 4;

    /** How long a connection waits for another process's lock on the SQLite file, then fails. */
    static final Duration SQLITE_BUSY = Duration.ofSeconds(5);

    /** How long a caller waits for a connection of the pool, then gets {@code OVERLOADED}. */
    static final Duration CONNECTION_WAIT = Duration.ofSeconds(5);

    /** Above this size the file is not checked whole at the start: it would cost the start time. */
    static final long QUICK_CHECK_MAX_BYTES = 32L << 20;

    /** A connection is renewed after this time, so that a PostgreSQL fail-over is followed. */
    static final Duration CONNECTION_LIFETIME = Duration.ofMinutes(15);

    /** One statement on PostgreSQL may take this long, then it is cancelled. */
    static final Duration STATEMENT_TIME = Duration.ofSeconds(30);

    private Limits() {}
}
