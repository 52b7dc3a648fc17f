package dev.belfry.metadata;

/**
 * Told about every use of the database, for metrics; called on the user's thread, must be quick.
 */
public interface MetadataObserver {
    /** Does nothing. */
    MetadataObserver NONE =
            new MetadataObserver() {
                @Override
                public void used(long durationNanos, boolean succeeded) {}

                @Override
                public void connectionFailed() {}
            };

    /** One read or one transaction has ended. */
    void used(long durationNanos, boolean succeeded);

    /** No connection could be had. */
    void connectionFailed();
}
