package dev.belfry.receive.json;

import dev.belfry.model.ErrorCode;
import dev.belfry.model.EventBatchBuilder;
import dev.belfry.model.EventType;
import dev.belfry.model.FieldSpace;
import dev.belfry.model.ValueKind;
import dev.belfry.model.time.Timestamps;
import dev.belfry.receive.JsonEventsConfig;
import dev.belfry.receive.SourceRule;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Takes one JSON object into a row of a batch, or says why not; for one thread. */
final class EventParser {
    /*
     * While the object is passed, tags and payload go to their columns at once; of the other members only the
     * bounds are kept, so that of two members of one name the last wins, and nothing is checked before the
     * whole object was seen. Then the members are checked in a fixed order; the first error is the item's.
     */
    private static final int BOUNDS = 4;
    private static final int ESCAPED = 1;
    private static final int HIGH = 2;
    private static final JsonType[] TYPES = JsonType.values();

    private final JsonScanner scanner;
    private final EventBatchBuilder builder;
    private final JsonEventsConfig config;
    private final long nowNanos;
    private final JsonText buffer = new JsonText();
    private final MemberObject tags;
    private final MemberObject payload;
    private final EventSources sources;
    private final Supplier<DocumentParser> makeDocuments;
    private @Nullable DocumentParser documents;

    /* Per kept member: type ordinal + 1 (0: not there), from, to, ESCAPED | HIGH. */
    private final int[] kept = new int[EventMember.KEPT * BOUNDS];
    private final int[] noMember = new int[EventMember.KEPT * BOUNDS];
    private boolean hasTags;
    private boolean hasPayload;
    private @Nullable JsonType tagsWrong;
    private @Nullable JsonType payloadWrong;
    private int deepest;

    /* Members that are none of an event: how many, and where the first one's name stands. */
    private int unknown;
    private int unknownFrom;
    private int unknownTo;

    private byte[] bytes;
    private int from;
    private int to;

    private ErrorCode errorCode = ErrorCode.VALIDATION_ERROR;
    private String error = "";

    EventParser(
            JsonScanner scanner,
            EventBatchBuilder builder,
            JsonEventsConfig config,
            long nowNanos,
            SourceRule rule) {
        this.scanner = scanner;
        bytes = scanner.text;
        this.builder = builder;
        this.config = config;
        this.nowNanos = nowNanos;
        tags = new MemberObject(scanner, buffer, builder, FieldSpace.TAG);
        payload = new MemberObject(scanner, buffer, builder, FieldSpace.PAYLOAD);
        sources = new EventSources(rule);
        makeDocuments = () -> new DocumentParser(builder, config, nowNanos, rule);
    }

    /** The code of the last object's error. */
    ErrorCode errorCode() {
        return errorCode;
    }

    /** The message of the last object's error. */
    String error() {
        return error;
    }

    /**
     * Passes the object that starts at the scanner's place.
     *
     * @param line whether nothing but white space may follow it
     * @return whether it is now the batch's next row; if not, {@link #error()} says why
     * @throws JsonSyntaxException when it is not JSON; then the row is rolled back too
     */
    boolean parse(boolean line) {
        int start = scanner.at;
        System.arraycopy(noMember, 0, kept, 0, kept.length);
        hasTags = false;
        hasPayload = false;
        tagsWrong = null;
        payloadWrong = null;
        deepest = 1;
        unknown = 0;
        tags.begin();
        payload.begin();
        int size;
        try {
            members();
            size = scanner.at - start;
            if (line) {
                scanner.lineEnd();
            }
        } catch (JsonSyntaxException failure) {
            builder.rollback();
            throw failure;
        }
        if (fits(size) && apply(start)) {
            builder.commit();
            return true;
        }
        builder.rollback();
        return false;
    }

