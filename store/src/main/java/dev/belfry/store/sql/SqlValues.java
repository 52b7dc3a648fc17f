package dev.belfry.store.sql;

import dev.belfry.model.time.Timestamps;
import dev.belfry.store.ResultTable.Json;
import dev.belfry.store.column.JsonText;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Array;
import java.sql.Blob;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Map;
import java.util.UUID;
import org.duckdb.DuckDBStruct;
import org.duckdb.JsonNode;
import org.jspecify.annotations.Nullable;

/** Values of DuckDB as those of a result. */
final class SqlValues {
    /* Up to here a double holds every whole number. */
    private static final long EXACT_MAX = 1L << 53;

    private SqlValues() {}

    /** A value as {@link dev.belfry.store.ResultTable} has it: times as RFC 3339, bytes as hex. */
    static @Nullable Object of(@Nullable Object value) throws SQLException {
        return switch (value) {
            case null -> null;
            case String text -> text;
            case Boolean truth -> truth;
            case Double number -> finite(number);
            case Float number -> finite(Double.parseDouble(number.toString()));
            case BigInteger number -> number.bitLength() < 64 ? number.longValue() : json(number);
            case BigDecimal number -> decimal(number);
            case Number number -> number.longValue();
            case UUID id -> id.toString();
            case JsonNode node -> document(node.toString());
            case Array _, DuckDBStruct _, Map<?, ?> _ -> nested(value);
            case Blob bytes ->
                    HexFormat.of().formatHex(bytes.getBytes(1, Math.toIntExact(bytes.length())));
            case OffsetDateTime time -> time(time);
            case java.sql.Timestamp time -> time(time.toLocalDateTime().atOffset(ZoneOffset.UTC));
            case LocalDateTime time -> time(time.atOffset(ZoneOffset.UTC));
            default -> value.toString();
        };
    }

    /** As {@link #of} for a column of this type of DuckDB. */
    static @Nullable Object of(@Nullable Object value, String type) throws SQLException {
        if (!type.equals("TIMESTAMPTZ_NS") || !(value instanceof String text)) {
            return of(value);
        }
        /* "2026-01-15 12:00:00.123456789+00": the driver has no class for it. */
        long nanos = Timestamps.tryParse(text.replace(' ', 'T').replace("+00", "Z"));
        return nanos == Timestamps.NONE ? text : Timestamps.format(nanos);
    }

    /** About what a value of a result holds of the heap. */
    static long sizeBytes(@Nullable Object value) {
        return switch (value) {
            case null -> 8;
            case String text -> 48L + text.length();
            case Json json -> 64L + json.text().length();
            default -> 24;
        };
    }

    private static Object finite(double number) {
        return Double.isFinite(number) ? (Object) number : Double.toString(number);
    }

    private static Json json(BigInteger number) {
        return new Json(number.toString());
    }

    /* A double when that gives the digits back. */
    private static Object decimal(BigDecimal number) {
        double near = number.doubleValue();
        boolean same = BigDecimal.valueOf(near).compareTo(number) == 0;
        return same && Math.abs(near) < EXACT_MAX
                ? (Object) near
                : new Json(number.stripTrailingZeros().toPlainString());
    }

    /* A string or truth in JSON is that in a result. */
    private static @Nullable Object document(String json) {
        return switch (json) {
            case "null" -> null;
            case "true" -> Boolean.TRUE;
            case "false" -> Boolean.FALSE;
            default -> new Json(json);
        };
    }

    private static String time(OffsetDateTime time) {
        OffsetDateTime utc = time.withOffsetSameInstant(ZoneOffset.UTC);
        int year = utc.getYear();
        return year >= 1678 && year <= 2261
                ? Timestamps.format(Timestamps.nanosOf(utc.toEpochSecond(), utc.getNano()))
                : DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(utc);
    }

    private static Json nested(Object value) throws SQLException {
        StringBuilder text = new StringBuilder();
        append(value, text, 0);
        return new Json(text.toString());
    }

    private static void append(@Nullable Object value, StringBuilder text, int depth)
            throws SQLException {
        if (depth > Limits.NESTING_MAX) {
            JsonText.quote(text, String.valueOf(value));
            return;
        }
        switch (value) {
            case Array array -> {
                text.append('[');
                if (array.getArray() instanceof Object[] elements) {
                    for (int i = 0; i < elements.length; i++) {
                        text.append(i == 0 ? "" : ",");
                        append(elements[i], text, depth + 1);
                    }
                }
                text.append(']');
            }
            case DuckDBStruct struct -> append(struct.getMap(), text, depth);
            case Map<?, ?> members -> {
                text.append('{');
                String comma = "";
                for (Map.Entry<?, ?> member : members.entrySet()) {
                    text.append(comma);
                    JsonText.quote(text, String.valueOf(of(member.getKey())));
                    text.append(':');
                    append(member.getValue(), text, depth + 1);
                    comma = ",";
                }
                text.append('}');
            }
            case null, default -> leaf(of(value), text);
        }
    }

    private static void leaf(@Nullable Object value, StringBuilder text) {
        switch (value) {
            case null -> text.append("null");
            case String string -> JsonText.quote(text, string);
            case Json json -> text.append(json.text());
            default -> text.append(value);
        }
    }
}
