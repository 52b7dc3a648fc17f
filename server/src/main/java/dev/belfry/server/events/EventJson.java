package dev.belfry.server.events;

import static dev.belfry.server.http.Shape.member;
import static dev.belfry.server.http.Shape.object;
import static dev.belfry.server.http.Shape.optional;
import static dev.belfry.server.http.Shape.orNull;

import dev.belfry.model.Event;
import dev.belfry.server.http.JsonText;
import dev.belfry.server.http.Shape;

/** Events as JSON; tags and payload are passed on as the store has them. */
final class EventJson {
    private static final long NANOS_PER_MILLI = 1_000_000;

    static final Shape TYPE = Shape.oneOf("log", "metric", "trace", "alert");

    static final Shape EVENT =
            object(
                    "Event",
                    member("id", Shape.UUID, ""),
                    member("event_type", TYPE, ""),
                    member("source", Shape.TEXT, ""),
                    member("message", orNull(Shape.TEXT), ""),
                    member("level", orNull(Shape.TEXT), "As it was sent."),
                    member("tags", Shape.FREE, "JSON types are kept."),
                    member("payload", Shape.FREE, ""),
                    member("timestamp", Shape.TIME, "Nanoseconds where they were sent."),
                    member("created_at", Shape.TIME, "When Belfry took it in."),
                    member("created_by", orNull(Shape.TEXT), "user:UUID, key:UUID, system:NAME."),
                    member("trace_id", orNull(Shape.TEXT), ""),
                    member("span_id", orNull(Shape.TEXT), ""),
                    optional("severity_number", Shape.WHOLE, "OTLP's, 1 to 24."),
                    optional("observed_timestamp", Shape.TIME, ""),
                    optional("flags", Shape.WHOLE, ""),
                    optional("event_name", Shape.TEXT, ""));

    private EventJson() {}

    static void write(JsonText text, Event event) {
        text.object();
        writeMembers(text, event);
        text.endObject();
    }

    /**
     * The event as seed 002's log row: also with {@code service}, {@code metadata}, {@code trace}.
     */
    static void writeLog(JsonText text, Event event) {
        text.object();
        writeMembers(text, event);
        text.name("service").text(event.source());
        text.name("metadata").raw(event.payloadJson());
        text.name("trace").object();
        text.name("trace_id").text(event.traceId()).name("span_id").text(event.spanId());
        text.endObject().endObject();
    }

    private static void writeMembers(JsonText text, Event event) {
        text.name("id").uuid(event.id());
        text.name("event_type").text(event.type().text());
        text.name("source").text(event.source());
        text.name("message").text(event.message());
        text.name("level").text(event.level());
        text.name("tags").raw(event.tagsJson());
        text.name("payload").raw(event.payloadJson());
        text.name("timestamp").time(event.timestampNanos());
        text.name("created_at").time(event.receivedMillis() * NANOS_PER_MILLI);
        String createdBy = event.createdBy();
        text.name("created_by").text(createdBy.isEmpty() ? null : createdBy);
        text.name("trace_id").text(event.traceId());
        text.name("span_id").text(event.spanId());
        if (event.severityNumber() != 0) {
            text.name("severity_number").number(event.severityNumber());
        }
        if (event.observedNanos() != 0) {
            text.name("observed_timestamp").time(event.observedNanos());
        }
        if (event.flags() != 0) {
            text.name("flags").number(event.flags());
        }
        if (event.eventName() != null) {
            text.name("event_name").text(event.eventName());
        }
    }
}
