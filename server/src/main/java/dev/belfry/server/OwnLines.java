package dev.belfry.server;

import dev.belfry.model.EventBatch;
import dev.belfry.model.EventBatchBuilder;
import dev.belfry.model.EventType;
import dev.belfry.model.FieldColumn;
import dev.belfry.model.FieldSpace;
import dev.belfry.model.ValueKind;
import dev.belfry.server.logging.Line;
import java.util.List;
import java.util.Map;

/** Lines of Belfry's own log as events. */
final class OwnLines {
    /** Who sends them. */
    static final String PRINCIPAL = "system:belfry";

    private OwnLines() {}

    static EventBatch batch(List<Line> lines) {
        EventBatchBuilder builder = new EventBatchBuilder(lines.size());
        for (Line line : lines) {
            builder.type(EventType.LOG);
            builder.timestampNanos(line.epochNanos());
            builder.source(line.source());
            builder.level(line.level().text());
            builder.message(line.message());
            put(builder, FieldSpace.TAG, "log_group", line.group());
            put(builder, FieldSpace.TAG, "logger", line.logger());
            for (Map.Entry<String, Object> tag : line.tags().entrySet()) {
                put(builder, FieldSpace.TAG, tag.getKey(), tag.getValue());
            }
            if (line.failure() != null) {
                put(builder, FieldSpace.PAYLOAD, "stack_trace", line.failure());
            }
            builder.commit();
        }
        return builder.build();
    }

    private static void put(EventBatchBuilder builder, FieldSpace space, String key, Object value) {
        FieldColumn.Builder field = builder.field(space, key);
        if (field == null) {
            return;
        }
        if (value instanceof Boolean truth) {
            field.add(builder.count(), truth ? ValueKind.TRUE : ValueKind.FALSE, "");
        } else {
            ValueKind kind = value instanceof Number ? ValueKind.NUMBER : ValueKind.STRING;
            field.add(builder.count(), kind, value.toString());
        }
    }
}
