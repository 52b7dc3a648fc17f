package dev.belfry.receive.prepare;

import dev.belfry.model.BytesColumn;
import dev.belfry.model.EventBatch;
import dev.belfry.model.FieldColumn;
import dev.belfry.model.FieldSpace;
import dev.belfry.model.ValueKind;
import dev.belfry.receive.prepare.LiteralScan.Literal;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Takes missing trace and span ids from tags, payload and messages; safe for many threads. */
final class Traces {
    private static final Set<String> TRACE_NAMES =
            Set.of("traceid", "ddtraceid", "oteltraceid", "xb3traceid", "logtraceid");
    private static final Set<String> SPAN_NAMES =
            Set.of("spanid", "ddspanid", "otelspanid", "xb3spanid");
    private static final String PARENT = "traceparent";
    private static final int TRACE_DIGITS = 32;
    private static final int SPAN_DIGITS = 16;
    private static final int DECIMAL_DIGITS_MIN = 15;
    private static final int DECIMAL_DIGITS_MAX = 20;
    private static final int KEY_BEFORE_MAX = 16;
    private static final int KEY_LENGTH_MAX = 20;

    private final LiteralScan scan =
            new LiteralScan(
                    List.of(
                            Literal.of("trace_id"),
                            Literal.of("traceid"),
                            Literal.of("trace-id"),
                            Literal.of("trace.id"),
                            Literal.of("span_id"),
                            Literal.of("spanid"),
                            Literal.of("span.id"),
                            Literal.of(PARENT)),
                    false);

    /* What was found so far, two longs and one a row. */
    private static final class Found {
        private final long[] traces;
        private final long[] spans;
        private boolean any;

        Found(EventBatch batch) {
            int count = batch.count();
            traces = batch.traceIds() == null ? new long[2 * count] : batch.traceIds().clone();
            spans = batch.spanIds() == null ? new long[count] : batch.spanIds().clone();
        }

        boolean hasTrace(int row) {
            return (traces[2 * row] | traces[2 * row + 1]) != 0;
        }

        void trace(int row, long high, long low) {
            if (!hasTrace(row) && (high | low) != 0) {
                traces[2 * row] = high;
                traces[2 * row + 1] = low;
                any = true;
            }
        }

        void span(int row, long id) {
            if (spans[row] == 0 && id != 0) {
                spans[row] = id;
                any = true;
            }
        }
    }

    /** The batch with ids: the same one when none was found. */
    EventBatch find(EventBatch batch) {
        if (isComplete(batch) || batch.field(FieldSpace.EVENT, "trace_id") != null) {
            return batch;
        }
        Found found = null;
        for (FieldColumn field : batch.fields()) {
            String name = plain(field.key());
            if (name != null) {
                found = found == null ? new Found(batch) : found;
                field(field, name, found);
            }
        }
        BytesColumn messages = batch.messages();
        int end = messages.count() == 0 ? 0 : messages.end(messages.count() - 1);
        int at = scan.next(messages.data(), 0, end, false);
        int row = 0;
        while (at != LiteralScan.END) {
            while (at >= messages.end(row)) {
                row++;
            }
            found = found == null ? new Found(batch) : found;
            at = scan.next(messages.data(), look(messages, row, at, found), end, false);
        }
        return found == null || !found.any ? batch : batch.withTraces(found.traces, found.spans);
    }

    private static boolean isComplete(EventBatch batch) {
        long[] traces = batch.traceIds();
        if (traces == null) {
            return false;
        }
        for (int at = 0; at < traces.length; at += 2) {
            if ((traces[at] | traces[at + 1]) == 0) {
                return false;
            }
        }
        return true;
    }

    /* The name without what parts its words, if it is one of ours. */
    private static @Nullable String plain(String key) {
        int length = key.length();
        if (length > KEY_LENGTH_MAX || length == 0 || "dDtT".indexOf(key.charAt(length - 1)) < 0) {
            return null;
        }
        StringBuilder letters = new StringBuilder(KEY_LENGTH_MAX);
        for (int at = 0; at < length; at++) {
            char unit = key.charAt(at);
            if (unit != '_' && unit != '.' && unit != '-') {
                letters.append(unit);
            }
        }
        String name = Bytes.lower(letters.toString());
        return TRACE_NAMES.contains(name) || SPAN_NAMES.contains(name) || name.equals(PARENT)
                ? name
                : null;
    }

