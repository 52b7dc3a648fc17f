package dev.belfry.receive.json;

import dev.belfry.model.ErrorCode;
import dev.belfry.model.EventBatchBuilder;
import dev.belfry.model.EventType;
import dev.belfry.model.FieldSpace;
import dev.belfry.receive.JsonEventsConfig;
import dev.belfry.receive.SourceRule;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Takes log documents, JSON objects of any shape, into rows of a batch: what the usual names hold
 * becomes the row's columns, all else tags and payload. For one thread.
 *
 * <p>Per row the owner of the builder sets what holds where the document is silent, calls {@link
 * #take}, sets what holds whatever the document says, and commits.
 */
public final class DocumentParser {
    /*
     * First all members are passed and only their bounds are kept; then each part of the event is taken from the
     * best named member whose value fits; what remains become fields. So a document that is refused leaves no
     * trace, and no text is copied that can be taken from where it stands.
     */
    private static final byte[] UNKNOWN_SOURCE = "unknown".getBytes(StandardCharsets.US_ASCII);

    private final JsonScanner scanner = new JsonScanner(new byte[0], 0);
    private final DocumentMembers members;
    private final JsonText buffer = new JsonText();
    private final MemberValue value;
    private final EventBatchBuilder builder;
    private final int documentBytesMax;
    private final MemberObject tags;
    private final MemberObject payload;
    private final EventSources sources;
    private final DocumentTime time;
    private final DocumentLevel level;
    private final DocumentTrace trace;

    private byte @Nullable [] fallbackSource;
    private @Nullable String fallbackName;
    private boolean hasSource;
    private boolean hasTime;
    private boolean hasMessage;

    private ErrorCode errorCode = ErrorCode.VALIDATION_ERROR;
    private String error = "";

    /**
     * A parser of documents into {@code builder}.
     *
     * @param limits of which the bound of one event holds for one document
     * @param nowNanos what times without a year are not after, epoch nanoseconds
     * @param rule which sources the sender may write
     */
    public DocumentParser(
            EventBatchBuilder builder, JsonEventsConfig limits, long nowNanos, SourceRule rule) {
        this(builder, limits, nowNanos, rule, FieldNames::meaning);
    }

    /** As above for documents whose names mean what {@code meanings} says. */
    public DocumentParser(
            EventBatchBuilder builder,
            JsonEventsConfig limits,
            long nowNanos,
            SourceRule rule,
            Function<String, FieldMeaning> meanings) {
        members = new DocumentMembers(scanner, meanings);
        value = new MemberValue(scanner, members, buffer);
        this.builder = builder;
        documentBytesMax = limits.eventBytesMax();
        tags = new MemberObject(scanner, buffer, builder, FieldSpace.TAG);
        payload = new MemberObject(scanner, buffer, builder, FieldSpace.PAYLOAD);
        sources = new EventSources(rule);
        time = new DocumentTime(members, value, builder, nowNanos);
        level = new DocumentLevel(members, value, builder);
        trace = new DocumentTrace(members, value, builder);
    }

    /**
     * The source of documents that name none; null when there is none: then a document's host is,
     * else {@code unknown}.
     */
    public void fallbackSource(@Nullable String name) {
        if (!Objects.equals(name, fallbackName)) {
            fallbackName = name;
            fallbackSource = name == null ? null : name.getBytes(StandardCharsets.UTF_8);
        }
    }

    /** As above; the name is {@code utf8[from .. to)}. */
    public void fallbackSource(byte[] utf8, int from, int to) {
        byte[] known = fallbackSource;
        if (known == null || !Arrays.equals(known, 0, known.length, utf8, from, to)) {
            fallbackSource = Arrays.copyOfRange(utf8, from, to);
            fallbackName = new String(fallbackSource, StandardCharsets.UTF_8);
        }
    }

    /** The code of why the last document was not taken. */
    public ErrorCode errorCode() {
        return errorCode;
    }

    /** Why the last document was not taken. */
    public String error() {
        return error;
    }

    /** Whether the last document named its source itself. */
    public boolean hasSource() {
        return hasSource;
    }

    /** Whether the last document named its time; else the row keeps the one that was set. */
    public boolean hasTime() {
        return hasTime;
    }

    /** Whether the last document had a message; else the row keeps the one that was set. */
    public boolean hasMessage() {
        return hasMessage;
    }

    /** Whether the last document had a level; else the row keeps the one that was set. */
    public boolean hasLevel() {
        return level.found();
    }

    /**
     * Takes the object that {@code text[start .. end)} is, but for white space, into the builder's
     * current row: its source always, the other columns where it has them, tags and payload beside
     * those that are there. Neither commits nor rolls back.
     *
     * @return whether it was taken; if not, the row is as it was, and {@link #error()} says why
     */
    public boolean take(byte[] text, int start, int end) {
        return passed(text, start, end, null) && source() && columns();
    }

    /**
     * Takes the members of the object that {@code text[start .. end)} is as tags of the current
     * row, whatever their names; the source must have been set by {@link #take} or {@link
     * #takeSource}.
     *
     * @return as {@link #take}
     */
    public boolean takeTags(byte[] text, int start, int end) {
        if (!passed(text, start, end, FieldMeaning.TAG)) {
            return false;
        }
        fields();
        tags.finish();
        return true;
    }

    /** Adds the tag {@code name} to the current row. */
    public void tag(String name, String text) {
        tags.add(name.replace('\0', '\uFFFD'), text);
        tags.finish();
    }

    /**
     * Begins a row that no document fills: its source is the fallback, else {@code unknown}.
     *
     * @return whether the source may be written; if not, {@link #error()} says why
     */
    public boolean takeSource() {
        tags.begin();
        payload.begin();
        members.clear();
        return source();
    }

    private boolean passed(byte[] text, int start, int end, @Nullable FieldMeaning forced) {
        scanner.reset(text, start, end);
        try {
            members.read(forced);
            if (!scanner.atEnd()) {
                throw scanner.wrong("the end of the document");
            }
        } catch (JsonSyntaxException failure) {
            return fail(
                    "document: "
                            + found(text, failure.offset(), end)
                            + " at byte "
                            + (failure.offset() - start)
                            + " (expected: "
                            + failure.expected()
                            + ")");
        }
        return fits(end - start);
    }

    private static String found(byte[] text, int offset, int end) {
        if (offset >= end) {
            return "the end";
        }
        int next = text[offset] & 0xFF;
        return next > ' ' && next < 0x7F
                ? "'" + (char) next + "'"
                : String.format("byte 0x%02X", next);
    }

    private boolean fits(int size) {
        if (size > documentBytesMax) {
            fail("document: " + size + " bytes (expected: at most " + documentBytesMax + ")");
            errorCode = ErrorCode.TOO_LARGE;
            return false;
        }
        if (members.isOverfull()) {
            int max = Limits.DOCUMENT_MEMBERS_MAX;
            return fail("document: more than " + max + " members (expected: at most that)");
        }
        int deepest = members.deepest();
        return deepest <= Limits.DEPTH_MAX
                || fail(
                        "document: "
                                + deepest
                                + " levels of nesting (expected: at most "
                                + Limits.DEPTH_MAX
                                + ")");
    }

    /* First of all, since it may be refused. */
    private boolean source() {
        byte[] fallback = fallbackSource;
        hasSource = namedSource(FieldRole.SOURCE);
        if (!hasSource && (fallback != null || !namedSource(FieldRole.HOST))) {
            value.set(fallback == null ? UNKNOWN_SOURCE : fallback);
        }
        String wrong = sources.check("source", value.bytes, value.from, value.to);
        if (wrong != null) {
            fail(wrong);
            errorCode = sources.errorCode();
            return false;
        }
        builder.source(value.bytes, value.from, value.length());
        return true;
    }

    private boolean namedSource(FieldRole role) {
        for (int index = 0; index < members.candidateCount(role); index++) {
            int member = members.candidate(role, index);
            if (members.type(member) == JsonType.NULL) {
                members.use(member);
            } else if (members.type(member) == JsonType.STRING) {
                value.locate(member);
                if (value.length() > 0
                        && value.length() <= Limits.SOURCE_CHARACTERS_MAX
                        && !value.is("generic")) {
                    use(member);
                    return true;
                }
            }
        }
        return false;
    }

    private boolean columns() {
        tags.begin();
        payload.begin();
        level.begin();
        hasTime = first(FieldRole.TIME, time::take) || time.takeDateAndTime();
        hasMessage = first(FieldRole.MESSAGE, this::message);
        first(FieldRole.LEVEL, level::take);
        first(FieldRole.SYSLOG_SEVERITY, level::takeSyslog);
        first(FieldRole.SEVERITY_NUMBER, level::takeNumber);
        boolean known = first(FieldRole.TRACE_PARENT, trace::takeParent);
        first(FieldRole.TRACE, member -> trace.takeTrace(member, known));
        first(FieldRole.SPAN, member -> trace.takeSpan(member, known));
        first(FieldRole.EVENT_TYPE, this::eventType);
        first(FieldRole.LOG_GROUP, this::logGroup);
        fields();
        tags.finish();
        payload.finish();
        return true;
    }

    private interface Fit {
        boolean take(int member);
    }

    /* Whether a member is the role's; those that are null say nothing and are dropped. */
    private boolean first(FieldRole role, Fit fit) {
        int count = members.candidateCount(role);
        if (count == 0) {
            return false;
        }
        boolean found = false;
        for (int index = 0; index < count; index++) {
            int member = members.candidate(role, index);
            if (members.type(member) == JsonType.NULL) {
                members.use(member);
            } else if (!found && fit.take(member)) {
                use(member);
                found = true;
            }
        }
        return found;
    }

    private void use(int member) {
        if (!members.meaning(member).kept()) {
            members.use(member);
        }
    }

    private void fields() {
        boolean strict = members.isStrict();
        for (int member = 0; member < members.count(); member++) {
            if (members.isUsed(member)) {
                continue;
            }
            JsonType type = members.type(member);
            FieldMeaning meaning = members.meaning(member);
            boolean nested = type == JsonType.OBJECT || type == JsonType.ARRAY;
            boolean tag =
                    meaning.role() == FieldRole.FIXED
                            ? meaning.tag()
                            : !nested && (strict ? meaning.strict() : meaning.tag());
            members.locate(member);
            (tag ? tags : payload)
                    .put(
                            members.nameText(member),
                            members.nameFrom(member),
                            members.nameTo(member),
                            type);
        }
    }

    private boolean message(int member) {
        JsonType type = members.type(member);
        if (type == JsonType.OBJECT || type == JsonType.ARRAY) {
            return false;
        }
        value.locate(member);
        /* The line's end, which container engines leave. */
        if (value.length() > 0
                && value.bytes[value.to - 1] == '\n'
                && value.isNamed(member, "log")) {
            value.to -= value.to - 1 > value.from && value.bytes[value.to - 2] == '\r' ? 2 : 1;
        }
        builder.message(value.bytes, value.from, value.length());
        return true;
    }

    private boolean eventType(int member) {
        if (members.type(member) != JsonType.STRING) {
            return false;
        }
        value.locate(member);
        String text = value.string();
        EventType type = EventType.parse(text).orElse(null);
        if (type == null) {
            tags.add("event_type", text);
        } else {
            builder.type(type);
        }
        return true;
    }

    private boolean logGroup(int member) {
        value.locate(member);
        if (members.type(member) == JsonType.STRING) {
            tags.add("log_group", value.string());
            return true;
        }
        if (members.type(member) != JsonType.ARRAY
                || value.length() > Limits.LOG_GROUPS_BYTES_MAX) {
            return false;
        }
        List<String> items = JsonMembers.items(value.string());
        if (items == null || items.isEmpty() || !items.getFirst().startsWith("\"")) {
            return false;
        }
        String first = items.getFirst();
        tags.add("log_group", first.substring(1, first.length() - 1));
        return items.size() == 1;
    }

    private boolean fail(String message) {
        error = message;
        errorCode = ErrorCode.VALIDATION_ERROR;
        return false;
    }
}
