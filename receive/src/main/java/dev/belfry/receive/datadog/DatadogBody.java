package dev.belfry.receive.datadog;

import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.receive.DecodedEvents;
import dev.belfry.receive.JsonEventsConfig;
import dev.belfry.receive.SourceRule;
import dev.belfry.receive.json.DocumentParser;
import dev.belfry.receive.json.FieldMeaning;
import dev.belfry.receive.json.FieldNames;
import dev.belfry.receive.json.FieldRole;
import dev.belfry.receive.json.ItemRows;
import dev.belfry.receive.json.JsonScanner;
import dev.belfry.receive.json.JsonSyntaxException;
import dev.belfry.receive.json.JsonType;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Takes a body of Datadog's logs intake apart; used once. */
public final class DatadogBody {
    /* What Datadog reserves, https://docs.datadoghq.com/logs/log_configuration/attributes_naming_convention. */
    private static final Map<String, FieldMeaning> RESERVED =
            Map.of(
                    "status", FieldMeaning.best(FieldRole.LEVEL),
                    "ddsource", FieldMeaning.context(),
                    "hostname", FieldMeaning.context(),
                    "ddtags", FieldMeaning.LEFT_OUT);

    private final byte[] body;
    private final JsonEventsConfig limits;
    private final long nowNanos;
    private final JsonScanner scanner;
    private final ItemRows rows;
    private final DocumentParser documents;

    /* Of the log being read. */
    private @Nullable String tags;
    private @Nullable String source;
    private @Nullable String hostname;

    /** A parser of {@code body[0 .. length)}; the rest as {@code DatadogLogs} says. */
    public DatadogBody(
            byte[] body, int length, JsonEventsConfig limits, long nowNanos, SourceRule sources) {
        this.body = body;
        this.limits = limits;
        this.nowNanos = nowNanos;
        scanner = new JsonScanner(body, length);
        rows = new ItemRows(length);
        documents =
                new DocumentParser(
                        rows.builder(),
                        limits,
                        nowNanos,
                        sources,
                        name -> RESERVED.getOrDefault(name, FieldNames.meaning(name)));
    }

    /** The events of the body; {@code DatadogLogs} says what it throws. */
    public DecodedEvents parse() {
        try {
            if (scanner.token("a log or an array of logs") == '[') {
                scanner.at++;
                array();
            } else {
                while (!scanner.atEnd()) {
                    log();
                }
            }
        } catch (JsonSyntaxException failure) {
            throw new BelfryException(
                    ErrorCode.VALIDATION_ERROR,
                    "body: byte " + failure.offset() + " (expected: " + failure.expected() + ")");
        }
        return rows.decoded();
    }

    private void array() {
        if (scanner.token("a log or ']'") == ']') {
            scanner.at++;
        } else {
            byte next;
            do {
                log();
                next = scanner.token("',' or ']'");
                if (next != ',' && next != ']') {
                    throw scanner.wrong("',' or ']'");
                }
                scanner.at++;
            } while (next == ',');
        }
        if (!scanner.atEnd()) {
            throw scanner.wrong("the end of the body");
        }
    }

    private void log() {
        if (rows.count() >= limits.itemsMax()) {
            throw new BelfryException(
                    ErrorCode.TOO_LARGE,
                    "body: more than " + limits.itemsMax() + " logs (expected: at most that)");
        }
        tags = null;
        source = null;
        hostname = null;
        if (scanner.token("a log") != '{') {
            throw scanner.wrong("an object");
        }
        int from = scanner.at;
        members();
        rows.builder().timestampNanos(nowNanos);
        documents.fallbackSource(fallback());
        if (!documents.take(body, from, scanner.at)) {
            rows.bad(documents.errorCode(), documents.error());
            return;
        }
        tags();
        rows.good();
    }

    private void members() {
        scanner.at++;
        if (scanner.token("a name in quotes or '}'") == '}') {
            scanner.at++;
            return;
        }
        byte next;
        do {
            scanner.name();
            boolean reserved = isReserved();
            String name = reserved ? scanner.text() : "";
            JsonType type = scanner.value();
            if (reserved
                    && type == JsonType.STRING
                    && scanner.to - scanner.from <= Limits.TAGS_BYTES_MAX) {
                switch (name) {
                    case "ddtags" -> tags = scanner.text();
                    case "ddsource" -> source = scanner.text();
                    default -> hostname = scanner.text();
                }
            }
            next = scanner.token("',' or '}'");
            if (next != ',' && next != '}') {
                throw scanner.wrong("',' or '}'");
            }
            scanner.at++;
        } while (next == ',');
    }

    private boolean isReserved() {
        int size = scanner.to - scanner.from;
        byte first = scanner.text[scanner.from];
        return size == 6 && first == 'd' && scanner.text().equals("ddtags")
                || size == 8
                        && (first == 'd' && scanner.text().equals("ddsource")
                                || first == 'h' && scanner.text().equals("hostname"));
    }

    private @Nullable String fallback() {
        for (String name : new @Nullable String[] {hostname, source}) {
            if (name != null && !name.isEmpty() && name.length() <= Limits.SOURCE_CHARACTERS_MAX) {
                return name;
            }
        }
        return null;
    }

    /* env:prod,version:1,canary */
    private void tags() {
        if (tags == null) {
            return;
        }
        StringBuilder bare = new StringBuilder();
        for (String tag : tags.split(",", Limits.TAGS_MAX)) {
            String text = tag.strip();
            int colon = text.indexOf(':');
            if (colon > 0) {
                documents.tag(text.substring(0, colon), text.substring(colon + 1));
            } else if (!text.isEmpty()) {
                bare.append(bare.isEmpty() ? "" : ",").append(text);
            }
        }
        if (!bare.isEmpty()) {
            documents.tag("ddtags", bare.toString());
        }
    }
}
