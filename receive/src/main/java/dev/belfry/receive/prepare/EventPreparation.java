package dev.belfry.receive.prepare;

import dev.belfry.model.EventBatch;
import dev.belfry.receive.Preparation;
import dev.belfry.receive.PreparationConfig;
import java.util.function.ObjIntConsumer;
import org.jspecify.annotations.Nullable;

/** Finds levels and traces, lifts messages, and redacts, in that order. */
public final class EventPreparation implements Preparation {
    private final @Nullable Redactor redactor;

    /**
     * Prepares by {@code config}.
     *
     * @param redactions is told of each batch how much of which kind was redacted; from many
     *     threads
     */
    public EventPreparation(PreparationConfig config, ObjIntConsumer<String> redactions) {
        boolean redacts = !config.redacted().isEmpty() || !config.rules().isEmpty();
        redactor = redacts ? new Redactor(config.redacted(), config.rules(), redactions) : null;
    }

    @Override
    public EventBatch prepare(EventBatch batch) {
        return redactor == null ? batch : redactor.redact(batch);
    }
}
