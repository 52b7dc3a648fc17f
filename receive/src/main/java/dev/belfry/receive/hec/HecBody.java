package dev.belfry.receive.hec;

import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.model.time.Timestamps;
import dev.belfry.receive.DecodedEvents;
import dev.belfry.receive.HecEvents.Metadata;
import dev.belfry.receive.HecFault;
import dev.belfry.receive.JsonEventsConfig;
import dev.belfry.receive.SourceRule;
import dev.belfry.receive.json.DocumentParser;
import dev.belfry.receive.json.ItemRows;
import dev.belfry.receive.json.JsonScanner;
import dev.belfry.receive.json.JsonSyntaxException;
import dev.belfry.receive.json.JsonType;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Takes a body of the HTTP Event Collector apart; used once. */
public final class HecBody {
    /* Names of formats, not of who wrote. */
    private static final Set<String> FORMATS =
            Set.of("_json", "json", "httpevent", "generic_single_line", "_raw", "log4j");

    private final byte[] body;
    private final int length;
    private final JsonEventsConfig limits;
    private final Metadata metadata;
    private final long nowNanos;
    private final JsonScanner scanner;
    private final ItemRows rows;
    private final DocumentParser documents;
    private @Nullable HecFault fault;

    /* Of the event being read. */
    private @Nullable String host;
    private @Nullable String source;
    private @Nullable String sourcetype;
    private @Nullable String index;
    private @Nullable String time;
    private @Nullable JsonType eventType;
    private int eventFrom;
    private int eventTo;
    private boolean eventEscaped;
    private @Nullable JsonType fieldsType;
    private int fieldsFrom;
    private int fieldsTo;

    /** A parser of {@code body[0 .. length)}; the rest as {@code HecEvents} says. */
    public HecBody(
            byte[] body,
            int length,
            JsonEventsConfig limits,
            Metadata metadata,
            long nowNanos,
            SourceRule sources) {
        this.body = body;
        this.length = length;
        this.limits = limits;
        this.metadata = metadata;
        this.nowNanos = nowNanos;
        scanner = new JsonScanner(body, length);
        rows = new ItemRows(length);
        documents = new DocumentParser(rows.builder(), limits, nowNanos, sources);
    }

    /** What is wrong with the first bad event; null when all are good. */
    public @Nullable HecFault fault() {
        return fault;
    }

    /** The events of a body of JSON. */
    public DecodedEvents parse() {
        try {
            while (!scanner.atEnd()) {
                admit();
                begin();
                envelope();
                event();
            }
        } catch (JsonSyntaxException failure) {
            bad(
                    HecFault.INVALID_FORMAT,
                    "event: byte " + failure.offset() + " (expected: " + failure.expected() + ")");
        }
        return rows.decoded();
    }

    /** The events of a body of text: a line of JSON is a document, any other a message. */
    public DecodedEvents parseRaw() {
        int from = 0;
        while (from < length) {
            int end = JsonScanner.lineEnd(body, from, length);
            int to = end > from && body[end - 1] == '\r' ? end - 1 : end;
            if (to > from) {
                admit();
                begin();
                eventFrom = from;
                eventTo = to;
                prepare();
                if (body[from] == '{' && documents.take(body, from, to)) {
                    finish();
                } else {
                    text(new String(body, from, to - from, StandardCharsets.UTF_8));
                }
            }
            from = end + 1;
        }
        return rows.decoded();
    }

    private void admit() {
        if (rows.count() >= limits.itemsMax()) {
            throw new BelfryException(
                    ErrorCode.TOO_LARGE,
                    "body: more than " + limits.itemsMax() + " events (expected: at most that)");
        }
    }

    private void begin() {
        host = metadata.host();
        source = metadata.source();
        sourcetype = metadata.sourcetype();
        index = metadata.index();
        time = metadata.time();
        eventType = null;
        fieldsType = null;
    }

    private void envelope() {
        if (scanner.token("an object") != '{') {
            throw scanner.wrong("an object");
        }
        scanner.at++;
        if (!scanner.ends('}', "a name in quotes or '}'")) {
            do {
                scanner.name();
                member(scanner.text());
            } while (scanner.another('}'));
        }
    }

