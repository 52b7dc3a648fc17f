package dev.belfry.store.column;

import dev.belfry.model.FieldColumn;
import dev.belfry.model.FieldSpace;
import java.util.Locale;

/**
 * A physical column: which field of the event, in which form.
 *
 * <p>One field may have several (a tag that is a number here and a string there); a row has a value
 * in at most one of them.
 *
 * @param space where the field stands
 * @param key its name; {@link FieldColumn#REST} for the members without a column of their own
 * @param form how values are kept
 * @param scale decimal digits after the point, 0–9, for {@link Form#DECIMAL}; else 0
 */
public record ColumnSpec(FieldSpace space, String key, Form form, int scale) {
    /** The journal offset, which orders rows of one time and makes the id. */
    public static final ColumnSpec OFFSET = event("offset", Form.INTEGER);

    /** When Belfry took the event in. */
    public static final ColumnSpec RECEIVED = event("received", Form.TIMESTAMP_MILLIS);

    /** The event time. */
    public static final ColumnSpec TIMESTAMP = event("timestamp", Form.TIMESTAMP_NANOS);

    /** {@code log}, {@code metric}, {@code trace}, {@code alert}. */
    public static final ColumnSpec EVENT_TYPE = event("event_type", Form.TEXT);

    public static final ColumnSpec SOURCE = event("source", Form.TEXT);
    public static final ColumnSpec MESSAGE = event("message", Form.TEXT);
    public static final ColumnSpec LEVEL = event("level", Form.TEXT);
    public static final ColumnSpec EVENT_NAME = event("event_name", Form.TEXT);

    /** The principal that sent the event. */
    public static final ColumnSpec CREATED_BY = event("created_by", Form.TEXT);

    public static final ColumnSpec TRACE_ID = event("trace_id", Form.HEX16);
    public static final ColumnSpec SPAN_ID = event("span_id", Form.HEX8);
    public static final ColumnSpec SEVERITY_NUMBER = event("severity_number", Form.INTEGER);
    public static final ColumnSpec OBSERVED = event("observed", Form.TIMESTAMP_NANOS);
    public static final ColumnSpec FLAGS = event("flags", Form.INTEGER);

    /** Tags without a column of their own, as a JSON object. */
    public static final ColumnSpec TAGS_REST =
            new ColumnSpec(FieldSpace.TAG, FieldColumn.REST, Form.JSON, 0);

    /** Payload members without a column of their own, as a JSON object. */
    public static final ColumnSpec PAYLOAD_REST =
            new ColumnSpec(FieldSpace.PAYLOAD, FieldColumn.REST, Form.JSON, 0);

    private static ColumnSpec event(String key, Form form) {
        return new ColumnSpec(FieldSpace.EVENT, key, form, 0);
    }

    /**
     * The column's name in a Parquet file: {@code source}, {@code tags.service}, {@code
     * payload.duration_ms:decimal2}, {@code tags} for the rest; {@code %} and {@code :} of a key
     * are percent-encoded.
     */
    public String name() {
        String prefix =
                switch (space) {
                    case EVENT -> "";
                    case TAG -> "tags";
                    case PAYLOAD -> "payload";
                };
        if (key.equals(FieldColumn.REST)) {
            return prefix;
        }
        String name = prefix + (prefix.isEmpty() ? "" : ".") + escape(key);
        if (space == FieldSpace.EVENT ? !isEventText() : form == Form.TEXT) {
            return name;
        }
        String suffix =
                form == Form.DECIMAL ? "decimal" + scale : form.name().toLowerCase(Locale.ROOT);
        return name + ":" + suffix;
    }

    /* trace_id and span_id that are not plain hex stand beside the hex columns of the same key. */
    private boolean isEventText() {
        return form == Form.TEXT && (key.equals("trace_id") || key.equals("span_id"));
    }

    /** Reads {@link #name()} back, given the form and scale that the file holds for it. */
    public static ColumnSpec parse(String name, Form form, int scale) {
        if (name.equals("tags")) {
            return TAGS_REST;
        }
        if (name.equals("payload")) {
            return PAYLOAD_REST;
        }
        FieldSpace space = FieldSpace.EVENT;
        String rest = name;
        if (name.startsWith("tags.")) {
            space = FieldSpace.TAG;
            rest = name.substring(5);
        } else if (name.startsWith("payload.")) {
            space = FieldSpace.PAYLOAD;
            rest = name.substring(8);
        }
        int suffix = rest.indexOf(':');
        String key = suffix < 0 ? rest : rest.substring(0, suffix);
        return new ColumnSpec(space, unescape(key), form, scale);
    }

    private static String escape(String key) {
        return key.indexOf('%') < 0 && key.indexOf(':') < 0
                ? key
                : key.replace("%", "%25").replace(":", "%3A");
    }

    private static String unescape(String key) {
        return key.indexOf('%') < 0 ? key : key.replace("%3A", ":").replace("%25", "%");
    }
}
