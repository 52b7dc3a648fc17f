package dev.belfry.store.exec;

import dev.belfry.model.BytesColumn;
import dev.belfry.model.Event;
import dev.belfry.model.EventId;
import dev.belfry.model.FieldSpace;
import dev.belfry.store.column.ColumnSpec;
import dev.belfry.store.column.Form;
import dev.belfry.store.column.ReadCost;
import dev.belfry.store.column.RowGroup;
import dev.belfry.store.column.Vector;
import dev.belfry.store.filter.PairFilter;
import dev.belfry.store.parquet.Column;
import dev.belfry.store.parquet.RowGroupEncoder;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A row group in memory, its columns in forms that a seed chooses. */
final class FakeRowGroup implements RowGroup {
    private final List<Event> events;
    private final Map<ColumnSpec, Vector> columns = new LinkedHashMap<>();
    private final Set<Long> hashes = new HashSet<>();
    private final Map<Long, Integer> pairs = new HashMap<>();
    private final Random random;
    private final int scale;

    FakeRowGroup(List<Event> unsorted, long seed) {
        this.random = new Random(seed);
        this.scale = random.nextInt(4);
        this.events =
                unsorted.stream()
                        .sorted(
                                Comparator.comparingLong(Event::timestampNanos)
                                        .thenComparingLong(FakeRowGroup::offset))
                        .toList();
        longs(ColumnSpec.OFFSET, FakeRowGroup::offset);
        longs(ColumnSpec.RECEIVED, Event::receivedMillis);
        longs(ColumnSpec.TIMESTAMP, Event::timestampNanos);
        longs(
                ColumnSpec.SEVERITY_NUMBER,
                e -> e.severityNumber() == 0 ? null : (long) e.severityNumber());
        longs(ColumnSpec.OBSERVED, e -> e.observedNanos() == 0 ? null : e.observedNanos());
        longs(ColumnSpec.FLAGS, e -> e.flags() == 0 ? null : (long) e.flags());
        texts(ColumnSpec.EVENT_TYPE, e -> e.type().text());
        texts(ColumnSpec.SOURCE, Event::source);
        texts(ColumnSpec.MESSAGE, Event::message);
        texts(ColumnSpec.LEVEL, Event::level);
        texts(ColumnSpec.EVENT_NAME, Event::eventName);
        texts(ColumnSpec.CREATED_BY, Event::createdBy);
        texts(
                new ColumnSpec(FieldSpace.EVENT, "trace_id", Form.TEXT, 0),
                e -> isHex(e.traceId(), 32) ? null : e.traceId());
        texts(
                new ColumnSpec(FieldSpace.EVENT, "span_id", Form.TEXT, 0),
                e -> isHex(e.spanId(), 16) ? null : e.spanId());
        binaries(ColumnSpec.TRACE_ID, e -> isHex(e.traceId(), 32) ? e.traceId() : null);
        binaries(ColumnSpec.SPAN_ID, e -> isHex(e.spanId(), 16) ? e.spanId() : null);
        fields(FieldSpace.TAG, ColumnSpec.TAGS_REST, Event::tagsJson);
        fields(FieldSpace.PAYLOAD, ColumnSpec.PAYLOAD_REST, Event::payloadJson);
        int partRows = PairFilter.partRows(events.size());
        for (int row = 0; row < events.size(); row++) {
            ReferenceWords.hashes(events.get(row), hashes);
            int part = 1 << row / partRows;
            ReferenceWords.pairs(events.get(row))
                    .forEach(pair -> pairs.merge(pair, part, (left, right) -> left | right));
        }
    }

    static long offset(Event event) {
        return EventId.of(event.id()).offset();
    }

    private static boolean isHex(@Nullable String text, int length) {
        return text != null && text.matches("[0-9a-f]{" + length + "}");
    }

    private interface Getter<T> {
        @Nullable T of(Event event);
    }

    private void longs(ColumnSpec spec, Getter<Long> getter) {
        @Nullable Object[] cells = new @Nullable Object[events.size()];
        for (int i = 0; i < cells.length; i++) {
            cells[i] = getter.of(events.get(i));
        }
        put(spec, cells);
    }

    private void texts(ColumnSpec spec, Getter<String> getter) {
        @Nullable Object[] cells = new @Nullable Object[events.size()];
        for (int i = 0; i < cells.length; i++) {
            cells[i] = getter.of(events.get(i));
        }
        put(spec, cells);
    }

