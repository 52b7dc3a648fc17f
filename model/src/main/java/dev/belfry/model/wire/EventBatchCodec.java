package dev.belfry.model.wire;

import dev.belfry.model.BytesColumn;
import dev.belfry.model.EventBatch;
import dev.belfry.model.EventBatchBuilder;
import dev.belfry.model.FieldColumn;
import dev.belfry.model.FieldSpace;
import dev.belfry.model.ValueKind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** {@link EventBatch} as bytes; {@code docs/formats/event-batch.md} is the layout. */
public final class EventBatchCodec {
    /** The version that {@link #encode} writes. */
    public static final int VERSION = 1;

    private static final int TRACE_IDS = 1;
    private static final int SPAN_IDS = 2;
    private static final int SEVERITY_NUMBERS = 4;
    private static final int OBSERVED = 8;
    private static final int FLAGS = 16;
    private static final int PARTS = 31;

    private static final int ROWS_ALL = 0;
    private static final int ROWS_LISTED = 1;
    private static final int KINDS_LISTED = 0xFF;

    private static final int FIELDS_MAX =
            FieldSpace.values().length * (EventBatchBuilder.KEYS_MAX + 1);
    private static final int KINDS = ValueKind.values().length;

    private EventBatchCodec() {}

    /** The batch as bytes. */
    public static byte[] encode(EventBatch batch) {
        WireWriter writer = new WireWriter(estimate(batch));
        encode(batch, writer);
        return writer.toByteArray();
    }

    /** Writes the batch to the end of {@code writer}. */
    public static void encode(EventBatch batch, WireWriter writer) {
        int count = batch.count();
        writer.u8(VERSION);
        writer.u8(parts(batch));
        writer.varint(count);
        writer.bytes(batch.types(), 0, count);
        writer.longs(batch.timestampsNanos(), count);
        BytesColumnCodec.write(batch.sources(), writer);
        BytesColumnCodec.write(batch.messages(), writer);
        BytesColumnCodec.write(batch.levels(), writer);
        BytesColumnCodec.write(batch.eventNames(), writer);
        long[] traceIds = batch.traceIds();
        if (traceIds != null) {
            writer.longs(traceIds, 2 * count);
        }
        long[] spanIds = batch.spanIds();
        if (spanIds != null) {
            writer.longs(spanIds, count);
        }
        byte[] severityNumbers = batch.severityNumbers();
        if (severityNumbers != null) {
            writer.bytes(severityNumbers, 0, count);
        }
        long[] observed = batch.observedNanos();
        if (observed != null) {
            writer.longs(observed, count);
        }
        int[] flags = batch.flags();
        if (flags != null) {
            writer.ints(flags, count);
        }
        writer.varint(batch.fields().size());
        for (FieldColumn field : batch.fields()) {
            encodeField(field, count, writer);
        }
    }

    private static int parts(EventBatch batch) {
        return (batch.traceIds() == null ? 0 : TRACE_IDS)
                | (batch.spanIds() == null ? 0 : SPAN_IDS)
                | (batch.severityNumbers() == null ? 0 : SEVERITY_NUMBERS)
                | (batch.observedNanos() == null ? 0 : OBSERVED)
                | (batch.flags() == null ? 0 : FLAGS);
    }

    private static void encodeField(FieldColumn field, int count, WireWriter writer) {
        byte[] key = field.key().getBytes(StandardCharsets.UTF_8);
        writer.u8(field.space().ordinal());
        writer.varint(key.length);
        writer.bytes(key, 0, key.length);
        int fieldCount = field.count();
        writer.varint(fieldCount);
        if (fieldCount == count) {
            writer.u8(ROWS_ALL);
        } else {
            writer.u8(ROWS_LISTED);
            writer.ints(field.rows(), fieldCount);
        }
        int kind = commonKind(field.kinds());
        writer.u8(kind);
        if (kind == KINDS_LISTED) {
            writer.bytes(field.kinds(), 0, fieldCount);
        }
        BytesColumnCodec.write(field.values(), writer);
    }

    private static int commonKind(byte[] kinds) {
        if (kinds.length == 0) {
            return KINDS_LISTED;
        }
        byte first = kinds[0];
        for (byte kind : kinds) {
            if (kind != first) {
                return KINDS_LISTED;
            }
        }
        return first;
    }

    /**
     * How many bytes {@link #encode} writes, about: what all values have, and some for the rest.
     */
    public static int estimate(EventBatch batch) {
        long size = 256 + batch.count() * 48L;
        for (BytesColumn column : List.of(batch.sources(), batch.messages(), batch.levels())) {
            size += BytesColumnCodec.dataSize(column);
        }
        for (FieldColumn field : batch.fields()) {
            size += 64 + BytesColumnCodec.dataSize(field.values()) + 2L * field.count();
        }
        return (int) Math.min(size, 1 << 30);
    }

