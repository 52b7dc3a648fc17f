package dev.belfry.store.events;

import dev.belfry.model.FieldColumn;
import dev.belfry.model.FieldSpace;
import dev.belfry.model.ValueKind;
import dev.belfry.store.column.ColumnSpec;
import dev.belfry.store.column.Decimals;
import dev.belfry.store.column.Form;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A chunk's values of one field, a physical column for each form that occurs. One writer. */
final class FieldCells {
    private static final byte[] NULL = "null".getBytes(StandardCharsets.UTF_8);

    private final FieldSpace space;
    private final String key;
    private @Nullable TextColumn texts;
    private @Nullable TextColumn numbers;
    private @Nullable DecimalColumn decimals;
    private @Nullable LongColumn booleans;
    private @Nullable TextColumn json;

    FieldCells(FieldSpace space, String key) {
        this.space = space;
        this.key = key;
    }

    void add(int row, ValueKind kind, byte[] bytes, int from, int length) {
        switch (kind) {
            case STRING -> addText(row, bytes, from, length);
            case NUMBER -> addNumber(row, bytes, from, length);
            case TRUE -> addBoolean(row, 1);
            case FALSE -> addBoolean(row, 0);
            case NULL -> addJson(row, NULL, 0, NULL.length);
            case JSON -> addJson(row, bytes, from, length);
        }
    }

    void addText(int row, byte[] bytes, int from, int length) {
        TextColumn column = texts;
        if (column == null) {
            column = new TextColumn();
            texts = column;
        }
        column.add(row, bytes, from, length);
    }

    void addNumber(int row, byte[] bytes, int from, int length) {
        DecimalColumn column = decimals();
        if (!column.add(row, bytes, from, length)) {
            numbers().add(row, bytes, from, length);
        }
    }

    void addDecimal(int row, long unscaled, int scale) {
        if (!decimals().addUnscaled(row, unscaled, scale)) {
            byte[] text = Decimals.text(unscaled, scale).getBytes(StandardCharsets.US_ASCII);
            numbers().add(row, text, 0, text.length);
        }
    }

    void addBoolean(int row, long value) {
        LongColumn column = booleans;
        if (column == null) {
            column = new LongColumn();
            booleans = column;
        }
        column.add(row, value);
    }

    void addJson(int row, byte[] bytes, int from, int length) {
        TextColumn column = json;
        if (column == null) {
            column = new TextColumn();
            json = column;
        }
        column.add(row, bytes, from, length);
    }

    private DecimalColumn decimals() {
        DecimalColumn column = decimals;
        if (column == null) {
            column = new DecimalColumn();
            decimals = column;
        }
        return column;
    }

    private TextColumn numbers() {
        TextColumn column = numbers;
        if (column == null) {
            column = new TextColumn();
            numbers = column;
        }
        return column;
    }

    /** Puts the columns that have a value, as they are now, into {@code target}. */
    void freeze(Map<ColumnSpec, FrozenColumn> target) {
        if (texts != null && texts.count() > 0) {
            target.put(spec(Form.TEXT, 0), texts.freeze());
        }
        if (numbers != null && numbers.count() > 0) {
            target.put(spec(Form.NUMBER, 0), numbers.freeze());
        }
        if (decimals != null && decimals.count() > 0) {
            DecimalColumn.Frozen frozen = decimals.freeze();
            target.put(spec(Form.DECIMAL, frozen.scale()), frozen);
        }
        if (booleans != null && booleans.count() > 0) {
            target.put(spec(Form.BOOLEAN, 0), booleans.freeze());
        }
        if (json != null && json.count() > 0) {
            target.put(spec(Form.JSON, 0), json.freeze());
        }
    }

    private ColumnSpec spec(Form form, int scale) {
        return key.equals(FieldColumn.REST)
                ? space == FieldSpace.TAG ? ColumnSpec.TAGS_REST : ColumnSpec.PAYLOAD_REST
                : new ColumnSpec(space, key, form, scale);
    }
}
