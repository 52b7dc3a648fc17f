package dev.belfry.store.sql;

import dev.belfry.model.FieldColumn;
import dev.belfry.store.column.ColumnSpec;
import java.util.Locale;

/**
 * A column of the files under the name that it has inside the view.
 *
 * @param spec what it holds
 * @param name safe to write into SQL
 * @param groups how many row groups have it
 */
record Physical(ColumnSpec spec, String name, int groups) {
    boolean isRest() {
        return spec.key().equals(FieldColumn.REST);
    }

    /* What DuckDB takes for one name; it looks at ASCII only, and a few more alike do no harm. */
    static String folded(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    /** SQL of the value as text; NULL where there is none, and for an explicit null. */
    String text() {
        return switch (spec.form()) {
            case TEXT, NUMBER -> name;
            case JSON -> "nullif(" + name + ", 'null')";
            case DECIMAL ->
                    spec.scale() == 0
                            ? name + "::VARCHAR"
                            : "rtrim(rtrim(" + name + "::VARCHAR, '0'), '.')";
            case BOOLEAN ->
                    "CASE WHEN " + name + " THEN 'true' WHEN NOT " + name + " THEN 'false' END";
            case HEX8, HEX16 -> "lower(hex(" + name + "))";
            case INTEGER, UUID, TIMESTAMP_NANOS, TIMESTAMP_MILLIS -> name + "::VARCHAR";
        };
    }

    /** SQL of the value as JSON text; NULL where there is none. */
    String json() {
        return switch (spec.form()) {
            case TEXT -> "to_json(" + name + ")::VARCHAR";
            case JSON, NUMBER -> name;
            case DECIMAL, BOOLEAN, INTEGER -> text();
            case HEX8, HEX16, UUID, TIMESTAMP_NANOS, TIMESTAMP_MILLIS ->
                    "'\"' || " + text() + " || '\"'";
        };
    }

    /** SQL type of it in DuckDB. */
    static String type(ColumnSpec spec) {
        return switch (spec.form()) {
            case TEXT, NUMBER, JSON -> "VARCHAR";
            case DECIMAL -> "DECIMAL(18," + spec.scale() + ")";
            case BOOLEAN -> "BOOLEAN";
            case INTEGER -> "BIGINT";
            case TIMESTAMP_NANOS -> "TIMESTAMPTZ_NS";
            case TIMESTAMP_MILLIS -> "TIMESTAMPTZ";
            case HEX8, HEX16 -> "BLOB";
            case UUID -> "UUID";
        };
    }

    /** {@code text} as a string of SQL. */
    static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    /** {@code name} as an identifier of SQL. */
    static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }
}