    private void members() {
        scanner.at++;
        if (scanner.token("a name in quotes or '}'") == '}') {
            scanner.at++;
            return;
        }
        while (true) {
            scanner.name();
            member();
            byte next = scanner.token("',' or '}'");
            if (next != ',' && next != '}') {
                throw scanner.wrong("',' or '}'");
            }
            scanner.at++;
            if (next == '}') {
                return;
            }
        }
    }

    private void member() {
        int nameFrom = scanner.from;
        int nameTo = scanner.to;
        EventMember member;
        if (scanner.escaped) {
            buffer.unescape(scanner.text, nameFrom, nameTo);
            member = EventMember.of(buffer.bytes, 0, buffer.length);
        } else {
            member = EventMember.of(scanner.text, nameFrom, nameTo);
        }
        if (member == EventMember.TAGS) {
            tagsWrong = object(tags, hasTags);
            hasTags = true;
            return;
        }
        if (member == EventMember.PAYLOAD) {
            payloadWrong = object(payload, hasPayload);
            hasPayload = true;
            return;
        }
        JsonType type = scanner.value();
        if (type == JsonType.OBJECT || type == JsonType.ARRAY) {
            deepest = Math.max(deepest, 1 + scanner.deepest);
        }
        if (member == null) {
            if (unknown++ == 0) {
                unknownFrom = nameFrom;
                unknownTo = nameTo;
            }
        } else if (member != EventMember.IGNORED) {
            int at = member.ordinal() * BOUNDS;
            kept[at] = type.ordinal() + 1;
            kept[at + 1] = scanner.from;
            kept[at + 2] = scanner.to;
            kept[at + 3] = (scanner.escaped ? ESCAPED : 0) | (scanner.high ? HIGH : 0);
        }
    }

    /* Takes an object's members; answers what stands there instead of one, null being nothing at all. */
    private @Nullable JsonType object(MemberObject members, boolean again) {
        if (again) {
            members.drop();
        }
        if (scanner.token("a value") == '{') {
            deepest = Math.max(deepest, 1 + members.parse());
            return null;
        }
        JsonType type = scanner.value();
        return type == JsonType.NULL ? null : type;
    }

    private boolean fits(int size) {
        if (size > config.eventBytesMax()) {
            error = "event: " + size + " bytes (expected: at most " + config.eventBytesMax() + ")";
            errorCode = ErrorCode.TOO_LARGE;
            return false;
        }
        if (deepest > Limits.DEPTH_MAX) {
            String expected = " levels of nesting (expected: at most " + Limits.DEPTH_MAX + ")";
            return fail("event: " + deepest + expected);
        }
        return true;
    }

    private boolean apply(int start) {
        boolean served = type(EventMember.SOURCE) == null && type(EventMember.SERVICE) != null;
        boolean flat = served || isNamelessLine();
        if (!flat && type(EventMember.SERVICE) != null) {
            return fail("service: not a member of an event" + expectedMembers());
        }
        boolean good =
                applyType(flat)
                        && (flat && !served
                                || applySource(flat ? EventMember.SERVICE : EventMember.SOURCE))
                        && applyText(EventMember.MESSAGE, "message")
                        && applyText(EventMember.LEVEL, "level")
                        && applyTimestamp()
                        && applyTraceId()
                        && applySpanId()
                        && applyObject("tags", tagsWrong)
                        && applyObject("payload", payloadWrong)
                        && (flat ? applyLine(start) : applyUnknown())
                        && applyTag(EventMember.LOG_GROUP, "log_group");
        if (good) {
            tags.finish();
            payload.finish();
        }
        return good;
    }

    /* A log line of which only the level is known: it has neither source nor type, and members of its own. */
    private boolean isNamelessLine() {
        return type(EventMember.SOURCE) == null
                && type(EventMember.SERVICE) == null
                && type(EventMember.EVENT_TYPE) == null
                && type(EventMember.LEVEL) != null
                && unknown > 0;
    }

