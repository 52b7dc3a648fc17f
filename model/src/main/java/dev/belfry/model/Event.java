package dev.belfry.model;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One stored event, whole.
 *
 * @param id the id that the journal gave
 * @param type one of the four types
 * @param source who sent it, never empty
 * @param message null when there is none
 * @param level the severity text as it was sent, null when there is none
 * @param tagsJson a JSON object as text, {@code {}} when there are none
 * @param payloadJson a JSON object as text, {@code {}} when there is none
 * @param timestampNanos event time, epoch nanoseconds
 * @param receivedMillis when Belfry took it in, epoch milliseconds ({@code created_at})
 * @param createdBy the principal that sent it, such as {@code user:<uuid>}; empty when unknown
 * @param traceId 32 lowercase hex digits, or what was sent when it was not that; null when there is
 *     none
 * @param spanId 16 lowercase hex digits, or what was sent; null when there is none
 * @param severityNumber 1–24, 0 when unset
 * @param observedNanos epoch nanoseconds, 0 when unset
 * @param flags OTLP's flags, 0 when unset
 * @param eventName OTLP's event name, null when there is none
 */
public record Event(
        UUID id,
        EventType type,
        String source,
        @Nullable String message,
        @Nullable String level,
        String tagsJson,
        String payloadJson,
        long timestampNanos,
        long receivedMillis,
        String createdBy,
        @Nullable String traceId,
        @Nullable String spanId,
        int severityNumber,
        long observedNanos,
        int flags,
        @Nullable String eventName) {}
