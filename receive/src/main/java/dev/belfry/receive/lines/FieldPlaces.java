package dev.belfry.receive.lines;

import dev.belfry.model.EventType;
import dev.belfry.model.time.Timestamps;
import dev.belfry.receive.json.JsonMembers;
import dev.belfry.receive.json.JsonType;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which part of an event a named field of JSON, logfmt, CSV or Parquet is. For one thread. */
final class FieldPlaces {
    private static final Set<String> TIMES =
            Set.of(
                    "timestamp",
                    "@timestamp",
                    "time",
                    "ts",
                    "datetime",
                    "date",
                    "asctime",
                    "eventtime",
                    "event_time",
                    "_time",
                    "t");
    private static final Set<String> LEVELS =
            Set.of(
                    "level",
                    "severity",
                    "lvl",
                    "loglevel",
                    "log.level",
                    "log_level",
                    "levelname",
                    "severity_text",
                    "severitytext");
    private static final Set<String> MESSAGES =
            Set.of("message", "msg", "@message", "log", "body", "content", "short_message", "_msg");
    private static final Set<String> SOURCES =
            Set.of("source", "service", "service.name", "service_name", "app", "application");
    private static final Set<String> TRACES = Set.of("trace_id", "traceid", "trace.id");
    private static final Set<String> SPANS = Set.of("span_id", "spanid", "span.id");
    private static final Set<String> TAGS =
            Set.of(
                    "module",
                    "logger",
                    "component",
                    "caller",
                    "thread",
                    "host",
                    "hostname",
                    "environment",
                    "env",
                    "region",
                    "zone",
                    "cluster",
                    "namespace",
                    "pod",
                    "container",
                    "version",
                    "event_type",
                    "method",
                    "status",
                    "log_group");
    private static final Pattern NUMBER =
            Pattern.compile("-?(0|[1-9][0-9]{0,30})(\\.[0-9]{1,30})?([eE][+-]?[0-9]{1,3})?");

    private static final long EPOCH_MIN = 946_684_800L;

    private final TimeReader times;
    private @Nullable String date;
    private @Nullable String timeOfDay;

    FieldPlaces(TimeReader times) {
        this.times = times;
    }

    /** Whether a field of this name tells that its table is a log. */
    static boolean isTelling(String name) {
        String key = name.toLowerCase(Locale.ROOT);
        return TIMES.contains(key) || LEVELS.contains(key) || MESSAGES.contains(key);
    }

    /** Starts the fields of an event. */
    void begin() {
        date = null;
        timeOfDay = null;
    }

    /** Ends the fields of an event: a date and a time of day apart are its time if no field was. */
    void finish(LineEvent event) {
        if (event.timestampNanos() == Timestamps.NONE
                && date != null
                && timeOfDay != null
                && times.read(date + " " + timeOfDay)) {
            event.timestampNanos(times.epochNanos());
        }
    }

    /** Puts a member of a JSON object at its place. */
    void put(JsonMembers.Member member, LineEvent event) {
        String name = member.name();
        if (member.type() == JsonType.NULL) {
            if (!FieldPlaces.isTelling(name)) {
                json(name, "null", event);
            }
        } else if (name.equals("tags") && member.type() == JsonType.OBJECT) {
            each(member.text(), tag -> event.tagJson(tag.name(), json(tag)));
        } else if (name.equals("payload") && member.type() == JsonType.OBJECT) {
            each(member.text(), field -> event.payloadJson(field.name(), json(field)));
        } else if (member.type() == JsonType.STRING) {
            string(name, member.text(), event);
        } else if (!special(name, member.text(), member.type() == JsonType.NUMBER, event)) {
            if (member.isScalar()) {
                json(name, member.text(), event);
            } else {
                event.payloadJson(name, member.text());
            }
        }
    }

    private static void each(String object, Consumer<JsonMembers.Member> action) {
        List<JsonMembers.Member> members = JsonMembers.read(object);
        if (members != null) {
            members.forEach(action);
        }
    }

    private static String json(JsonMembers.Member member) {
        if (member.type() != JsonType.STRING) {
            return member.text();
        }
        StringBuilder text = new StringBuilder();
        LineEvent.quote(member.text(), text);
        return text.toString();
    }

    /** Puts a field whose value is a text, but may be written number or boolean. */
    void putText(String name, String value, LineEvent event) {
        if (special(name, value, isNumber(value), event)) {
            return;
        }
        boolean literal = isNumber(value) || value.equals("true") || value.equals("false");
        if (literal) {
            json(name, value, event);
        } else {
            string(name, value, event);
        }
    }

    static boolean isNumber(String value) {
        return NUMBER.matcher(value).matches();
    }

    private void string(String name, String value, LineEvent event) {
        if (special(name, value, false, event)) {
            return;
        }
        if (isTag(name)) {
            event.tag(name, value);
        } else {
            event.payload(name, value);
        }
    }

    private static void json(String name, String value, LineEvent event) {
        if (isTag(name)) {
            event.tagJson(name, value);
        } else {
            event.payloadJson(name, value);
        }
    }

    private static boolean isTag(String name) {
        return TAGS.contains(name) || name.endsWith("_id") || name.endsWith("Id");
    }

    /* Time, level, message, source, trace and span; false when it is none or its value does not fit. */
    private boolean special(String name, String value, boolean number, LineEvent event) {
        String key = name.toLowerCase(Locale.ROOT);
        if (TIMES.contains(key)) {
            if (time(value, number, event)) {
                return true;
            }
            date = key.equals("date") ? value : date;
            timeOfDay = key.equals("time") ? value : timeOfDay;
            return false;
        }
        if (LEVELS.contains(key) && event.level() == null) {
            event.level(number ? numericLevel(value) : value);
            return true;
        }
        if (MESSAGES.contains(key) && event.message() == null && !value.startsWith("{")) {
            event.message(value);
            return true;
        }
        if (SOURCES.contains(key) && !number) {
            event.source(value);
            return true;
        }
        if (TRACES.contains(key) && !number) {
            event.traceId(value);
            return true;
        }
        if (key.equals("event_type") || key.equals("eventtype")) {
            EventType type = EventType.parse(value).orElse(null);
            event.type(type == null ? EventType.LOG : type);
            return type != null;
        }
        if (SPANS.contains(key) && !number) {
            event.spanId(value);
            return true;
        }
        return false;
    }

    private boolean time(String value, boolean number, LineEvent event) {
        if (event.timestampNanos() != Timestamps.NONE) {
            return false;
        }
        byte[] text = value.getBytes(StandardCharsets.UTF_8);
        long nanos =
                number
                        ? Timestamps.tryParseEpoch(text, 0, text.length)
                        : Timestamps.tryParse(text, 0, text.length);
        if (nanos == Timestamps.NONE && times.read(value)) {
            nanos = times.epochNanos();
        }
        boolean early = number && nanos < EPOCH_MIN * 1_000_000_000L;
        if (nanos == Timestamps.NONE || early) {
            return false;
        }
        event.timestampNanos(nanos);
        return true;
    }

    /* The numbers of pino and bunyan. */
    private static String numericLevel(String value) {
        return switch (value) {
            case "10" -> "trace";
            case "20" -> "debug";
            case "30" -> "info";
            case "40" -> "warn";
            case "50" -> "error";
            case "60" -> "fatal";
            default -> value;
        };
    }
}
