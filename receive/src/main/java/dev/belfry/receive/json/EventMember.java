package dev.belfry.receive.json;

import org.jspecify.annotations.Nullable;

/** The members that an event may have; some are known by a second, camelCase name. */
enum EventMember {
    EVENT_TYPE,
    SOURCE,
    MESSAGE,
    LEVEL,
    TIMESTAMP,
    TRACE_ID,
    SPAN_ID,
    LOG_GROUP,
    /** The source's name in a flat log line. */
    SERVICE,
    TAGS,
    PAYLOAD,
    /** What the server sets and a client may send back. */
    IGNORED;

    /** The names that an error lists. */
    static final String ALLOWED =
            "event_type, source, message, level, tags, payload, timestamp, trace_id, span_id,"
                    + " log_group";

    /** How many members are kept as the bounds of a value until the event is complete. */
    static final int KEPT = TAGS.ordinal();

    /** The member named {@code text[from .. to)}, or null when there is none. */
    static @Nullable EventMember of(byte[] text, int from, int to) {
        return switch (to - from) {
            case 2 -> is("id", text, from) ? IGNORED : null;
            case 4 -> is("tags", text, from) ? TAGS : null;
            case 5 -> is("level", text, from) ? LEVEL : null;
            case 6 -> is("source", text, from) ? SOURCE : is("spanId", text, from) ? SPAN_ID : null;
            case 7 -> sevenLetters(text, from);
            case 8 ->
                    is("trace_id", text, from)
                            ? TRACE_ID
                            : is("logGroup", text, from) ? LOG_GROUP : null;
            case 9 ->
                    is("timestamp", text, from)
                            ? TIMESTAMP
                            : is("eventType", text, from)
                                    ? EVENT_TYPE
                                    : is("log_group", text, from)
                                            ? LOG_GROUP
                                            : ignored(text, from, "createdAt", "createdBy");
            case 10 ->
                    is("event_type", text, from)
                            ? EVENT_TYPE
                            : ignored(text, from, "created_at", "created_by");
            default -> null;
        };
    }

    private static @Nullable EventMember sevenLetters(byte[] text, int from) {
        if (is("message", text, from)) {
            return MESSAGE;
        }
        if (is("payload", text, from)) {
            return PAYLOAD;
        }
        if (is("span_id", text, from)) {
            return SPAN_ID;
        }
        if (is("traceId", text, from)) {
            return TRACE_ID;
        }
        return is("service", text, from) ? SERVICE : null;
    }

    private static @Nullable EventMember ignored(
            byte[] text, int from, String first, String second) {
        return is(first, text, from) || is(second, text, from) ? IGNORED : null;
    }

    private static boolean is(String name, byte[] text, int from) {
        for (int index = 0; index < name.length(); index++) {
            if (text[from + index] != name.charAt(index)) {
                return false;
            }
        }
        return true;
    }
}
