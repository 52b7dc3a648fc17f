package dev.belfry.receive.prepare;

import dev.belfry.model.BytesColumn;
import dev.belfry.model.EventBatch;
import dev.belfry.model.EventBatchBuilder;
import dev.belfry.model.EventRows;
import dev.belfry.model.EventType;
import dev.belfry.model.FieldColumn;
import dev.belfry.model.FieldSpace;
import dev.belfry.model.ValueKind;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Puts rows of one batch at the place of rows of another. */
final class Rows {
    /** What the name of a lifted field begins with where the event has another one of its name. */
    private static final String COLLISION = "message.";

    private record Place(FieldSpace space, String key) {}

    private Rows() {}

    /** Sets all columns of {@code row} but its source and severity number. */
    static void silent(EventBatch batch, int row, EventBatchBuilder builder) {
        message(batch, row, builder);
        silentButMessage(batch, row, builder);
    }

    /** Sets the message of {@code row}. */
    static void message(EventBatch batch, int row, EventBatchBuilder builder) {
        BytesColumn messages = batch.messages();
        if (!messages.isNull(row)) {
            builder.message(messages.data(), messages.start(row), messages.length(row));
        }
    }

    /** Sets all columns of {@code row} but its source, message and severity number. */
    static void silentButMessage(EventBatch batch, int row, EventBatchBuilder builder) {
        builder.type(EventType.of(batch.types()[row]));
        builder.timestampNanos(batch.timestampsNanos()[row]);
        BytesColumn levels = batch.levels();
        if (!levels.isNull(row)) {
            builder.level(levels.data(), levels.start(row), levels.length(row));
        }
        String name = batch.eventNames().text(row);
        if (name != null) {
            builder.eventName(name);
        }
        long[] traces = batch.traceIds();
        if (traces != null && (traces[2 * row] | traces[2 * row + 1]) != 0) {
            builder.traceId(traces[2 * row], traces[2 * row + 1]);
        }
        long[] spans = batch.spanIds();
        if (spans != null && spans[row] != 0) {
            builder.spanId(spans[row]);
        }
        long[] observed = batch.observedNanos();
        if (observed != null) {
            builder.observedNanos(observed[row]);
        }
        int[] flags = batch.flags();
        if (flags != null) {
            builder.flags(flags[row]);
        }
    }

    /**
     * The batch with the rows of {@code lifted} at {@code rows}, ascending; fields of both stay.
     *
     * @param refused whether a row keeps its old source
     */
    static EventBatch replaced(EventBatch batch, EventBatch lifted, int[] rows, boolean[] refused) {
        if (mayHaveTooManyKeys(batch, lifted)) {
            return batch;
        }
        boolean all = rows.length == batch.count();
        boolean anyRefused = false;
        for (boolean one : refused) {
            anyRefused |= one;
        }
        EventBatch base =
                all && !anyRefused ? lifted : EventRows.replaced(batch, lifted, rows, refused);
        Map<Place, FieldColumn> fields = new LinkedHashMap<>();
        for (FieldColumn field : batch.fields()) {
            fields.put(new Place(field.space(), field.key()), field);
        }
        for (FieldColumn field : lifted.fields()) {
            add(fields, all ? field : at(rows, field));
        }
        if (anyRefused) {
            add(fields, refusedSources(lifted, rows, refused));
        }
        return base.with(base.messages(), List.copyOf(fields.values()));
    }

    private static boolean mayHaveTooManyKeys(EventBatch batch, EventBatch lifted) {
        int[] keys = new int[FieldSpace.values().length];
        batch.fields().forEach(field -> keys[field.space().ordinal()]++);
        lifted.fields().forEach(field -> keys[field.space().ordinal()]++);
        for (int count : keys) {
            if (count * 2 >= EventBatchBuilder.KEYS_MAX) {
                return true;
            }
        }
        return false;
    }

    private static FieldColumn at(int[] rows, FieldColumn field) {
        int[] places = new int[field.count()];
        for (int index = 0; index < places.length; index++) {
            places[index] = rows[field.rows()[index]];
        }
        return new FieldColumn(field.space(), field.key(), places, field.kinds(), field.values());
    }

