package dev.belfry.journal;

/** When an append is answered. */
public enum SyncPolicy {
    /** When its bytes are forced to disk. */
    ALWAYS,
    /**
     * When its bytes are handed to the operating system, which are forced every {@link
     * JournalConfig#syncInterval()}: a crash of the machine loses what came since.
     */
    INTERVAL
}
