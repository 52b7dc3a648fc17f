package dev.belfry.receive;

import dev.belfry.model.EventBatch;
import dev.belfry.receive.fluent.ForwardReader;
import org.jspecify.annotations.Nullable;

/** Collects messages of Fluent's forward protocol into a batch; for one thread, used once. */
public final class FluentMessages {
    private final ForwardReader reader;

    /**
     * An empty batch.
     *
     * @param source of records that name none; null: their tag
     * @param inflatedBytesMax what the records of a compressed message may inflate to
     * @param nowNanos the time of records that have none, epoch nanoseconds
     * @param sources what the sender may write
     */
    public FluentMessages(
            @Nullable String source, int inflatedBytesMax, long nowNanos, SourceRule sources) {
        reader = new ForwardReader(source, inflatedBytesMax, nowNanos, sources);
    }

    /**
     * Adds the message {@code data[from .. to)}: a tag with a time and a record, an array of them,
     * or them packed or compressed.
     *
     * @return the chunk to acknowledge when the batch is durable, or null
     * @throws FluentException when it is none
     * @throws dev.belfry.model.BelfryException TOO_LARGE, VALIDATION_ERROR of what is compressed
     */
    public @Nullable String add(byte[] data, int from, int to) {
        return reader.read(data, from, to);
    }

    /** How many records were taken by now. */
    public int count() {
        return reader.count();
    }

    /** How many records were not taken: no log document, too large, or of a refused source. */
    public int refused() {
        return reader.refused();
    }

    /** The batch; this must not be used after. */
    public EventBatch build() {
        return reader.build();
    }
}
