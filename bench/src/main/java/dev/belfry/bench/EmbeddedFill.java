package dev.belfry.bench;

import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.model.EventBatch;
import dev.belfry.model.EventBatchBuilder;
import dev.belfry.model.FieldColumn;
import dev.belfry.model.FieldSpace;
import dev.belfry.model.ValueKind;
import dev.belfry.query.Engine;

/** How benches of the embedded engine fill it. */
final class EmbeddedFill {
    private EmbeddedFill() {}

    /** As a sender does: again when it is refused for now, since the store is behind. */
    static void append(Engine engine, EventBatch batch) throws InterruptedException {
        while (true) {
            try {
                engine.append(batch, "user:bench", null);
                return;
            } catch (BelfryException e) {
                if (e.code() != ErrorCode.OVERLOADED) {
                    throw e;
                }
                Thread.sleep(100);
            }
        }
    }

    /** A field of the event that is being built. */
    static void field(
            EventBatchBuilder batch, FieldSpace space, String key, ValueKind kind, String value) {
        FieldColumn.Builder field = batch.field(space, key);
        if (field != null) {
            field.add(batch.count(), kind, value);
        }
    }
}
