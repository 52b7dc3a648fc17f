package dev.belfry.receive;

import dev.belfry.model.EventBatch;
import dev.belfry.receive.fluent.ForwardReader;
import org.jspecify.annotations.Nullable;

/** Collects messages of Fluent's forward protocol into a batch; for one thread, used once. */
public final class FluentMessages {
    private final ForwardReader reader;

    /** Takes batches that are full before the message is at its end. */
    @FunctionalInterface
    public interface Full {
        /** Appends {@code batch}, decoded from about {@code bytes}. */
        void take(EventBatch batch, long bytes);
    }

    /**
     * An empty batch.
     *
     * @param source of records that name none; null: their tag
     * @param inflatedBytesMax what the records of a compressed message may inflate to
     * @param nowNanos the time of records that have none, epoch nanoseconds
     * @param sources what the sender may write
     * @param rowsMax how many records a batch has at most
     * @param full takes each batch but the last
     */
    public FluentMessages(
            @Nullable String source,
            int inflatedBytesMax,
            long nowNanos,
            SourceRule sources,
            int rowsMax,
            Full full) {
        reader =
                new ForwardReader(source, inflatedBytesMax, nowNanos, sources, rowsMax, full::take);
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

    /** How many records are in the batch now. */
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
