package dev.belfry.store.events;

import dev.belfry.model.BytesColumn;
import dev.belfry.model.FieldColumn;
import dev.belfry.store.column.ColumnSpec;
import dev.belfry.store.column.Decimals;
import dev.belfry.store.column.JsonText;
import dev.belfry.store.column.Vector;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A JSON object a row of the members that have no column of their own. */
final class RestObjects {
    private final @Nullable StringBuilder[] objects;
    private boolean empty = true;

    RestObjects(int rowCount) {
        objects = new StringBuilder[rowCount];
    }

    boolean isEmpty() {
        return empty;
    }

    /** Adds a field's values; those of a rest column are objects, whose members are added. */
    void add(ColumnSpec spec, Vector values) {
        for (int row = 0; row < objects.length; row++) {
            if (!values.isNull(row)) {
                add(row, spec, values);
            }
        }
    }

    private void add(int row, ColumnSpec spec, Vector values) {
        String value = json(spec, values, row);
        if (spec.key().equals(FieldColumn.REST)) {
            String members = value.strip();
            members = members.substring(1, members.length() - 1).strip();
            if (!members.isEmpty()) {
                begin(row).append(members);
            }
            return;
        }
        StringBuilder object = begin(row);
        JsonText.quote(object, spec.key());
        object.append(':').append(value);
    }

    private StringBuilder begin(int row) {
        StringBuilder object = objects[row];
        if (object == null) {
            object = new StringBuilder(64).append('{');
            objects[row] = object;
        } else {
            object.append(',');
        }
        empty = false;
        return object;
    }

    private static String json(ColumnSpec spec, Vector values, int row) {
        return switch (values) {
            case Vector.Longs longs ->
                    switch (spec.form()) {
                        case BOOLEAN -> longs.values()[row] != 0 ? "true" : "false";
                        default -> Decimals.text(longs.values()[row], spec.scale());
                    };
            case Vector.Codes codes -> json(spec, codes.dictionary(), codes.codes()[row]);
            case Vector.Text text -> json(spec, text.values(), row);
            case Vector.Binary _ -> throw new IllegalStateException("BUG: a hot field in " + spec);
        };
    }

    private static String json(ColumnSpec spec, BytesColumn values, int index) {
        String text =
                new String(
                        values.data(),
                        values.start(index),
                        values.length(index),
                        StandardCharsets.UTF_8);
        return switch (spec.form()) {
            case JSON, NUMBER -> text;
            default -> {
                StringBuilder quoted = new StringBuilder(text.length() + 2);
                JsonText.quote(quoted, text);
                yield quoted.toString();
            }
        };
    }

    BytesColumn build() {
        BytesColumn.Builder column = new BytesColumn.Builder(objects.length);
        for (StringBuilder object : objects) {
            if (object == null) {
                column.addNull();
            } else {
                column.add(object.append('}').toString());
            }
        }
        return column.build();
    }
}