    private static FieldColumn refusedSources(EventBatch lifted, int[] rows, boolean[] refused) {
        FieldColumn.Builder builder =
                new FieldColumn.Builder(Lift.REFUSED_SPACE, Lift.REFUSED_SOURCE, rows.length);
        for (int index = 0; index < rows.length; index++) {
            if (refused[index]) {
                builder.add(
                        rows[index],
                        ValueKind.STRING,
                        String.valueOf(lifted.sources().text(index)));
            }
        }
        return builder.build();
    }

    /* What the event came with stays; what the message has under the same name gets another one. */
    private static void add(Map<Place, FieldColumn> fields, FieldColumn inner) {
        Place place = new Place(inner.space(), inner.key());
        FieldColumn outer = fields.putIfAbsent(place, inner);
        if (outer == null || hasAll(outer, inner)) {
            return;
        }
        FieldColumn.Builder target =
                new FieldColumn.Builder(place.space, place.key, outer.count() + inner.count());
        String collision = COLLISION + place.key;
        while (fields.containsKey(new Place(place.space, collision))) {
            collision = COLLISION + collision;
        }
        FieldColumn.Builder other = new FieldColumn.Builder(place.space, collision, 8);
        int first = 0;
        int second = 0;
        while (first < outer.count() || second < inner.count()) {
            int outerRow = first < outer.count() ? outer.rows()[first] : Integer.MAX_VALUE;
            int innerRow = second < inner.count() ? inner.rows()[second] : Integer.MAX_VALUE;
            if (outerRow == innerRow) {
                both(outer, first++, inner, second++, target, other);
            } else if (outerRow < innerRow) {
                copy(outer, first++, target);
            } else {
                copy(inner, second++, target);
            }
        }
        fields.put(place, target.build());
        if (other.count() > 0) {
            fields.put(new Place(place.space, collision), other.build());
        }
    }

    /* Whether what the message says is what the event came with. */
    private static boolean hasAll(FieldColumn outer, FieldColumn inner) {
        if (outer.key().equals(FieldColumn.REST)) {
            return false;
        }
        int at = 0;
        for (int index = 0; index < inner.count(); index++) {
            while (at < outer.count() && outer.rows()[at] < inner.rows()[index]) {
                at++;
            }
            if (at == outer.count()
                    || outer.rows()[at] != inner.rows()[index]
                    || !isSame(outer, at, inner, index)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isSame(
            FieldColumn outer, int outerIndex, FieldColumn inner, int innerIndex) {
        BytesColumn left = outer.values();
        BytesColumn right = inner.values();
        return outer.kinds()[outerIndex] == inner.kinds()[innerIndex]
                && Arrays.equals(
                        left.data(),
                        left.start(outerIndex),
                        left.end(outerIndex),
                        right.data(),
                        right.start(innerIndex),
                        right.end(innerIndex));
    }

    private static void copy(FieldColumn field, int index, FieldColumn.Builder target) {
        BytesColumn values = field.values();
        target.add(
                field.rows()[index],
                field.kind(index),
                values.data(),
                values.start(index),
                values.length(index));
    }

    private static void both(
            FieldColumn outer,
            int outerIndex,
            FieldColumn inner,
            int innerIndex,
            FieldColumn.Builder target,
            FieldColumn.Builder other) {
        if (outer.key().equals(FieldColumn.REST)) {
            String left = new String(outer.values().bytes(outerIndex), StandardCharsets.UTF_8);
            String right = new String(inner.values().bytes(innerIndex), StandardCharsets.UTF_8);
            String joined =
                    left.substring(0, left.lastIndexOf('}'))
                            + ","
                            + right.substring(right.indexOf('{') + 1);
            target.add(outer.rows()[outerIndex], ValueKind.JSON, joined);
            return;
        }
        copy(outer, outerIndex, target);
        if (!isSame(outer, outerIndex, inner, innerIndex) && outer.space() != FieldSpace.EVENT) {
            copy(inner, innerIndex, other);
        }
    }
}
