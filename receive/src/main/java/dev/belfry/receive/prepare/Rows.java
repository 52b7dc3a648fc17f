package dev.belfry.receive.prepare;

import dev.belfry.model.BytesColumn;
import dev.belfry.model.EventBatch;
import dev.belfry.model.EventBatchBuilder;
import dev.belfry.model.EventType;
import dev.belfry.model.FieldColumn;
import dev.belfry.model.FieldSpace;
import dev.belfry.model.ValueKind;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Puts rows of one batch at the place of rows of another. */
final class Rows {
    /** What the name of a lifted field begins with where the event has another one of its name. */
    private static final String COLLISION = "message.";

    private record Place(FieldSpace space, String key) {}

    private record Pair(@Nullable FieldColumn outer, @Nullable FieldColumn inner) {}

    private Rows() {}

    /** Sets all columns of {@code row} but its source and severity number. */
    static void silent(EventBatch batch, int row, EventBatchBuilder builder) {
        builder.type(EventType.of(batch.types()[row]));
        builder.timestampNanos(batch.timestampsNanos()[row]);
        BytesColumn messages = batch.messages();
        if (!messages.isNull(row)) {
            builder.message(messages.data(), messages.start(row), messages.length(row));
        }
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
        Map<Place, Pair> pairs = pairs(batch, lifted);
        long perSpace = 0;
        for (FieldSpace space : FieldSpace.values()) {
            perSpace =
                    Math.max(
                            perSpace,
                            pairs.keySet().stream().filter(place -> place.space == space).count());
        }
        if (perSpace * 2 >= EventBatchBuilder.KEYS_MAX) {
            return batch;
        }
        EventBatchBuilder builder = new EventBatchBuilder(batch.count(), Long.MAX_VALUE);
        int next = 0;
        for (int row = 0; row < batch.count(); row++) {
            boolean inner = next < rows.length && rows[next] == row;
            int index = inner ? next : row;
            EventBatch from = inner ? lifted : batch;
            silent(from, index, builder);
            BytesColumn sources = inner && !refused[next] ? lifted.sources() : batch.sources();
            int at = inner && !refused[next] ? next : row;
            builder.source(sources.data(), sources.start(at), sources.length(at));
            if (from.severityNumbers() != null) {
                builder.severityNumber(from.severityNumbers()[index]);
            }
            builder.commit();
            next += inner ? 1 : 0;
        }
        pairs.forEach((place, pair) -> add(place, pair, rows, builder));
        for (int index = 0; index < rows.length; index++) {
            if (refused[index]) {
                Objects.requireNonNull(builder.field(Lift.REFUSED_SPACE, Lift.REFUSED_SOURCE))
                        .add(
                                rows[index],
                                ValueKind.STRING,
                                String.valueOf(lifted.sources().text(index)));
            }
        }
        return builder.build();
    }

    private static Map<Place, Pair> pairs(EventBatch batch, EventBatch lifted) {
        Map<Place, Pair> pairs = new LinkedHashMap<>();
        for (FieldColumn field : batch.fields()) {
            pairs.put(new Place(field.space(), field.key()), new Pair(field, null));
        }
        for (FieldColumn field : lifted.fields()) {
            pairs.merge(
                    new Place(field.space(), field.key()),
                    new Pair(null, field),
                    (outer, inner) -> new Pair(outer.outer, inner.inner));
        }
        return pairs;
    }

    private static void add(Place place, Pair pair, int[] rows, EventBatchBuilder builder) {
        FieldColumn.Builder target = Objects.requireNonNull(builder.field(place.space, place.key));
        FieldColumn outer = pair.outer;
        FieldColumn inner = pair.inner;
        int outerCount = outer == null ? 0 : outer.count();
        int innerCount = inner == null ? 0 : inner.count();
        int first = 0;
        int second = 0;
        while (first < outerCount || second < innerCount) {
            int outerRow =
                    outer != null && first < outerCount ? outer.rows()[first] : Integer.MAX_VALUE;
            int innerRow =
                    inner != null && second < innerCount
                            ? rows[inner.rows()[second]]
                            : Integer.MAX_VALUE;
            if (outer != null && inner != null && outerRow == innerRow) {
                both(place, outer, first++, inner, second++, outerRow, builder, target);
            } else if (outer != null && outerRow < innerRow) {
                copy(outer, first++, outerRow, target);
            } else if (inner != null) {
                copy(inner, second++, innerRow, target);
            }
        }
    }

    private static void copy(FieldColumn field, int index, int row, FieldColumn.Builder target) {
        BytesColumn values = field.values();
        target.add(
                row, field.kind(index), values.data(), values.start(index), values.length(index));
    }

    /* What the event came with stays; what the message has under the same name gets another one. */
    private static void both(
            Place place,
            FieldColumn outer,
            int outerIndex,
            FieldColumn inner,
            int innerIndex,
            int row,
            EventBatchBuilder builder,
            FieldColumn.Builder target) {
        if (place.key.equals(FieldColumn.REST)) {
            String left = new String(outer.values().bytes(outerIndex), StandardCharsets.UTF_8);
            String right = new String(inner.values().bytes(innerIndex), StandardCharsets.UTF_8);
            String joined =
                    left.substring(0, left.lastIndexOf('}'))
                            + ","
                            + right.substring(right.indexOf('{') + 1);
            target.add(row, ValueKind.JSON, joined);
            return;
        }
        copy(outer, outerIndex, row, target);
        boolean same =
                outer.kind(outerIndex) == inner.kind(innerIndex)
                        && Arrays.equals(
                                outer.values().bytes(outerIndex), inner.values().bytes(innerIndex));
        FieldColumn.Builder other =
                same || place.space == FieldSpace.EVENT
                        ? null
                        : builder.field(place.space, COLLISION + place.key);
        if (other != null) {
            copy(inner, innerIndex, row, other);
        }
    }
}
