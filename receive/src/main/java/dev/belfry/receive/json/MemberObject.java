package dev.belfry.receive.json;

import dev.belfry.model.EventBatchBuilder;
import dev.belfry.model.FieldColumn;
import dev.belfry.model.FieldSpace;
import dev.belfry.model.ValueKind;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Takes the members of {@code tags} or of {@code payload} into columns; for one thread. */
final class MemberObject {
    private static final byte[] NOTHING = new byte[0];
    private static final ValueKind[] KINDS = {
        ValueKind.STRING,
        ValueKind.NUMBER,
        ValueKind.TRUE,
        ValueKind.FALSE,
        ValueKind.NULL,
        ValueKind.JSON,
        ValueKind.JSON
    };

    private final JsonScanner scanner;
    private final JsonText buffer;
    private final EventBatchBuilder builder;
    private final FieldSpace space;
    private final FieldIndex index;
    private final JsonText keyBuffer = new JsonText();

    /* Members without a column, name to JSON text; null until there is one. */
    private @Nullable Map<String, String> rest;
    private int place;

    MemberObject(
            JsonScanner scanner, JsonText buffer, EventBatchBuilder builder, FieldSpace space) {
        this.scanner = scanner;
        this.buffer = buffer;
        this.builder = builder;
        this.space = space;
        this.index = new FieldIndex(builder, space);
    }

    /**
     * Takes the object that starts at the scanner's place into the current row.
     *
     * @return how deep it nests, itself included
     */
    int parse() {
        int deepest = 1;
        scanner.at++;
        if (scanner.token("a name in quotes or '}'") == '}') {
            scanner.at++;
            return deepest;
        }
        while (true) {
            scanner.name();
            int keyFrom = scanner.from;
            int keyTo = scanner.to;
            boolean plain = !scanner.escaped && !scanner.high;
            JsonType type = scanner.value();
            if (type == JsonType.OBJECT || type == JsonType.ARRAY) {
                deepest = Math.max(deepest, 1 + scanner.deepest);
            }
            add(keyFrom, keyTo, plain, type);
            byte next = scanner.token("',' or '}'");
            if (next == ',') {
                scanner.at++;
            } else if (next == '}') {
                scanner.at++;
                return deepest;
            } else {
                throw scanner.wrong("',' or '}'");
            }
        }
    }

    /** Starts the members of a row. */
    void begin() {
        place = 0;
        rest = null;
    }

    /** Adds the value that the scanner passed last under the key {@code text[keyFrom .. keyTo)}. */
    void add(int keyFrom, int keyTo, boolean plain, JsonType type) {
        if (plain) {
            put(scanner.text, keyFrom, keyTo, type);
        } else {
            keyBuffer.unescape(scanner.text, keyFrom, keyTo);
            keyBuffer.replaceNul();
            put(keyBuffer.bytes, 0, keyBuffer.length, type);
        }
    }

    /**
     * Adds the value that the scanner passed last under {@code key[from .. to)}, which is UTF-8.
     */
    void put(byte[] key, int from, int to, JsonType type) {
        FieldColumn.Builder column = index.column(place++, key, from, to);
        if (column == null) {
            addToRest(new String(key, from, to - from, StandardCharsets.UTF_8), type);
            return;
        }
        int row = builder.count();
        ValueKind kind = KINDS[type.ordinal()];
        switch (type) {
            case TRUE, FALSE, NULL -> column.add(row, kind, NOTHING, 0, 0);
            case NUMBER ->
                    column.add(row, kind, scanner.text, scanner.from, scanner.to - scanner.from);
            case STRING, ARRAY, OBJECT -> addText(column, row, kind);
        }
    }

    private void addText(FieldColumn.Builder column, int row, ValueKind kind) {
        int from = scanner.from;
        int to = scanner.to;
        if (kind == ValueKind.STRING && scanner.escaped) {
            buffer.unescape(scanner.text, from, to);
            column.add(row, kind, buffer.bytes, 0, buffer.length);
        } else if (scanner.high && !JsonText.isUtf8(scanner.text, from, to)) {
            buffer.copy(scanner.text, from, to);
            column.add(row, kind, buffer.bytes, 0, buffer.length);
        } else {
            column.add(row, kind, scanner.text, from, to - from);
        }
    }

    /** Adds a text under {@code key}. */
    void add(String key, String text) {
        byte[] name = key.getBytes(StandardCharsets.UTF_8);
        FieldColumn.Builder column = index.column(place++, name, 0, name.length);
        if (column != null) {
            column.add(builder.count(), ValueKind.STRING, text);
            return;
        }
        StringBuilder value = new StringBuilder("\"");
        escape(text, value);
        putRest(key, value.append('"').toString());
    }

    private void putRest(String key, String value) {
        if (rest == null) {
            rest = new LinkedHashMap<>();
        }
        rest.put(key, value);
    }

    private void addToRest(String key, JsonType type) {
        int quote = type == JsonType.STRING ? 1 : 0;
        buffer.copy(scanner.text, scanner.from - quote, scanner.to + quote);
        putRest(key, new String(buffer.bytes, 0, buffer.length, StandardCharsets.UTF_8));
    }

    /** Writes what has no column; may be called again when more members came. */
    void finish() {
        if (rest == null) {
            return;
        }
        StringBuilder json = new StringBuilder("{");
        rest.forEach((key, value) -> {
            json.append(json.length() > 1 ? "," : "").append('"');
            escape(key, json);
            json.append("\":").append(value);
        });
        json.append('}');
        Objects.requireNonNull(builder.field(space, FieldColumn.REST))
                .add(builder.count(), ValueKind.JSON, json.toString());
    }

    private static void escape(String text, StringBuilder json) {
        for (int at = 0; at < text.length(); at++) {
            char unit = text.charAt(at);
            if (unit == '"' || unit == '\\') {
                json.append('\\').append(unit);
            } else if (unit < ' ') {
                json.append(String.format("\\u%04x", (int) unit));
            } else {
                json.append(unit);
            }
        }
    }

    /** Drops the members of the current row. */
    void drop() {
        index.drop(builder.count());
        begin();
    }
}