    private void binaries(ColumnSpec spec, Getter<String> getter) {
        @Nullable Object[] cells = new @Nullable Object[events.size()];
        for (int i = 0; i < cells.length; i++) {
            String text = getter.of(events.get(i));
            cells[i] = text == null ? null : HexFormat.of().parseHex(text);
        }
        put(spec, cells);
    }

    private void fields(FieldSpace space, ColumnSpec restSpec, Getter<String> getter) {
        Map<ColumnSpec, @Nullable Object[]> cells = new HashMap<>();
        Map<String, Boolean> own = new TreeMap<>();
        @Nullable Object[] rest = new @Nullable Object[events.size()];
        for (int i = 0; i < events.size(); i++) {
            Map<String, Object> left = new LinkedHashMap<>();
            for (Map.Entry<String, Object> member :
                    JsonTree.object(getter.of(events.get(i))).entrySet()) {
                String key = member.getKey();
                if (!own.computeIfAbsent(key, _ -> random.nextInt(4) > 0)) {
                    left.put(key, member.getValue());
                } else {
                    Form form = form(member.getValue());
                    ColumnSpec spec =
                            new ColumnSpec(space, key, form, form == Form.DECIMAL ? scale : 0);
                    cells.computeIfAbsent(spec, _ -> new @Nullable Object[events.size()])[i] =
                            cell(member.getValue(), form);
                }
            }
            rest[i] = left.isEmpty() ? null : JsonTree.write(left);
        }
        cells.forEach(this::put);
        put(restSpec, rest);
    }

    private Form form(Object value) {
        return switch (value) {
            case Boolean _ -> Form.BOOLEAN;
            case JsonTree.Num num -> {
                BigDecimal decimal = new BigDecimal(num.text());
                boolean fits =
                        decimal.scale() <= scale
                                && decimal.scale() >= 0
                                && decimal.precision() < 18 - scale
                                && decimal.stripTrailingZeros().toPlainString().equals(num.text());
                yield fits ? Form.DECIMAL : Form.NUMBER;
            }
            case String text -> {
                if (isHex(text, 16)) {
                    yield Form.HEX8;
                }
                if (isHex(text, 32)) {
                    yield Form.HEX16;
                }
                yield text.matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
                        ? Form.UUID
                        : Form.TEXT;
            }
            default -> Form.JSON;
        };
    }

    private Object cell(Object value, Form form) {
        return switch (form) {
            case BOOLEAN -> Boolean.TRUE.equals(value) ? 1L : 0L;
            case DECIMAL ->
                    new BigDecimal(((JsonTree.Num) value).text())
                            .setScale(scale)
                            .unscaledValue()
                            .longValueExact();
            case NUMBER -> ((JsonTree.Num) value).text();
            case HEX8, HEX16 -> HexFormat.of().parseHex((String) value);
            case UUID ->
                    HexFormat.of()
                            .parseHex(UUID.fromString((String) value).toString().replace("-", ""));
            case TEXT -> value;
            default -> JsonTree.write(value);
        };
    }

    private void put(ColumnSpec spec, @Nullable Object[] cells) {
        int values = 0;
        for (Object cell : cells) {
            values += cell == null ? 0 : 1;
        }
        if (values > 0) {
            columns.put(spec, vector(spec, cells));
        }
    }

    private Vector vector(ColumnSpec spec, @Nullable Object[] cells) {
        int count = cells.length;
        long @Nullable [] nulls = null;
        for (int i = 0; i < count; i++) {
            if (cells[i] == null) {
                nulls = nulls == null ? new long[(count + 63) / 64] : nulls;
                nulls[i / 64] |= 1L << i;
            }
        }
        if (spec.form().isLong()) {
            long[] values = new long[count];
            for (int i = 0; i < count; i++) {
                values[i] = cells[i] == null ? 0 : (Long) cells[i];
            }
            return new Vector.Longs(values, nulls, count);
        }
        if (spec.form().width() > 0) {
            int width = spec.form().width();
            byte[] data = new byte[count * width];
            for (int i = 0; i < count; i++) {
                if (cells[i] != null) {
                    System.arraycopy((byte[]) cells[i], 0, data, i * width, width);
                }
            }
            return new Vector.Binary(data, width, nulls, count);
        }
        if (random.nextBoolean()) {
            return new Vector.Text(
                    BytesColumn.of(java.util.Arrays.copyOf(cells, count, String[].class)));
        }
        Map<String, Integer> dictionary = new LinkedHashMap<>();
        int[] codes = new int[count];
        for (int i = 0; i < count; i++) {
            codes[i] =
                    cells[i] == null
                            ? -1
                            : dictionary.computeIfAbsent((String) cells[i], _ -> dictionary.size());
        }
        return new Vector.Codes(
                codes, BytesColumn.of(dictionary.keySet().toArray(String[]::new)), count);
    }

