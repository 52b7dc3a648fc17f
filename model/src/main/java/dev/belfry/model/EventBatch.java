package dev.belfry.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One decoded request's events as columns; immutable, the arrays are shared and nobody may write to
 * them.
 *
 * @param count how many events there are, the length of every column below
 * @param types {@link EventType} ordinals
 * @param timestampsNanos event times, epoch nanoseconds
 * @param sources never null in it
 * @param messages null where there is none
 * @param levels the severity text as sent, null where there is none
 * @param eventNames OTLP's event name, null where there is none
 * @param traceIds two longs an event, high then low; both 0 where there is none; {@code long[2 *
 *     count]}, or null when no event has one
 * @param spanIds one long an event, 0 where there is none; null when no event has one
 * @param severityNumbers 0–24, 0 where unset; null when no event has one
 * @param observedNanos epoch nanoseconds, 0 where unset; null when no event has one
 * @param flags OTLP's flags, 0 where unset; null when no event has any
 * @param fields tags and payload members, each key of each space at most once
 */
public record EventBatch(
        int count,
        byte[] types,
        long[] timestampsNanos,
        BytesColumn sources,
        BytesColumn messages,
        BytesColumn levels,
        BytesColumn eventNames,
        long @Nullable [] traceIds,
        long @Nullable [] spanIds,
        byte @Nullable [] severityNumbers,
        long @Nullable [] observedNanos,
        int @Nullable [] flags,
        List<FieldColumn> fields) {

    public EventBatch {
        fields = List.copyOf(fields);
    }

    /** The field {@code key} of {@code space}, or null when no event of the batch has it. */
    public @Nullable FieldColumn field(FieldSpace space, String key) {
        for (FieldColumn field : fields) {
            if (field.space() == space && field.key().equals(key)) {
                return field;
            }
        }
        return null;
    }

    /** The same events with other messages and fields. */
    public EventBatch with(BytesColumn otherMessages, List<FieldColumn> otherFields) {
        return new EventBatch(
                count,
                types,
                timestampsNanos,
                sources,
                otherMessages,
                levels,
                eventNames,
                traceIds,
                spanIds,
                severityNumbers,
                observedNanos,
                flags,
                otherFields);
    }

    /** The same events with other levels. */
    public EventBatch withLevels(BytesColumn otherLevels) {
        return new EventBatch(
                count,
                types,
                timestampsNanos,
                sources,
                messages,
                otherLevels,
                eventNames,
                traceIds,
                spanIds,
                severityNumbers,
                observedNanos,
                flags,
                fields);
    }

    /** The same events with other trace and span ids. */
    public EventBatch withTraces(long[] otherTraceIds, long[] otherSpanIds) {
        return new EventBatch(
                count,
                types,
                timestampsNanos,
                sources,
                messages,
                levels,
                eventNames,
                otherTraceIds,
                otherSpanIds,
                severityNumbers,
                observedNanos,
                flags,
                fields);
    }
}
