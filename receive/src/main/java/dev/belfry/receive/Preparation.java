package dev.belfry.receive;

import dev.belfry.model.EventBatch;
import dev.belfry.receive.prepare.EventPreparation;
import java.util.function.ObjIntConsumer;

/** What is done to every batch between decoding and the journal; safe for many threads. */
@FunctionalInterface
public interface Preparation {
    /**
     * What {@code config} says.
     *
     * @param redactions is told of each batch how much of which kind was redacted; from many
     *     threads
     */
    static Preparation of(PreparationConfig config, ObjIntConsumer<String> redactions) {
        return new EventPreparation(config, redactions);
    }

    /** Nothing. */
    Preparation NONE = (batch, _, _) -> batch;

    /** What becomes of an event whose message is a document. */
    enum Lifting {
        /** The event that the document is on its own: it has other fields where it says so. */
        REPLACES,
        /**
         * The event as it was sent, with what the document has and it has not. Its message, time
         * and type stay, and so do its source, level and trace where it has them.
         */
        ADDS
    }

    /** As below with {@link Lifting#REPLACES}. */
    default EventBatch prepare(EventBatch batch, SourceRule sources) {
        return prepare(batch, sources, Lifting.REPLACES);
    }

    /**
     * The batch to keep: {@code batch} itself where nothing is to change, else another with the
     * same number of events in the same order.
     *
     * @param sources which sources the sender may write
     */
    EventBatch prepare(EventBatch batch, SourceRule sources, Lifting lifting);
}