    /**
     * Reads back what {@link #encode} wrote.
     *
     * @throws WireFormatException when the bytes are damaged, cut, too long or of another version
     */
    public static EventBatch decode(byte[] bytes) {
        return decode(bytes, 0, bytes.length);
    }

    /** As {@link #decode(byte[])} of {@code bytes[from .. from + length)}. */
    public static EventBatch decode(byte[] bytes, int from, int length) {
        WireReader reader = new WireReader(bytes, from, length);
        EventBatch batch = decode(reader);
        if (reader.remaining() != 0) {
            throw reader.wrong(reader.remaining() + " more bytes", "the end");
        }
        return batch;
    }

    /** Reads one batch from {@code reader} and leaves it behind the batch. */
    public static EventBatch decode(WireReader reader) {
        int version = reader.u8();
        if (version != VERSION) {
            throw new WireFormatException(0, "batch version " + version, "" + VERSION);
        }
        int parts = reader.u8();
        if ((parts & ~PARTS) != 0) {
            throw reader.wrong("part bits " + parts, "at most " + PARTS);
        }
        int count = reader.count("count", reader.remaining());
        byte[] types = reader.bytes(count);
        checkBelow(types, 4, "event type", reader);
        long[] timestamps = reader.longs(count);
        BytesColumn sources = BytesColumnCodec.read(count, false, reader);
        BytesColumn messages = BytesColumnCodec.read(count, true, reader);
        BytesColumn levels = BytesColumnCodec.read(count, true, reader);
        BytesColumn eventNames = BytesColumnCodec.read(count, true, reader);
        return new EventBatch(
                count,
                types,
                timestamps,
                sources,
                messages,
                levels,
                eventNames,
                (parts & TRACE_IDS) == 0 ? null : reader.longs(Math.multiplyExact(2, count)),
                (parts & SPAN_IDS) == 0 ? null : reader.longs(count),
                (parts & SEVERITY_NUMBERS) == 0 ? null : reader.bytes(count),
                (parts & OBSERVED) == 0 ? null : reader.longs(count),
                (parts & FLAGS) == 0 ? null : reader.ints(count),
                decodeFields(count, reader));
    }

    private static List<FieldColumn> decodeFields(int count, WireReader reader) {
        int fieldCount = reader.count("field count", FIELDS_MAX);
        List<FieldColumn> fields = new ArrayList<>(Math.min(fieldCount, 64));
        int[] allRows = null;
        for (int index = 0; index < fieldCount; index++) {
            int space = reader.u8();
            if (space >= FieldSpace.values().length) {
                throw reader.wrong("field space " + space, "0-2");
            }
            String key =
                    new String(
                            reader.bytes(reader.count("key length", reader.remaining())),
                            StandardCharsets.UTF_8);
            int rowCount = reader.count("rows of a field", Math.min(count, reader.remaining()));
            int[] rows;
            int rowsMode = reader.u8();
            if (rowsMode == ROWS_ALL && rowCount == count) {
                allRows = allRows == null ? ascending(count) : allRows;
                rows = allRows;
            } else if (rowsMode == ROWS_LISTED) {
                rows = reader.ints(rowCount);
                checkAscending(rows, count, reader);
            } else {
                throw reader.wrong("rows mode " + rowsMode, "0 with all rows, or 1");
            }
            byte[] kinds = decodeKinds(rowCount, reader);
            BytesColumn values = BytesColumnCodec.read(rowCount, false, reader);
            fields.add(new FieldColumn(FieldSpace.of(space), key, rows, kinds, values));
        }
        return fields;
    }

    private static byte[] decodeKinds(int rowCount, WireReader reader) {
        int kind = reader.u8();
        if (kind == KINDS_LISTED) {
            byte[] kinds = reader.bytes(rowCount);
            checkBelow(kinds, KINDS, "kind", reader);
            return kinds;
        }
        if (kind >= KINDS) {
            throw reader.wrong("kind " + kind, "0-" + (KINDS - 1) + " or 255");
        }
        byte[] kinds = new byte[rowCount];
        Arrays.fill(kinds, (byte) kind);
        return kinds;
    }

    private static int[] ascending(int count) {
        int[] rows = new int[count];
        for (int row = 0; row < count; row++) {
            rows[row] = row;
        }
        return rows;
    }

    private static void checkAscending(int[] rows, int count, WireReader reader) {
        int last = -1;
        for (int row : rows) {
            if (row <= last) {
                throw reader.wrong("row " + row + " after " + last, "ascending rows");
            }
            last = row;
        }
        if (last >= count) {
            throw reader.wrong("row " + last, "below " + count);
        }
    }

    private static void checkBelow(byte[] values, int limit, String what, WireReader reader) {
        for (byte value : values) {
            if (value < 0 || value >= limit) {
                throw reader.wrong(what + " " + value, "0-" + (limit - 1));
            }
        }
    }
}
