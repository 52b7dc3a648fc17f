package dev.belfry.server.events;

import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.model.Event;
import dev.belfry.model.time.Timestamps;
import dev.belfry.server.http.JsonObject;
import dev.belfry.server.http.JsonText;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Events as lines of a table with chosen columns. */
final class EventColumns {
    /** What is shown when nothing is chosen. */
    static final List<String> USUAL =
            List.of(
                    "timestamp",
                    "level",
                    "source",
                    "message",
                    "event_type",
                    "id",
                    "trace_id",
                    "span_id",
                    "tags",
                    "payload");

    private static final int COLUMNS_MAX = 100;
    private static final Map<String, Function<Event, @Nullable String>> FIXED =
            Map.ofEntries(
                    Map.entry("timestamp", e -> Timestamps.format(e.timestampNanos())),
                    Map.entry("created_at", e -> Timestamps.format(e.receivedMillis() * 1_000_000)),
                    Map.entry("level", Event::level),
                    Map.entry("source", Event::source),
                    Map.entry("message", Event::message),
                    Map.entry("event_type", e -> e.type().text()),
                    Map.entry("id", e -> e.id().toString()),
                    Map.entry("trace_id", Event::traceId),
                    Map.entry("span_id", Event::spanId),
                    Map.entry("created_by", Event::createdBy),
                    Map.entry("event_name", Event::eventName),
                    Map.entry("tags", Event::tagsJson),
                    Map.entry("payload", Event::payloadJson));
    private static final String TAGS = "tags.";
    private static final String PAYLOAD = "payload.";

    private final List<String> names;

    private EventColumns(List<String> names) {
        this.names = List.copyOf(names);
    }

    /** The columns of {@code names}; the usual ones when there are none. */
    static EventColumns of(List<String> names) {
        if (names.size() > COLUMNS_MAX) {
            throw new BelfryException(
                    ErrorCode.VALIDATION_ERROR,
                    "column: " + names.size() + " (expected: at most " + COLUMNS_MAX + ")");
        }
        return new EventColumns(names.isEmpty() ? USUAL : names);
    }

    /** A line of names. */
    void head(Csv csv) {
        names.forEach(csv::name);
        csv.endLine();
    }

    /** A line of an event. */
    void line(Csv csv, Event event) {
        Object tags = null;
        Object payload = null;
        for (String name : names) {
            Function<Event, @Nullable String> fixed = FIXED.get(name);
            if (fixed != null) {
                csv.cell(fixed.apply(event));
                continue;
            }
            if (tags == null) {
                tags = parsed(event.tagsJson());
                payload = parsed(event.payloadJson());
            }
            Object value = null;
            if (!name.startsWith(PAYLOAD)) {
                value = at(tags, name.startsWith(TAGS) ? name.substring(TAGS.length()) : name);
            }
            if (value == null && !name.startsWith(TAGS)) {
                String path = name.startsWith(PAYLOAD) ? name.substring(PAYLOAD.length()) : name;
                value = at(payload, path);
            }
            csv.cell(text(value));
        }
        csv.endLine();
    }

    private static Object parsed(String json) {
        try {
            Object value = JsonObject.parseValue(json.getBytes(StandardCharsets.UTF_8));
            return value == null ? Map.of() : value;
        } catch (BelfryException _) {
            return Map.of(); // Nested deeper than a table can show.
        }
    }

    /* The longest key that exists wins, as in searches. */
    private static @Nullable Object at(@Nullable Object value, String path) {
        if (!(value instanceof Map<?, ?> map)) {
            return null;
        }
        if (map.containsKey(path)) {
            return map.get(path);
        }
        for (int dot = path.lastIndexOf('.'); dot > 0; dot = path.lastIndexOf('.', dot - 1)) {
            Object inner = map.get(path.substring(0, dot));
            if (inner != null) {
                return at(inner, path.substring(dot + 1));
            }
        }
        return null;
    }

    private static @Nullable String text(@Nullable Object value) {
        return switch (value) {
            case null -> null;
            case String text -> text;
            case Boolean truth -> truth.toString();
            default -> new JsonText(64).value(value).toString();
        };
    }
}