    private static void field(FieldColumn field, String name, Found found) {
        BytesColumn values = field.values();
        for (int index = 0; index < field.count(); index++) {
            if (field.kind(index) == ValueKind.STRING || field.kind(index) == ValueKind.NUMBER) {
                value(
                        name,
                        values.data(),
                        values.start(index),
                        values.end(index),
                        field.rows()[index],
                        found);
            }
        }
    }

    private static void value(String name, byte[] data, int from, int to, int row, Found found) {
        int length = to - from;
        boolean trace = TRACE_NAMES.contains(name);
        if (name.equals(PARENT)) {
            if (length == 55
                    && data[from + 2] == '-'
                    && data[from + 35] == '-'
                    && !found.hasTrace(row)) {
                trace(data, from + 3, row, found);
                span(data, from + 36, row, found);
            }
        } else if (trace && length == TRACE_DIGITS) {
            trace(data, from, row, found);
        } else if (length == SPAN_DIGITS && isHex(data, from, to)) {
            long id = Long.parseUnsignedLong(Bytes.text(data, from, to), 16);
            if (trace) {
                found.trace(row, 0, id);
            } else {
                found.span(row, id);
            }
        } else if (length >= DECIMAL_DIGITS_MIN
                && length <= DECIMAL_DIGITS_MAX
                && name.startsWith("dd")) {
            decimal(Bytes.text(data, from, to), trace, row, found);
        }
    }

    /* Datadog's ids are unsigned decimal numbers of 64 bits. */
    private static void decimal(String text, boolean trace, int row, Found found) {
        try {
            long id = Long.parseUnsignedLong(text);
            if (trace) {
                found.trace(row, 0, id);
            } else {
                found.span(row, id);
            }
        } catch (NumberFormatException _) {
            return;
        }
    }

    private static void trace(byte[] data, int from, int row, Found found) {
        if (isHex(data, from, from + TRACE_DIGITS)) {
            found.trace(
                    row,
                    Long.parseUnsignedLong(Bytes.text(data, from, from + 16), 16),
                    Long.parseUnsignedLong(Bytes.text(data, from + 16, from + 32), 16));
        }
    }

    private static void span(byte[] data, int from, int row, Found found) {
        if (isHex(data, from, from + SPAN_DIGITS)) {
            found.span(row, Long.parseUnsignedLong(Bytes.text(data, from, from + 16), 16));
        }
    }

    private static boolean isHex(byte[] data, int from, int to) {
        for (int at = from; at < to; at++) {
            if (Character.digit(data[at], 16) < 0) {
                return false;
            }
        }
        return true;
    }

    /* key=value, key: value, "key":"value" in a message; answers where to go on. */
    private int look(BytesColumn messages, int row, int at, Found found) {
        byte[] data = messages.data();
        int to = messages.end(row);
        int[] candidates = scan.candidates(data, at, to);
        for (int index = 0; index < candidates.length; index += 2) {
            int start = at - candidates[index + 1];
            if (start < messages.start(row) || !scan.matches(candidates[index], data, start, to)) {
                continue;
            }
            int keyEnd = start + scan.length(candidates[index]);
            int keyStart = start;
            int lowest = Math.max(messages.start(row), start - KEY_BEFORE_MAX);
            while (keyStart > lowest
                    && (Bytes.isWord(data[keyStart - 1]) || data[keyStart - 1] == '.')) {
                keyStart--;
            }
            String name = plain(Bytes.text(data, keyStart, keyEnd));
            int from = keyEnd;
            while (from < to && from - keyEnd < 6 && "\"'\\:= ".indexOf(data[from]) >= 0) {
                from++;
            }
            if (name != null && from > keyEnd) {
                value(
                        name,
                        data,
                        from,
                        Bytes.wordEnd(data, from, Math.min(to, from + 64)),
                        row,
                        found);
            }
            return Math.max(keyEnd, at + 2);
        }
        return at + 2;
    }
}
