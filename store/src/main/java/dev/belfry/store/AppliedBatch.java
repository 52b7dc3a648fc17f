package dev.belfry.store;

import dev.belfry.model.EventBatch;

/**
 * A batch that the store has just made readable.
 *
 * @param batch the events
 * @param partition the journal's partition
 * @param baseOffset the journal offset of event 0; event {@code i} has {@code baseOffset + i}
 * @param receivedMillis when it was received, epoch milliseconds
 * @param principal who sent it
 */
public record AppliedBatch(
        EventBatch batch, int partition, long baseOffset, long receivedMillis, String principal) {}
