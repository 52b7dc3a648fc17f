package dev.belfry.store.exec;

import dev.belfry.model.BytesColumn;
import dev.belfry.model.FieldColumn;
import dev.belfry.model.FieldSpace;
import dev.belfry.store.ResultTable.Json;
import dev.belfry.store.column.ColumnSpec;
import dev.belfry.store.column.Decimals;
import dev.belfry.store.column.Form;
import dev.belfry.store.column.Vector;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts the tags or the payload of events together again: a JSON object, keys in order. */
final class Documents {
    private static final String HEX = "0123456789abcdef";

    private Documents() {}

    /** Fills in the object for every row without a value yet; how many it filled. */
    static int fill(FieldSpace space, GroupReader reader, Rows rows, @Nullable Object[] values) {
        StringBuilder[] texts = new StringBuilder[values.length];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = new StringBuilder(64).append('{');
        }
        List<ColumnSpec> columns =
                reader.columns().stream()
                        .filter(spec -> spec.space() == space)
                        .sorted(
                                Comparator.comparing(
                                                (ColumnSpec spec) ->
                                                        spec.key().equals(FieldColumn.REST))
                                        .thenComparing(ColumnSpec::key))
                        .toList();
        for (ColumnSpec spec : columns) {
            append(spec, reader.lane(spec, rows), texts);
        }
        int filled = 0;
        for (int i = 0; i < values.length; i++) {
            if (values[i] == null) {
                values[i] = new Json(texts[i].append('}').toString());
                filled++;
            }
        }
        return filled;
    }

    private static void append(ColumnSpec spec, Lane lane, StringBuilder[] texts) {
        boolean isRest = spec.key().equals(FieldColumn.REST);
        StringBuilder key = new StringBuilder();
        if (!isRest) {
            quote(spec.key(), key);
            key.append(':');
        }
        for (int i = 0; i < texts.length; i++) {
            if (lane.isNull(i)) {
                continue;
            }
            StringBuilder text = texts[i];
            String members = isRest ? ValueReader.slice(lane, i).members() : "";
            if (isRest && members.isEmpty()) {
                continue;
            }
            if (text.length() > 1) {
                text.append(',');
            }
            text.append(key).append(members);
            if (!isRest) {
                value(spec, lane, i, text);
            }
        }
    }

    private static void value(ColumnSpec spec, Lane lane, int position, StringBuilder text) {
        int at = lane.at(position);
        switch (lane.vector()) {
            case Vector.Longs longs -> {
                long value = longs.values()[at];
                text.append(
                        spec.form() == Form.BOOLEAN
                                ? value != 0 ? "true" : "false"
                                : Decimals.text(value, spec.scale()));
            }
            case Vector.Codes codes ->
                    bytes(spec.form(), codes.dictionary(), codes.codes()[at], text);
            case Vector.Text values -> bytes(spec.form(), values.values(), at, text);
            case Vector.Binary binary ->
                    text.append('"')
                            .append(
                                    ValueReader.ofBinary(
                                            spec.form(), binary.data(), at * binary.width()))
                            .append('"');
        }
    }

    private static void bytes(Form form, BytesColumn column, int index, StringBuilder text) {
        String value = column.text(index);
        if (value == null) {
            throw new IllegalStateException("BUG: null read as a value");
        }
        if (form == Form.TEXT) {
            quote(value, text);
        } else {
            text.append(value);
        }
    }

    /** Appends {@code value} as a JSON string. */
    static void quote(String value, StringBuilder text) {
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '"' -> text.append("\\\"");
                case '\\' -> text.append("\\\\");
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                case '\t' -> text.append("\\t");
                default -> {
                    if (c < ' ') {
                        text.append("\\u00").append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
                    } else {
                        text.append(c);
                    }
                }
            }
        }
        text.append('"');
    }
}
