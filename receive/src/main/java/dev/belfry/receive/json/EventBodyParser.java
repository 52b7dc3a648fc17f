package dev.belfry.receive.json;

import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.model.EventBatchBuilder;
import dev.belfry.receive.DecodedEvents;
import dev.belfry.receive.ItemError;
import dev.belfry.receive.JsonEventsConfig;
import dev.belfry.receive.SourceRule;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Takes a body apart into its items; used once. */
public final class EventBodyParser {
    private static final String FORMS =
            "a JSON object, an array of objects, or one object a line (NDJSON)";
    private static final int EVENT_BYTES_GUESS = 300;

    private final byte[] body;
    private final int length;
    private final JsonEventsConfig config;
    private final JsonScanner scanner;
    private final EventBatchBuilder builder;
    private final EventParser events;
    private final List<ItemError> errors = new ArrayList<>();
    private int[] itemOf;
    private int items;

    /** A parser of {@code body[0 .. length)}. */
    public EventBodyParser(
            byte[] body, int length, JsonEventsConfig config, long nowNanos, SourceRule sources) {
        this.body = body;
        this.length = length;
        this.config = config;
        scanner = new JsonScanner(body, length);
        int expected = Math.clamp(length / EVENT_BYTES_GUESS + 1L, 1, Limits.EXPECTED_EVENTS_MAX);
        builder =
                new EventBatchBuilder(
                        expected, Math.max(EventBatchBuilder.WRITTEN_BYTES_MAX, 2L * length));
        itemOf = new int[expected];
        events = new EventParser(scanner, builder, config, nowNanos, sources);
    }

    /**
     * The events of the body.
     *
     * @param lines whether each line is an item whatever the content looks like
     * @throws BelfryException VALIDATION_ERROR, TOO_LARGE as {@code JsonEvents} says
     */
    public DecodedEvents parse(boolean lines) {
        skipByteOrderMark();
        if (scanner.atEnd()) {
            throw new BelfryException(
                    ErrorCode.VALIDATION_ERROR, "body: empty (expected: " + FORMS + ")");
        }
        byte first = body[scanner.at];
        if (lines) {
            lines();
        } else if (first == '[') {
            wholeBody(this::array);
        } else if (first != '{') {
            throw wrong(scanner.at, FORMS);
        } else if (isLines()) {
            lines();
        } else {
            wholeBody(this::single);
            return decoded(true);
        }
        return decoded(false);
    }

    private void skipByteOrderMark() {
        boolean marked =
                length >= 3
                        && body[0] == (byte) 0xEF
                        && body[1] == (byte) 0xBB
                        && body[2] == (byte) 0xBF;
        scanner.at = marked ? 3 : 0;
    }

    private DecodedEvents decoded(boolean single) {
        return new DecodedEvents(
                builder.build(),
                Arrays.copyOf(itemOf, items - errors.size()),
                errors,
                single,
                items);
    }

    /*
     * A body that begins with an object is lines when text follows the object; and when the object is broken,
     * if the second line that is not blank begins with an object too, which JSON has nowhere in good style.
     */
    private boolean isLines() {
        int start = scanner.at;
        int lineEnd = lineEnd(start, length);
        if (isBlank(lineEnd, length)) {
            return false;
        }
        try {
            scanner.value();
            return !scanner.atEnd();
        } catch (JsonSyntaxException _) {
            scanner.at = lineEnd;
            while (scanner.at < length && isBlank(scanner.at, lineEnd(scanner.at + 1, length))) {
                scanner.at = lineEnd(scanner.at + 1, length);
            }
            return scanner.at + 1 < length && body[scanner.at + 1] == '{';
        } finally {
            scanner.at = start;
        }
    }

    private int lineEnd(int from, int end) {
        return JsonScanner.lineEnd(body, from, end);
    }

    private boolean isBlank(int from, int to) {
        for (int at = from; at < to; at++) {
            byte next = body[at];
            if (next != ' ' && next != '\n' && next != '\r' && next != '\t') {
                return false;
            }
        }
        return true;
    }

    private void lines() {
        int start = scanner.at;
        while (start < length) {
            int lineEnd = lineEnd(start, length);
            scanner.at = start;
            scanner.end = lineEnd;
            if (!scanner.atEnd()) {
                line(start);
            }
            start = lineEnd + 1;
        }
    }

    private void line(int lineStart) {
        try {
            item(true);
        } catch (JsonSyntaxException failure) {
            String found = found(failure.offset(), scanner.end, "the end of the line");
            int column = failure.offset() - lineStart + 1;
            errors.add(
                    new ItemError(
                            items++,
                            ErrorCode.VALIDATION_ERROR,
                            "line: "
                                    + found
                                    + " at column "
                                    + column
                                    + " (expected: "
                                    + failure.expected()
                                    + ")"));
        }
    }

    private void array() {
        scanner.at++;
        if (scanner.token("an object or ']'") == ']') {
            scanner.at++;
            end();
            return;
        }
        while (true) {
            item(false);
            byte next = scanner.token("',' or ']'");
            if (next != ',' && next != ']') {
                throw scanner.wrong("',' or ']'");
            }
            scanner.at++;
            if (next == ']') {
                end();
                return;
            }
        }
    }

    private void single() {
        item(false);
        end();
    }

    private void end() {
        if (!scanner.atEnd()) {
            throw scanner.wrong("the end of the body");
        }
    }

    private void item(boolean line) {
        if (items >= config.itemsMax()) {
            throw new BelfryException(
                    ErrorCode.TOO_LARGE,
                    "body: more than "
                            + config.itemsMax()
                            + " events (expected: at most "
                            + config.itemsMax()
                            + ")");
        }
        if (scanner.token("an object") != '{') {
            JsonType type = scanner.value();
            if (line) {
                scanner.lineEnd();
            }
            error(ErrorCode.VALIDATION_ERROR, "item: " + type.words() + " (expected: an object)");
        } else if (events.parse(line)) {
            if (builder.count() > itemOf.length) {
                itemOf = Arrays.copyOf(itemOf, itemOf.length * 2);
            }
            itemOf[builder.count() - 1] = items++;
        } else {
            error(events.errorCode(), events.error());
        }
    }

    private void error(ErrorCode code, String message) {
        errors.add(new ItemError(items++, code, message));
    }

    private void wholeBody(Runnable form) {
        try {
            form.run();
        } catch (JsonSyntaxException failure) {
            throw wrong(failure.offset(), failure.expected());
        }
    }

    private BelfryException wrong(int offset, String expected) {
        int line = 1;
        int lineStart = 0;
        for (int at = 0; at < offset; at++) {
            if (body[at] == '\n') {
                line++;
                lineStart = at + 1;
            }
        }
        int column = JsonText.characters(body, lineStart, offset) + 1;
        return new BelfryException(
                ErrorCode.VALIDATION_ERROR,
                "body: "
                        + found(offset, length, "the end")
                        + " at line "
                        + line
                        + ", column "
                        + column
                        + ", byte "
                        + offset
                        + " (expected: "
                        + expected
                        + ")",
                Map.of("line", line, "column", column, "offset", offset));
    }

    /* The character at offset as an error shows it. */
    private String found(int offset, int end, String atEnd) {
        if (offset >= end) {
            return atEnd;
        }
        int next = body[offset] & 0xFF;
        if (next < ' ' || next == 0x7F) {
            return String.format("control character 0x%02X", next);
        }
        if (next < 0x80) {
            return "'" + (char) next + "'";
        }
        String some = new String(body, offset, Math.min(4, end - offset), StandardCharsets.UTF_8);
        return "'" + Character.toString(some.codePointAt(0)) + "'";
    }
}
