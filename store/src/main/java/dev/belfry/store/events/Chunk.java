package dev.belfry.store.events;

import dev.belfry.model.BytesColumn;
import dev.belfry.model.EventBatch;
import dev.belfry.model.EventType;
import dev.belfry.model.FieldColumn;
import dev.belfry.model.FieldSpace;
import dev.belfry.store.column.ColumnSpec;
import dev.belfry.store.column.Form;
import dev.belfry.store.column.HexText;
import dev.belfry.store.column.ReadCost;
import dev.belfry.store.column.RowGroup;
import dev.belfry.store.column.Vector;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Rows of one partition being collected, as columns; one writer. {@link #view()} gives what stands
 * here at the moment.
 */
final class Chunk {
    /**
     * Rows of a row group: few enough that one is decoded in a millisecond, enough for dictionaries
     * to pay.
     */
    static final int ROWS_MAX = 32_768;

    /* Keys of fields; a chunk with more is closed early, so that names made of ids cannot fill the memory. */
    private static final int KEYS_MAX = 4096;

    /* Bytes of memory; a chunk with more is closed early. */
    private static final long BYTES_MAX = 32L << 20;

    /* Of which values, of which encoding has four times as much for a moment: sorted, their hashes, what comes out. */
    private static final long VALUE_BYTES_MAX = 16L << 20;

    private static final byte[][] TYPES = new byte[EventType.values().length][];

    static {
        for (EventType type : EventType.values()) {
            TYPES[type.ordinal()] = type.text().getBytes(StandardCharsets.US_ASCII);
        }
    }

    private record FieldKey(FieldSpace space, String key) {}

    private final Map<ColumnSpec, TextColumn> texts = new LinkedHashMap<>();
    private final Map<ColumnSpec, LongColumn> longs = new LinkedHashMap<>();
    private final Map<ColumnSpec, BinaryColumn> binaries = new LinkedHashMap<>();
    private final Map<FieldKey, FieldCells> fields = new HashMap<>();
    private int rows;
    private long valueBytes;
    private @Nullable ChunkView view;

    int rowCount() {
        return rows;
    }

    boolean isFull() {
        return rows >= ROWS_MAX
                || fields.size() > KEYS_MAX
                || valueBytes > VALUE_BYTES_MAX
                || memoryBytes() > BYTES_MAX;
    }

    /** Bytes of values. */
    long valueBytes() {
        return valueBytes;
    }

    /** Bytes of memory held, about. */
    long memoryBytes() {
        return valueBytes + 256L * rows + 4096L * fields.size();
    }

    /** How many further rows fit. */
    int room() {
        return ROWS_MAX - rows;
    }

    /**
     * Adds events of a batch, at most {@link #room()} of them.
     *
     * @param picked which events, ascending
     * @param baseOffset the journal offset of the batch's event 0
     */
    void append(
            EventBatch batch,
            int[] picked,
            long baseOffset,
            long receivedMillis,
            String createdBy) {
        int[] targets = new int[batch.count()];
        java.util.Arrays.fill(targets, -1);
        for (int i = 0; i < picked.length; i++) {
            targets[picked[i]] = rows + i;
        }
        addTimes(batch, picked, baseOffset);
        longs(ColumnSpec.RECEIVED).addRun(rows, picked.length, receivedMillis);
        addTypes(batch.types(), picked);
        byte[] sender = createdBy.getBytes(StandardCharsets.UTF_8);
        if (sender.length > 0) {
            text(ColumnSpec.CREATED_BY).addRun(rows, picked.length, sender);
        }
        add(ColumnSpec.SOURCE, batch.sources(), picked);
        add(ColumnSpec.MESSAGE, batch.messages(), picked);
        add(ColumnSpec.LEVEL, batch.levels(), picked);
        if (batch.eventNames().mayHaveNulls() || batch.eventNames().count() > 0) {
            add(ColumnSpec.EVENT_NAME, batch.eventNames(), picked);
        }
        addIds(batch, picked);
        for (FieldColumn field : batch.fields()) {
            addField(field, targets);
        }
        rows += picked.length;
        view = null;
    }

    private void addTimes(EventBatch batch, int[] picked, long baseOffset) {
        LongColumn offsets = longs(ColumnSpec.OFFSET);
        LongColumn timestamps = longs(ColumnSpec.TIMESTAMP);
        for (int i = 0; i < picked.length; i++) {
            offsets.add(rows + i, baseOffset + picked[i]);
            timestamps.add(rows + i, batch.timestampsNanos()[picked[i]]);
        }
    }

    /* Most batches are of one type. */
    private void addTypes(byte[] types, int[] picked) {
        TextColumn column = text(ColumnSpec.EVENT_TYPE);
        int from = 0;
        while (from < picked.length) {
            byte type = types[picked[from]];
            int to = from + 1;
            while (to < picked.length && types[picked[to]] == type) {
                to++;
            }
            column.addRun(rows + from, to - from, TYPES[type]);
            from = to;
        }
    }

    private void add(ColumnSpec spec, BytesColumn values, int[] picked) {
        TextColumn column = null;
        byte[] data = values.data();
        for (int i = 0; i < picked.length; i++) {
            int event = picked[i];
            if (!values.isNull(event)) {
                if (column == null) {
                    column = text(spec);
                }
                int start = values.start(event);
                int length = values.end(event) - start;
                column.add(rows + i, data, start, length);
                valueBytes += length;
            }
        }
    }

    private void addIds(EventBatch batch, int[] picked) {
        long[] traceIds = batch.traceIds();
        if (traceIds != null) {
            BinaryColumn column = binary(ColumnSpec.TRACE_ID);
            for (int i = 0; i < picked.length; i++) {
                int at = 2 * picked[i];
                if ((traceIds[at] | traceIds[at + 1]) != 0) {
                    column.add(rows + i, traceIds[at], traceIds[at + 1]);
                }
            }
        }
        long[] spanIds = batch.spanIds();
        if (spanIds != null) {
            BinaryColumn column = binary(ColumnSpec.SPAN_ID);
            for (int i = 0; i < picked.length; i++) {
                if (spanIds[picked[i]] != 0) {
                    column.add(rows + i, spanIds[picked[i]]);
                }
            }
        }
        byte[] severities = batch.severityNumbers();
        if (severities != null) {
            addLongs(ColumnSpec.SEVERITY_NUMBER, i -> severities[i], picked);
        }
        long[] observed = batch.observedNanos();
        if (observed != null) {
            addLongs(ColumnSpec.OBSERVED, i -> observed[i], picked);
        }
        int[] flags = batch.flags();
        if (flags != null) {
            addLongs(ColumnSpec.FLAGS, i -> flags[i], picked);
        }
    }

    /* 0 is no value. */
    private void addLongs(ColumnSpec spec, IntToLongFunction values, int[] picked) {
        LongColumn column = longs(spec);
        for (int i = 0; i < picked.length; i++) {
            long value = values.applyAsLong(picked[i]);
            if (value != 0) {
                column.add(rows + i, value);
            }
        }
    }

    private void addField(FieldColumn field, int[] targets) {
        FieldCells cells = null;
        int[] events = field.rows();
        BytesColumn values = field.values();
        byte[] data = values.data();
        for (int i = 0; i < events.length; i++) {
            int row = targets[events[i]];
            if (row < 0) {
                continue;
            }
            if (cells == null) {
                cells = cells(field.space(), field.key());
            }
            int start = values.start(i);
            int length = values.end(i) - start;
            cells.add(row, field.kind(i), data, start, length);
            valueBytes += length;
        }
    }

    /** Adds rows {@code [from, to)} of a row group, at most {@link #room()} of them. */
    void append(RowGroup group, int from, int to, ReadCost cost) throws IOException {
        for (ColumnSpec spec : group.columns()) {
            Vector vector = group.read(spec, cost);
            for (int i = from; i < to; i++) {
                if (!vector.isNull(i)) {
                    add(spec, vector, i, rows + i - from);
                }
            }
        }
        rows += to - from;
        view = null;
    }

    private void add(ColumnSpec spec, Vector vector, int index, int row) {
        boolean field = spec.space() != FieldSpace.EVENT || spec.form().isText() && isId(spec);
        switch (vector) {
            case Vector.Longs longs -> {
                long value = longs.values()[index];
                if (!field) {
                    longs(spec).add(row, value);
                } else if (spec.form() == Form.BOOLEAN) {
                    cells(spec.space(), spec.key()).addBoolean(row, value);
                } else {
                    cells(spec.space(), spec.key()).addDecimal(row, value, spec.scale());
                }
            }
            case Vector.Codes codes -> addText(spec, codes.dictionary(), codes.codes()[index], row);
            case Vector.Text text -> addText(spec, text.values(), index, row);
            case Vector.Binary binary -> {
                if (field) {
                    byte[] text = HexText.of(spec.form(), binary.data(), index);
                    cells(spec.space(), spec.key()).addText(row, text, 0, text.length);
                    valueBytes += text.length;
                } else {
                    binary(spec).add(row, binary.data(), index * binary.width());
                }
            }
        }
    }

    private void addText(ColumnSpec spec, BytesColumn values, int index, int row) {
        byte[] data = values.data();
        int start = values.start(index);
        int length = values.end(index) - start;
        valueBytes += length;
        if (spec.space() == FieldSpace.EVENT && !isId(spec)) {
            text(spec).add(row, data, start, length);
            return;
        }
        FieldCells cells = cells(spec.space(), spec.key());
        switch (spec.form()) {
            case JSON -> cells.addJson(row, data, start, length);
            case NUMBER -> cells.addNumber(row, data, start, length);
            default -> cells.addText(row, data, start, length);
        }
    }

    /* trace_id and span_id that were not plain hex are fields of the event. */
    private static boolean isId(ColumnSpec spec) {
        return spec.key().equals("trace_id") || spec.key().equals("span_id");
    }

    private TextColumn text(ColumnSpec spec) {
        return texts.computeIfAbsent(spec, _ -> new TextColumn());
    }

    private LongColumn longs(ColumnSpec spec) {
        return longs.computeIfAbsent(spec, _ -> new LongColumn());
    }

    private BinaryColumn binary(ColumnSpec spec) {
        return binaries.computeIfAbsent(spec, key -> new BinaryColumn(key.form().width()));
    }

    private FieldCells cells(FieldSpace space, String key) {
        return fields.computeIfAbsent(
                new FieldKey(space, key), known -> new FieldCells(known.space(), known.key()));
    }

    /**
     * The rows as they are now; to be called by the writer, read by anyone. The chunk has at least
     * one row.
     */
    ChunkView view() {
        ChunkView known = view;
        if (known == null) {
            Map<ColumnSpec, FrozenColumn> frozen = new LinkedHashMap<>();
            longs.forEach((spec, column) -> put(frozen, spec, column.count(), column.freeze()));
            texts.forEach((spec, column) -> put(frozen, spec, column.count(), column.freeze()));
            binaries.forEach((spec, column) -> put(frozen, spec, column.count(), column.freeze()));
            fields.values().forEach(cells -> cells.freeze(frozen));
            known = new ChunkView(rows, frozen);
            view = known;
        }
        return known;
    }

    private static void put(
            Map<ColumnSpec, FrozenColumn> target, ColumnSpec spec, int count, FrozenColumn column) {
        if (count > 0) {
            target.put(spec, column);
        }
    }
}