    private boolean applyType(boolean flat) {
        JsonType type = type(EventMember.EVENT_TYPE);
        if (type == null) {
            return flat || fail("event_type: missing" + expectedTypes());
        }
        if (type != JsonType.STRING) {
            return fail("event_type: " + type.words() + expectedTypes());
        }
        String text = text(EventMember.EVENT_TYPE);
        EventType eventType = EventType.parse(text).orElse(null);
        if (eventType != null) {
            builder.type(eventType);
            return true;
        }
        return flat || fail("event_type: " + shown(text) + expectedTypes());
    }

    private boolean applySource(EventMember member) {
        String name = member == EventMember.SOURCE ? "source" : "service";
        JsonType type = type(member);
        if (type != JsonType.STRING) {
            String found = type == null ? "missing" : type.words();
            return fail(name + ": " + found + EventSources.EXPECTED);
        }
        int at = member.ordinal() * BOUNDS;
        locate(at);
        String wrong = sources.check(name, bytes, from, to);
        if (wrong != null) {
            error = wrong;
            errorCode = sources.errorCode();
            return false;
        }
        builder.source(bytes, from, to - from);
        return true;
    }

    private boolean applyText(EventMember member, String name) {
        JsonType type = type(member);
        if (type == null) {
            return true;
        }
        if (type != JsonType.STRING) {
            return fail(name + ": " + type.words() + " (expected: a string)");
        }
        int at = member.ordinal() * BOUNDS;
        locate(at);
        int length = to - from;
        if (member == EventMember.MESSAGE) {
            builder.message(bytes, from, length);
            return true;
        }
        if (length > Limits.LEVEL_CHARACTERS_MAX) {
            int characters = JsonText.characters(bytes, from, from + length);
            if (characters > Limits.LEVEL_CHARACTERS_MAX) {
                String expected = " (expected: at most " + Limits.LEVEL_CHARACTERS_MAX + ")";
                return fail("level: " + characters + " characters" + expected);
            }
        }
        builder.level(bytes, from, length);
        return true;
    }

    private boolean applyTimestamp() {
        JsonType type = type(EventMember.TIMESTAMP);
        int at = EventMember.TIMESTAMP.ordinal() * BOUNDS;
        if (type == null) {
            builder.timestampNanos(nowNanos);
            return true;
        }
        long nanos =
                switch (type) {
                    case STRING -> {
                        locate(at);
                        yield Timestamps.tryParse(bytes, from, to);
                    }
                    case NUMBER ->
                            Timestamps.tryParseEpoch(scanner.text, kept[at + 1], kept[at + 2]);
                    case TRUE, FALSE, NULL, ARRAY, OBJECT -> Timestamps.NONE;
                };
        if (nanos == Timestamps.NONE) {
            boolean scalar = type == JsonType.STRING || type == JsonType.NUMBER;
            String found = scalar ? shown(text(EventMember.TIMESTAMP)) : type.words();
            return fail("timestamp: " + found + Timestamps.EXPECTED);
        }
        builder.timestampNanos(nanos);
        return true;
    }

    /* Lowercase hex digits, not all 0, become numbers, which give back what was sent; else it is kept as text. */
    private boolean applyTraceId() {
        int start = hexStart(EventMember.TRACE_ID, 32);
        if (start >= 0) {
            byte[] text = scanner.text;
            long first = HexDigits.eight(text, start);
            long second = HexDigits.eight(text, start + 8);
            long third = HexDigits.eight(text, start + 16);
            long fourth = HexDigits.eight(text, start + 24);
            boolean any = (first | second | third | fourth) != 0;
            if (first >= 0 && second >= 0 && third >= 0 && fourth >= 0 && any) {
                builder.traceId(first << 32 | second, third << 32 | fourth);
                return true;
            }
        }
        return applyEventField(EventMember.TRACE_ID, "trace_id");
    }