    /** The same rows as a segment has them. */
    RowGroup encoded(RowGroupEncoder encoder) {
        List<Column> encoded = new ArrayList<>();
        columns.forEach((spec, vector) -> encoded.add(new Column(spec, vector)));
        long[] filter = hashes.stream().mapToLong(Long::longValue).toArray();
        PairFilter.Builder builder = new PairFilter.Builder();
        pairs.forEach(builder::add);
        return encoder.encode(encoded, filter, filter.length, builder.build());
    }

    @Override
    public int rowCount() {
        return events.size();
    }

    @Override
    public long minTimestampNanos() {
        return events.getFirst().timestampNanos();
    }

    @Override
    public long maxTimestampNanos() {
        return events.getLast().timestampNanos();
    }

    @Override
    public long minOffset() {
        return events.stream().mapToLong(FakeRowGroup::offset).min().orElseThrow();
    }

    @Override
    public long maxOffset() {
        return events.stream().mapToLong(FakeRowGroup::offset).max().orElseThrow();
    }

    @Override
    public List<ColumnSpec> columns() {
        return List.copyOf(columns.keySet());
    }

    @Override
    public boolean mayContain(long hash) {
        return hashes.contains(hash);
    }

    @Override
    public int partsWith(long[] wanted, ReadCost cost) {
        int parts = PairFilter.ALL_PARTS;
        for (long pair : wanted) {
            parts &= pairs.getOrDefault(pair, 0);
        }
        return parts;
    }

    @Override
    public @Nullable BytesColumn dictionary(ColumnSpec column, ReadCost cost) {
        return column(column) instanceof Vector.Codes codes ? codes.dictionary() : null;
    }

    @Override
    public boolean mayBeBetween(ColumnSpec column, long low, long high) {
        Vector.Longs longs = (Vector.Longs) column(column);
        for (int i = 0; i < longs.count(); i++) {
            if (!longs.isNull(i) && longs.values()[i] >= low && longs.values()[i] <= high) {
                return true;
            }
        }
        return false;
    }

    @Override
    public Vector read(ColumnSpec column, ReadCost cost) {
        cost.addBytes(events.size());
        return column(column);
    }

    private Vector column(ColumnSpec column) {
        Vector vector = columns.get(column);
        if (vector == null) {
            throw new IllegalArgumentException("column: " + column);
        }
        return vector;
    }

    @Override
    public Vector read(ColumnSpec column, int[] rows, ReadCost cost) {
        cost.addBytes(rows.length);
        Vector vector = column(column);
        @Nullable Object[] cells = new @Nullable Object[rows.length];
        for (int i = 0; i < rows.length; i++) {
            if (i > 0 && rows[i] <= rows[i - 1]) {
                throw new IllegalArgumentException("rows: not ascending");
            }
            if (!vector.isNull(rows[i])) {
                cells[i] = cellOf(vector, rows[i]);
            }
        }
        return vector(column, cells);
    }

    private static Object cellOf(Vector vector, int row) {
        return switch (vector) {
            case Vector.Longs longs -> longs.values()[row];
            case Vector.Codes codes ->
                    new String(
                            codes.dictionary().bytes(codes.codes()[row]), StandardCharsets.UTF_8);
            case Vector.Text text -> new String(text.values().bytes(row), StandardCharsets.UTF_8);
            case Vector.Binary binary ->
                    java.util.Arrays.copyOfRange(
                            binary.data(), row * binary.width(), (row + 1) * binary.width());
        };
    }

    static List<RowGroup> groups(List<Event> events, int size, long seed) {
        List<RowGroup> groups = new ArrayList<>();
        for (int i = 0; i < events.size(); i += size) {
            groups.add(
                    new FakeRowGroup(
                            events.subList(i, Math.min(events.size(), i + size)), seed + i));
        }
        return groups;
    }
}