    /* Splunk knows no other members and lets them pass. */
    private void member(String name) {
        JsonType type = scanner.value();
        boolean scalar = type == JsonType.STRING || type == JsonType.NUMBER;
        switch (name) {
            case "event" -> {
                eventType = type;
                eventFrom = scanner.from;
                eventTo = scanner.to;
                eventEscaped = type == JsonType.STRING && scanner.escaped;
            }
            case "fields" -> {
                fieldsType = type == JsonType.NULL ? null : type;
                fieldsFrom = scanner.from;
                fieldsTo = scanner.to;
            }
            case "host" -> host = scalar ? text() : host;
            case "source" -> source = scalar ? text() : source;
            case "sourcetype" -> sourcetype = scalar ? text() : sourcetype;
            case "index" -> index = scalar ? text() : index;
            case "time" -> time = type == JsonType.NULL ? time : text();
            default -> {}
        }
    }

    private String text() {
        return scanner.to - scanner.from > Limits.METADATA_BYTES_MAX ? "" : scanner.text();
    }

    private void event() {
        JsonType type = eventType;
        if (type == null || type == JsonType.NULL) {
            bad(HecFault.EVENT_REQUIRED, "event: missing (expected: a text or an object)");
        } else if (type == JsonType.STRING && eventTo == eventFrom) {
            bad(HecFault.EVENT_BLANK, "event: empty (expected: a text or an object)");
        } else if (fieldsType != null && fieldsType != JsonType.OBJECT) {
            bad(HecFault.FIELDS, "fields: " + fieldsType.words() + " (expected: an object)");
        } else if (type == JsonType.OBJECT) {
            prepare();
            if (documents.take(body, eventFrom, eventTo)) {
                finish();
            } else {
                refused();
            }
        } else {
            prepare();
            scanner.from = eventFrom;
            scanner.to = eventTo;
            scanner.escaped = eventEscaped;
            text(scanner.text());
        }
    }

    private void prepare() {
        rows.builder().timestampNanos(nowNanos);
        documents.fallbackSource(fallback());
    }

    private @Nullable String fallback() {
        if (isName(source)) {
            return source;
        }
        String format = sourcetype;
        if (isName(format) && format != null && !FORMATS.contains(format)) {
            return format;
        }
        return isName(host) ? host : null;
    }

    private static boolean isName(@Nullable String text) {
        return text != null && !text.isEmpty() && text.length() <= Limits.SOURCE_CHARACTERS_MAX;
    }

    private void text(String message) {
        if (eventTo - eventFrom > limits.eventBytesMax()) {
            bad(
                    HecFault.INVALID_FORMAT,
                    "event: "
                            + (eventTo - eventFrom)
                            + " bytes (expected: at most "
                            + limits.eventBytesMax()
                            + ")");
        } else if (documents.takeSource()) {
            rows.builder().message(message);
            finish();
        } else {
            refused();
        }
    }

    private void refused() {
        bad(
                documents.errorCode() == ErrorCode.FORBIDDEN
                        ? HecFault.INCORRECT_INDEX
                        : HecFault.INVALID_FORMAT,
                documents.error());
    }

    /* What stands around the event holds whatever the event says. */
    private void finish() {
        if (time != null) {
            byte[] text = time.strip().getBytes(StandardCharsets.UTF_8);
            long nanos = Timestamps.tryParseEpoch(text, 0, text.length);
            if (nanos == Timestamps.NONE) {
                bad(HecFault.INVALID_FORMAT, "time: " + time + " (expected: epoch seconds)");
                return;
            }
            rows.builder().timestampNanos(nanos);
        }
        tag("host", host);
        tag("sourcetype", sourcetype);
        tag("index", index);
        if (documents.hasSource()) {
            tag("splunk_source", source);
        }
        if (fieldsType != null && !documents.takeTags(body, fieldsFrom, fieldsTo)) {
            bad(HecFault.FIELDS, documents.error());
            return;
        }
        rows.good();
    }

    private void tag(String name, @Nullable String text) {
        if (text != null && !text.isEmpty()) {
            documents.tag(name, text);
        }
    }

    private void bad(HecFault found, String message) {
        if (fault == null) {
            fault = found;
        }
        rows.bad(
                found == HecFault.INCORRECT_INDEX
                        ? ErrorCode.FORBIDDEN
                        : ErrorCode.VALIDATION_ERROR,
                message);
    }
}
