package dev.belfry.server.http;

/** An answer on its way to its client; safe for many threads. */
public interface Sending {
    /** For how long it has waited for its client to read, 0 when it does not wait. */
    long stalledNanos();

    /** Ends it, broken. */
    void giveUp();
}
