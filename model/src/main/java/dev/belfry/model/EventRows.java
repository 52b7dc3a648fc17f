package dev.belfry.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts rows of one batch at the place of rows of another. */
public final class EventRows {
    private EventRows() {}

    /**
     * All columns of {@code batch} but its fields, with the rows of {@code others} at {@code rows},
     * ascending.
     *
     * @param keepsSource whether a row keeps the source that it has in {@code batch}
     */
    public static EventBatch replaced(
            EventBatch batch, EventBatch others, int[] rows, boolean[] keepsSource) {
        int count = batch.count();
        byte[] types = batch.types().clone();
        for (int index = 0; index < rows.length; index++) {
            types[rows[index]] = others.types()[index];
        }
        long[] timestamps = batch.timestampsNanos().clone();
        for (int index = 0; index < rows.length; index++) {
            timestamps[rows[index]] = others.timestampsNanos()[index];
        }
        boolean[] none = new boolean[rows.length];
        return new EventBatch(
                count,
                types,
                timestamps,
                column(batch.sources(), others.sources(), rows, keepsSource),
                column(batch.messages(), others.messages(), rows, none),
                column(batch.levels(), others.levels(), rows, none),
                column(batch.eventNames(), others.eventNames(), rows, none),
                longs(batch.traceIds(), others.traceIds(), rows, 2 * count, 2),
                longs(batch.spanIds(), others.spanIds(), rows, count, 1),
                bytes(batch.severityNumbers(), others.severityNumbers(), rows, count),
                longs(batch.observedNanos(), others.observedNanos(), rows, count, 1),
                ints(batch.flags(), others.flags(), rows, count),
                List.of());
    }

    private static BytesColumn column(
            BytesColumn outer, BytesColumn inner, int[] rows, boolean[] kept) {
        BytesColumn.Builder builder =
                new BytesColumn.Builder(outer.count(), outer.sizeBytes() + inner.sizeBytes());
        int next = 0;
        for (int index = 0; index < rows.length; index++) {
            if (!kept[index]) {
                builder.add(outer, next, rows[index]);
                builder.add(inner, index, index + 1);
                next = rows[index] + 1;
            }
        }
        builder.add(outer, next, outer.count());
        return builder.build();
    }

    private static long @Nullable [] longs(
            long @Nullable [] outer, long @Nullable [] inner, int[] rows, int length, int each) {
        if (outer == null && inner == null) {
            return null;
        }
        long[] values = outer == null ? new long[length] : outer.clone();
        for (int index = 0; index < each * rows.length; index++) {
            values[each * rows[index / each] + index % each] = inner == null ? 0 : inner[index];
        }
        return values;
    }

    private static int @Nullable [] ints(
            int @Nullable [] outer, int @Nullable [] inner, int[] rows, int length) {
        if (outer == null && inner == null) {
            return null;
        }
        int[] values = outer == null ? new int[length] : outer.clone();
        for (int index = 0; index < rows.length; index++) {
            values[rows[index]] = inner == null ? 0 : inner[index];
        }
        return values;
    }

    private static byte @Nullable [] bytes(
            byte @Nullable [] outer, byte @Nullable [] inner, int[] rows, int length) {
        if (outer == null && inner == null) {
            return null;
        }
        byte[] values = outer == null ? new byte[length] : outer.clone();
        for (int index = 0; index < rows.length; index++) {
            values[rows[index]] = inner == null ? 0 : inner[index];
        }
        return values;
    }
}
