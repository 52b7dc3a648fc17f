package dev.belfry.receive;

import dev.belfry.model.EventBatch;

/** What is done to every batch between decoding and the journal; safe for many threads. */
@FunctionalInterface
public interface Preparation {
    /** Nothing. */
    Preparation NONE = batch -> batch;

    /**
     * The batch to keep: {@code batch} itself where nothing is to change, else another with the
     * same number of events in the same order.
     */
    EventBatch prepare(EventBatch batch);
}
