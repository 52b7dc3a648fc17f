package dev.belfry.receive.prepare;

import dev.belfry.model.EventBatch;
import dev.belfry.receive.Preparation;
import dev.belfry.receive.PreparationConfig;
import dev.belfry.receive.SourceRule;
import java.util.function.ObjIntConsumer;
import org.jspecify.annotations.Nullable;

/** Lifts messages, finds levels and traces, and redacts, in that order. */
public final class EventPreparation implements Preparation {
    private final PreparationConfig config;
    private final Traces traces = new Traces();
    private final @Nullable Redactor redactor;

    /**
     * Prepares by {@code config}.
     *
     * @param redactions is told of each batch how much of which kind was redacted; from many
     *     threads
     */
    public EventPreparation(PreparationConfig config, ObjIntConsumer<String> redactions) {
        this.config = config;
        boolean redacts = !config.redacted().isEmpty() || !config.rules().isEmpty();
        redactor = redacts ? new Redactor(config.redacted(), config.rules(), redactions) : null;
    }

    @Override
    public EventBatch prepare(EventBatch batch, SourceRule sources, Lifting lifting) {
        EventBatch prepared = config.lift() ? Lift.lift(batch, sources, lifting) : batch;
        prepared = config.levels() ? Levels.find(prepared) : prepared;
        prepared = config.traces() ? traces.find(prepared) : prepared;
        return redactor == null ? prepared : redactor.redact(prepared);
    }
}
