package dev.belfry.receive.lines;

import dev.belfry.model.EventType;
import dev.belfry.model.time.Timestamps;
import dev.belfry.receive.json.FieldMeaning;
import dev.belfry.receive.json.FieldNames;
import dev.belfry.receive.json.JsonMembers;
import dev.belfry.receive.json.JsonType;
import dev.belfry.receive.time.TimeReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which part of an event a named field of JSON, logfmt, CSV or Parquet is. For one thread. */
final class FieldPlaces {
    private static final Pattern NUMBER =
            Pattern.compile("-?(0|[1-9][0-9]{0,30})(\\.[0-9]{1,30})?([eE][+-]?[0-9]{1,3})?");

    private static final long EPOCH_MIN = 946_684_800L;

    private final TimeReader times;
    private @Nullable String date;
    private @Nullable String timeOfDay;
    private int sourceRank;

    FieldPlaces(TimeReader times) {
        this.times = times;
    }

    /** Starts the fields of an event. */
    void begin() {
        date = null;
        timeOfDay = null;
        sourceRank = Integer.MAX_VALUE;
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
            if (!FieldNames.isTelling(name)) {
                json(name, "null", event);
            }
        } else if (name.equals("tags") && member.type() == JsonType.OBJECT) {
            each(member.text(), tag -> event.tagJson(tag.name(), json(tag)));
        } else if (name.equals("payload") && member.type() == JsonType.OBJECT) {
            each(member.text(), field -> event.payloadJson(field.name(), json(field)));
        } else if (member.type() == JsonType.STRING) {
            string(name, member.text(), event);
        } else if (member.type() == JsonType.OBJECT && FieldNames.meaning(name).group()) {
            each(member.text(), inner -> put(inner.within(name), event));
        } else if (!member.isScalar()) {
            event.payloadJson(name, member.text());
        } else if (!special(name, member.text(), member.type() == JsonType.NUMBER, event)) {
            json(name, member.text(), event);
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
        return FieldNames.meaning(name).tag();
    }

    /* Whether it has a column of its own; false when it has none or its value does not fit. */
    private boolean special(String name, String value, boolean number, LineEvent event) {
        FieldMeaning meaning = FieldNames.meaning(name);
        switch (meaning.role()) {
            case TIME -> {
                if (time(value, number, event)) {
                    return true;
                }
                date = name.equalsIgnoreCase("date") ? value : date;
                timeOfDay = name.equalsIgnoreCase("time") ? value : timeOfDay;
                return false;
            }
            case LEVEL -> {
                if (event.level() != null) {
                    return false;
                }
                event.level(number ? numericLevel(value) : value);
                return true;
            }
            case MESSAGE -> {
                if (event.message() != null || value.startsWith("{")) {
                    return false;
                }
                event.message(value);
                return true;
            }
            case EVENT_TYPE -> {
                EventType type = EventType.parse(value).orElse(null);
                event.type(type == null ? EventType.LOG : type);
                return type != null;
            }
            default -> {
                return !number && !meaning.kept() && named(meaning, value, event);
            }
        }
    }

    private boolean named(FieldMeaning meaning, String value, LineEvent event) {
        switch (meaning.role()) {
            case SOURCE -> {
                if (meaning.rank() > sourceRank) {
                    return false;
                }
                sourceRank = meaning.rank();
                event.source(value);
            }
            case TRACE -> event.traceId(value);
            case SPAN -> event.spanId(value);
            default -> {
                return false;
            }
        }
        return true;
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
