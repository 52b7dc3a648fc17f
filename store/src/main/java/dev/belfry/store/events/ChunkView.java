package dev.belfry.store.events;

import dev.belfry.store.column.ColumnSpec;
import dev.belfry.store.column.ReadCost;
import dev.belfry.store.column.RowGroup;
import dev.belfry.store.column.Vector;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The rows of a chunk at one moment, in order: how queries and the encoder see hot rows. */
final class ChunkView implements RowGroup {
    private final int rowCount;
    private final long minOffset;
    private final long maxOffset;
    private final long minTimestampNanos;
    private final long maxTimestampNanos;
    private final Map<ColumnSpec, FrozenColumn> columns;
    private final int @Nullable [] order;
    private final int @Nullable [] positions;
    private final Map<ColumnSpec, Vector> vectors = new ConcurrentHashMap<>();

    ChunkView(int rowCount, Map<ColumnSpec, FrozenColumn> columns) {
        this.rowCount = rowCount;
        this.columns = columns;
        long[] timestamps = longs(ColumnSpec.TIMESTAMP);
        long[] offsets = longs(ColumnSpec.OFFSET);
        order = RowOrder.of(timestamps, offsets, rowCount);
        int[] inverse = null;
        if (order != null) {
            inverse = new int[rowCount];
            for (int i = 0; i < rowCount; i++) {
                inverse[order[i]] = i;
            }
        }
        positions = inverse;
        minTimestampNanos = timestamps[order == null ? 0 : order[0]];
        maxTimestampNanos = timestamps[order == null ? rowCount - 1 : order[rowCount - 1]];
        long low = Long.MAX_VALUE;
        long high = Long.MIN_VALUE;
        for (int i = 0; i < rowCount; i++) {
            low = Math.min(low, offsets[i]);
            high = Math.max(high, offsets[i]);
        }
        minOffset = low;
        maxOffset = high;
    }

    private long[] longs(ColumnSpec spec) {
        return ((LongColumn.Frozen) frozen(spec)).values();
    }

    private FrozenColumn frozen(ColumnSpec spec) {
        FrozenColumn column = columns.get(spec);
        if (column == null) {
            throw new IllegalArgumentException("column: " + spec + " (expected: one of columns())");
        }
        return column;
    }

    /** The oldest of receipt times, epoch milliseconds. */
    long minReceivedMillis() {
        return Arrays.stream(longs(ColumnSpec.RECEIVED), 0, rowCount).min().orElseThrow();
    }

    /** The newest of receipt times, epoch milliseconds. */
    long maxReceivedMillis() {
        return Arrays.stream(longs(ColumnSpec.RECEIVED), 0, rowCount).max().orElseThrow();
    }

    @Override
    public int rowCount() {
        return rowCount;
    }

    @Override
    public long minTimestampNanos() {
        return minTimestampNanos;
    }

    @Override
    public long maxTimestampNanos() {
        return maxTimestampNanos;
    }

    @Override
    public long minOffset() {
        return minOffset;
    }

    @Override
    public long maxOffset() {
        return maxOffset;
    }

    @Override
    public List<ColumnSpec> columns() {
        return List.copyOf(columns.keySet());
    }

    /** How many rows have a value in {@code column}. */
    int valueCount(ColumnSpec column) {
        return frozen(column).count();
    }

    @Override
    public boolean mayContain(long hash) {
        return true;
    }

    @Override
    public Vector read(ColumnSpec column, ReadCost cost) {
        return vectors.computeIfAbsent(column, spec -> frozen(spec).vector(rowCount, positions));
    }

    @Override
    public Vector read(ColumnSpec column, int[] rows, ReadCost cost) {
        if (order == null) {
            return frozen(column).pick(rows);
        }
        int[] unordered = new int[rows.length];
        for (int i = 0; i < rows.length; i++) {
            unordered[i] = order[rows[i]];
        }
        return frozen(column).pick(unordered);
    }
}
