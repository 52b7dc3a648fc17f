package dev.belfry.receive;

import dev.belfry.model.EventBatch;
import dev.belfry.model.EventType;
import dev.belfry.model.FieldColumn;
import dev.belfry.model.FieldSpace;
import dev.belfry.model.time.Timestamps;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

/** Decodes for tests and shows each row as one line of text. */
public final class Decoding {
    /** The time of events that have none. */
    public static final long NOW = Timestamps.parse("2026-01-24T10:00:00Z");

    private Decoding() {}

    /** Decodes a body by its content, with the default limits. */
    public static DecodedEvents decode(String body) {
        return decode(body.getBytes(StandardCharsets.UTF_8));
    }

    /** As above. */
    public static DecodedEvents decode(byte[] body) {
        return JsonEvents.decode(
                body, body.length, null, JsonEventsConfig.DEFAULTS, NOW, SourceRule.ANY);
    }

    /** Each row: members in a fixed order, fields sorted, values with their kind. */
    public static List<String> rows(EventBatch batch) {
        List<TreeMap<String, String>> rows = new ArrayList<>();
        for (int row = 0; row < batch.count(); row++) {
            TreeMap<String, String> members = new TreeMap<>();
            members.put("event_type", EventType.of(batch.types()[row]).text());
            members.put("source", batch.sources().text(row));
            members.put("timestamp", Timestamps.format(batch.timestampsNanos()[row]));
            if (!batch.messages().isNull(row)) {
                members.put("message", batch.messages().text(row));
            }
            if (!batch.levels().isNull(row)) {
                members.put("level", batch.levels().text(row));
            }
            ids(batch, row, members);
            rows.add(members);
        }
        for (FieldColumn field : batch.fields()) {
            for (int index = 0; index < field.count(); index++) {
                String name = field.key();
                if (field.space() != FieldSpace.EVENT) {
                    name = field.space() + "." + name;
                }
                String value = field.values().text(index);
                if (field.space() != FieldSpace.EVENT) {
                    value = field.kind(index) + (value.isEmpty() ? "" : " " + value);
                }
                rows.get(field.rows()[index]).put(name, value);
            }
        }
        return rows.stream().map(TreeMap::toString).toList();
    }

    private static void ids(EventBatch batch, int row, TreeMap<String, String> members) {
        long[] traces = batch.traceIds();
        if (traces != null && (traces[2 * row] | traces[2 * row + 1]) != 0) {
            members.put(
                    "trace_id", String.format("%016x%016x", traces[2 * row], traces[2 * row + 1]));
        }
        long[] spans = batch.spanIds();
        if (spans != null && spans[row] != 0) {
            members.put("span_id", String.format("%016x", spans[row]));
        }
    }

    /** The one row of a body. */
    public static String row(String body) {
        DecodedEvents decoded = decode(body);
        if (!decoded.errors().isEmpty()) {
            throw new AssertionError(decoded.errors().toString());
        }
        return rows(decoded.batch()).getFirst();
    }

    /** The item indexes of the rows. */
    public static List<Integer> items(DecodedEvents decoded) {
        return Arrays.stream(decoded.itemOf()).boxed().toList();
    }

    /** The message of the body's only error. */
    public static String error(String body) {
        DecodedEvents decoded = decode(body);
        if (decoded.errors().size() != 1) {
            throw new AssertionError(decoded.errors() + " for " + body);
        }
        return decoded.errors().getFirst().code() + " " + decoded.errors().getFirst().message();
    }
}
