package dev.belfry.server.events;

import dev.belfry.model.BytesColumn;
import dev.belfry.model.Event;
import dev.belfry.model.EventBatch;
import dev.belfry.model.EventType;
import dev.belfry.model.FieldColumn;
import dev.belfry.model.FieldSpace;
import dev.belfry.server.http.JsonText;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One event of a batch, whole: what was just stored, before the store has it. */
final class BatchEvents {
    private BatchEvents() {}

    static Event event(EventBatch batch, int row, UUID id, long receivedMillis, String principal) {
        return new Event(
                id,
                EventType.of(batch.types()[row]),
                String.valueOf(batch.sources().text(row)),
                batch.messages().text(row),
                batch.levels().text(row),
                object(batch, FieldSpace.TAG, row),
                object(batch, FieldSpace.PAYLOAD, row),
                batch.timestampsNanos()[row],
                receivedMillis,
                principal,
                traceId(batch, row),
                spanId(batch, row),
                batch.severityNumbers() == null ? 0 : batch.severityNumbers()[row],
                batch.observedNanos() == null ? 0 : batch.observedNanos()[row],
                batch.flags() == null ? 0 : batch.flags()[row],
                batch.eventNames().text(row));
    }

    private static @Nullable String traceId(EventBatch batch, int row) {
        long[] ids = batch.traceIds();
        if (ids != null && (ids[2 * row] | ids[2 * row + 1]) != 0) {
            HexFormat hex = HexFormat.of();
            return hex.toHexDigits(ids[2 * row]) + hex.toHexDigits(ids[2 * row + 1]);
        }
        return own(batch, "trace_id", row);
    }

    private static @Nullable String spanId(EventBatch batch, int row) {
        long[] ids = batch.spanIds();
        if (ids != null && ids[row] != 0) {
            return HexFormat.of().toHexDigits(ids[row]);
        }
        return own(batch, "span_id", row);
    }

    private static @Nullable String own(EventBatch batch, String key, int row) {
        FieldColumn field = batch.field(FieldSpace.EVENT, key);
        if (field == null) {
            return null;
        }
        int index = Arrays.binarySearch(field.rows(), row);
        return index < 0 ? null : field.values().text(index);
    }

    private static String object(EventBatch batch, FieldSpace space, int row) {
        JsonText text = new JsonText(256).object();
        String rest = null;
        for (FieldColumn field : batch.fields()) {
            int index = field.space() == space ? Arrays.binarySearch(field.rows(), row) : -1;
            if (index < 0) {
                continue;
            }
            if (field.key().equals(FieldColumn.REST)) {
                rest = field.values().text(index);
            } else {
                write(text.name(field.key()), field, index);
            }
        }
        String members = text.endObject().toString();
        if (rest == null || rest.equals("{}")) {
            return members;
        }
        return members.equals("{}")
                ? rest
                : members.substring(0, members.length() - 1) + "," + rest.substring(1);
    }

    private static void write(JsonText text, FieldColumn field, int index) {
        BytesColumn values = field.values();
        switch (field.kind(index)) {
            case STRING -> text.text(values.text(index));
            case NUMBER, JSON -> text.raw(String.valueOf(values.text(index)));
            case TRUE -> text.truth(true);
            case FALSE -> text.truth(false);
            case NULL -> text.nothing();
        }
    }
}
