package dev.belfry.receive.lines;

import dev.belfry.model.EventType;
import dev.belfry.model.time.Timestamps;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One event on its way from a file to the server, reused from event to event; for one thread. Of
 * two values under one name the last wins.
 */
public final class LineEvent {
    private static final int LEVEL_CHARACTERS_MAX = 50;
    private static final int SOURCE_CHARACTERS_MAX = 255;

    private final String defaultSource;
    private final boolean sourceIsFixed;
    private final Map<String, String> tags = new LinkedHashMap<>();
    private final Map<String, String> payload = new LinkedHashMap<>();
    private final StringBuilder json = new StringBuilder();

    private EventType type = EventType.LOG;
    private String source = "";
    private @Nullable String message;
    private @Nullable String level;
    private @Nullable String traceId;
    private @Nullable String spanId;
    private @Nullable String whole;
    private long timestampNanos = Timestamps.NONE;

    /**
     * An empty event.
     *
     * @param defaultSource the source of events that name none
     * @param sourceIsFixed whether the source that an event names is not taken
     */
    public LineEvent(String defaultSource, boolean sourceIsFixed) {
        this.defaultSource = defaultSource;
        this.sourceIsFixed = sourceIsFixed;
        clear();
    }

    /** Forgets everything. */
    void clear() {
        type = EventType.LOG;
        source = defaultSource;
        message = null;
        level = null;
        traceId = null;
        spanId = null;
        whole = null;
        timestampNanos = Timestamps.NONE;
        tags.clear();
        payload.clear();
    }

    /** The event is the JSON text {@code object}, which has the shape that the server wants. */
    void whole(String object) {
        whole = object;
    }

    void timestampNanos(long epochNanos) {
        timestampNanos = epochNanos;
    }

    /** The event's time, {@link Timestamps#NONE} when there is none. */
    long timestampNanos() {
        return timestampNanos;
    }

    void type(EventType eventType) {
        type = eventType;
    }

    void source(String name) {
        if (!sourceIsFixed && !name.isEmpty()) {
            source = name;
        }
    }

    void message(String text) {
        message = text;
    }

    @Nullable String message() {
        return message;
    }

    void level(@Nullable String text) {
        level = text;
    }

    @Nullable String level() {
        return level;
    }

    void traceId(String text) {
        traceId = text;
    }

    void spanId(String text) {
        spanId = text;
    }

    void tag(String name, String text) {
        tags.put(name, quoted(text));
    }

    /** A tag whose value is JSON text. */
    void tagJson(String name, String value) {
        tags.put(name, value);
    }

    void payload(String name, String text) {
        payload.put(name, quoted(text));
    }

    /** A payload member whose value is JSON text. */
    void payloadJson(String name, String value) {
        payload.put(name, value);
    }

    /** Writes the event as a line of NDJSON, without the line's end. */
    public void writeTo(ByteArrayOutputStream output) {
        if (whole != null) {
            output.writeBytes(whole.getBytes(StandardCharsets.UTF_8));
            return;
        }
        json.setLength(0);
        json.append("{\"event_type\":\"").append(type.text()).append("\",\"source\":");
        quote(cut(source, SOURCE_CHARACTERS_MAX));
        if (timestampNanos != Timestamps.NONE) {
            json.append(",\"timestamp\":\"").append(Timestamps.format(timestampNanos)).append('"');
        }
        text("level", level == null ? null : cut(level, LEVEL_CHARACTERS_MAX));
        text("message", message);
        text("trace_id", traceId);
        text("span_id", spanId);
        members("tags", tags);
        members("payload", payload);
        json.append('}');
        output.writeBytes(json.toString().getBytes(StandardCharsets.UTF_8));
    }

    private void text(String name, @Nullable String value) {
        if (value != null) {
            json.append(",\"").append(name).append("\":");
            quote(value);
        }
    }

    private void members(String name, Map<String, String> members) {
        if (members.isEmpty()) {
            return;
        }
        json.append(",\"").append(name).append("\":{");
        boolean first = true;
        for (Map.Entry<String, String> member : members.entrySet()) {
            if (!first) {
                json.append(',');
            }
            first = false;
            quote(member.getKey());
            json.append(':').append(member.getValue());
        }
        json.append('}');
    }

    private static String cut(String text, int max) {
        if (text.length() <= max) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(max - 1)) ? max - 1 : max;
        return text.substring(0, end);
    }

    private static String quoted(String text) {
        StringBuilder target = new StringBuilder(text.length() + 2);
        quote(text, target);
        return target.toString();
    }

    private void quote(String text) {
        quote(text, json);
    }

    /** Appends {@code text} as a JSON string. */
    static void quote(String text, StringBuilder target) {
        target.append('"');
        int start = 0;
        for (int at = 0; at < text.length(); at++) {
            char unit = text.charAt(at);
            if (unit >= ' ' && unit != '"' && unit != '\\') {
                continue;
            }
            target.append(text, start, at);
            start = at + 1;
            switch (unit) {
                case '"' -> target.append("\\\"");
                case '\\' -> target.append("\\\\");
                case '\n' -> target.append("\\n");
                case '\r' -> target.append("\\r");
                case '\t' -> target.append("\\t");
                default -> target.append(String.format("\\u%04x", (int) unit));
            }
        }
        target.append(text, start, text.length()).append('"');
    }
}
