package dev.belfry.store.sql;

import dev.belfry.journal.JournalConfig;

/** The bounds of this package that nobody configures. */
final class Limits {
    /* A query that people write is far below; the parser's tree takes a hundred times its text. */
    static final int TEXT_MAX = 64 * 1024;

    /* How often a query looks whether its time is over or its client has left. */
    static final long WATCH_MILLIS = 20;

    /*
     * Fields with columns of their own in the table; the members of all others stand in tags and
     * payload only. A wider table takes longer to bind than most queries to run.
     */
    static final int FIELDS_MAX = 500;

    /* Calls of samples() in a query: each is read ahead of it. */
    static final int SAMPLE_CALLS_MAX = 16;

    /*
     * Samples of a row of the table in which they lie for a query: DuckDB reads 2048 rows at once, 2 MiB of each column.
     * And samples of rows that DuckDB does not count yet.
     */
    static final int SAMPLES_AT_ONCE = 128;
    static final int SAMPLES_WAITING = 1 << 16;

    /* Levels of lists and structs in a result that become JSON; below them is text. */
    static final int NESTING_MAX = 100;

    /* An interrupted query ends within milliseconds; one that does not is left to its thread. */
    static final long GIVE_UP_SECONDS = 10;

    /* DuckDB parses and plans by recursion, up to a depth of a thousand; it has 8 MiB in its own threads. */
    static final long STACK_BYTES = 16L << 20;

    /* What is shown of DuckDB's message: its first line, which may hold a value. */
    static final int MESSAGE_MAX = 500;

    /* What the journal keeps free, DuckDB's library (72 MB), unpacked by the first query, and a margin. */
    static final long UNPACKING_ROOM_BYTES = JournalConfig.USABLE_BYTES_MIN + (112L << 20);

    private Limits() {}
}