    private boolean applySpanId() {
        int start = hexStart(EventMember.SPAN_ID, 16);
        if (start >= 0) {
            long first = HexDigits.eight(scanner.text, start);
            long second = HexDigits.eight(scanner.text, start + 8);
            if (first >= 0 && second >= 0 && (first | second) != 0) {
                builder.spanId(first << 32 | second);
                return true;
            }
        }
        return applyEventField(EventMember.SPAN_ID, "span_id");
    }

    /* Where the member's string starts if it has that many bytes, else -1. */
    private int hexStart(EventMember member, int digits) {
        int at = member.ordinal() * BOUNDS;
        boolean fits =
                kept[at] == JsonType.STRING.ordinal() + 1 && kept[at + 2] - kept[at + 1] == digits;
        return fits ? kept[at + 1] : -1;
    }

    private boolean applyEventField(EventMember member, String name) {
        JsonType type = type(member);
        if (type == null) {
            return true;
        }
        if (type != JsonType.STRING) {
            return fail(name + ": " + type.words() + " (expected: a string)");
        }
        Objects.requireNonNull(builder.field(FieldSpace.EVENT, name))
                .add(builder.count(), ValueKind.STRING, text(member));
        return true;
    }

    private boolean applyTag(EventMember member, String name) {
        JsonType type = type(member);
        if (type == null) {
            return true;
        }
        if (type != JsonType.STRING) {
            return fail(name + ": " + type.words() + " (expected: a string)");
        }
        tags.add(name, text(member));
        return true;
    }

    private boolean applyObject(String name, @Nullable JsonType wrong) {
        return wrong == null || fail(name + ": " + wrong.words() + " (expected: an object)");
    }

    private boolean applyUnknown() {
        if (unknown == 0) {
            return true;
        }
        String name =
                new String(
                        scanner.text, unknownFrom, unknownTo - unknownFrom, StandardCharsets.UTF_8);
        return fail(shown(name) + ": not a member of an event" + expectedMembers());
    }

    /* A log line that names its service, or of which only the level is known, as any protocol takes it. */
    private boolean applyLine(int start) {
        tags.drop();
        payload.drop();
        DocumentParser parser = documents == null ? makeDocuments.get() : documents;
        documents = parser;
        parser.fallbackSource("unknown");
        if (parser.take(scanner.text, start, scanner.at)) {
            return true;
        }
        error = parser.error();
        errorCode = parser.errorCode();
        return false;
    }

    /* The type of a kept member; null when it is not there or null, which is the same. */
    private @Nullable JsonType type(EventMember member) {
        int type = kept[member.ordinal() * BOUNDS];
        return type == 0 || type == JsonType.NULL.ordinal() + 1 ? null : TYPES[type - 1];
    }

    /* Sets bytes, from, to to the kept string, which in most cases is taken from the body as it stands. */
    private void locate(int at) {
        int flags = kept[at + 3];
        from = kept[at + 1];
        to = kept[at + 2];
        if (flags == 0 || flags == HIGH && JsonText.isUtf8(scanner.text, from, to)) {
            bytes = scanner.text;
            return;
        }
        if ((flags & ESCAPED) != 0) {
            buffer.unescape(scanner.text, from, to);
        } else {
            buffer.copy(scanner.text, from, to);
        }
        bytes = buffer.bytes;
        from = 0;
        to = buffer.length;
    }

    private String text(EventMember member) {
        locate(member.ordinal() * BOUNDS);
        return new String(bytes, from, to - from, StandardCharsets.UTF_8);
    }

    private boolean fail(String message) {
        error = message;
        errorCode = ErrorCode.VALIDATION_ERROR;
        return false;
    }

    private static String shown(String value) {
        int end = Math.min(value.length(), Limits.VALUE_SHOWN_MAX);
        return end == value.length() ? value : value.substring(0, end) + "…";
    }

    private static String expectedTypes() {
        return " (expected: one of "
                + String.join(", ", Arrays.stream(EventType.values()).map(EventType::text).toList())
                + ")";
    }

    private static String expectedMembers() {
        return " (expected: " + EventMember.ALLOWED + ")";
    }
}
