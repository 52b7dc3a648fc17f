package dev.belfry.store.exec;

import dev.belfry.model.BytesColumn;
import dev.belfry.model.FieldColumn;
import dev.belfry.model.FieldSpace;
import dev.belfry.store.ResultTable.Json;
import dev.belfry.store.column.ColumnSpec;
import dev.belfry.store.column.Decimals;
import dev.belfry.store.column.Form;
import dev.belfry.store.column.Vector;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Puts the tags or the payload of events together again: a JSON object, keys in order. */
final class Documents {
    private static final String HEX = "0123456789abcdef";

    private Documents() {}

    /** Fills in the object for every row without a value yet; how many it filled. */
    static int fill(FieldSpace space, GroupReader reader, Rows rows, @Nullable Object[] values) {
        List<ColumnSpec> columns =
                reader.columns().stream()
                        .filter(spec -> spec.space() == space)
                        .sorted(Comparator.comparing(ColumnSpec::key))
                        .toList();
        /* The key of the rest is below every other, so that it comes first. */
        boolean hasRest = !columns.isEmpty() && columns.getFirst().key().equals(FieldColumn.REST);
        List<SortedMap<String, String>> rest =
                hasRest ? rest(reader.lane(columns.getFirst(), rows)) : List.of();
        StringBuilder[] texts = new StringBuilder[values.length];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = new StringBuilder(64).append('{');
        }
        for (ColumnSpec spec : hasRest ? columns.subList(1, columns.size()) : columns) {
            append(spec, reader.lane(spec, rows), texts, rest);
        }
        int filled = 0;
        for (int i = 0; i < values.length; i++) {
            if (values[i] == null) {
                if (hasRest) {
                    appendRest(rest.get(i), texts[i]);
                }
                values[i] = new Json(texts[i].append('}').toString());
                filled++;
            }
        }
        return filled;
    }

    private static List<SortedMap<String, String>> rest(Lane lane) {
        List<SortedMap<String, String>> rest = new ArrayList<>(lane.count());
        for (int i = 0; i < lane.count(); i++) {
            rest.add(lane.isNull(i) ? new TreeMap<>() : ValueReader.slice(lane, i).members());
        }
        return rest;
    }

    /* Appends members and takes them away. */
    private static void appendRest(SortedMap<String, String> members, StringBuilder text) {
        members.forEach((key, value) -> {
            key(key, text);
            text.append(value);
        });
        members.clear();
    }

    private static void key(String key, StringBuilder text) {
        if (text.length() > 1) {
            text.append(',');
        }
        quote(key, text);
        text.append(':');
    }

    private static void append(
            ColumnSpec spec,
            Lane lane,
            StringBuilder[] texts,
            List<SortedMap<String, String>> rest) {
        for (int i = 0; i < texts.length; i++) {
            if (!lane.isNull(i)) {
                if (!rest.isEmpty() && !rest.get(i).isEmpty()) {
                    appendRest(rest.get(i).headMap(spec.key()), texts[i]);
                }
                key(spec.key(), texts[i]);
                value(spec, lane, i, texts[i]);
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
