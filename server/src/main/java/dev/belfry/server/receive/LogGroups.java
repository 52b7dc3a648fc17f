package dev.belfry.server.receive;

import dev.belfry.model.BytesColumn;
import dev.belfry.model.EventBatch;
import dev.belfry.model.FieldColumn;
import dev.belfry.model.FieldSpace;
import dev.belfry.model.ValueKind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The log group of events that name none: the one of the key that they came by. */
final class LogGroups {
    private static final String TAG = "log_group";

    private LogGroups() {}

    /** {@code batch} where each event has a log group; {@code group} null: as it is. */
    static EventBatch filled(EventBatch batch, @Nullable String group) {
        if (group == null || batch.count() == 0) {
            return batch;
        }
        FieldColumn given = batch.field(FieldSpace.TAG, TAG);
        if (given != null && given.count() == batch.count()) {
            return batch;
        }
        List<FieldColumn> fields = new ArrayList<>(batch.fields());
        fields.remove(given);
        fields.add(column(batch.count(), given, group));
        return batch.with(batch.messages(), fields);
    }

    private static FieldColumn column(int count, @Nullable FieldColumn given, String group) {
        FieldColumn.Builder builder = new FieldColumn.Builder(FieldSpace.TAG, TAG, count);
        int next = 0;
        for (int row = 0; row < count; row++) {
            if (given != null && next < given.count() && given.rows()[next] == row) {
                BytesColumn values = given.values();
                builder.add(
                        row,
                        given.kind(next),
                        values.data(),
                        values.start(next),
                        values.length(next));
                next++;
            } else {
                builder.add(row, ValueKind.STRING, group);
            }
        }
        return builder.build();
    }
}
