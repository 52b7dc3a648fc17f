package dev.belfry.store.parquet;

import dev.belfry.model.BytesColumn;
import dev.belfry.store.column.ColumnSpec;
import dev.belfry.store.column.FoundTexts;
import dev.belfry.store.column.ReadCost;
import dev.belfry.store.column.RowGroup;
import dev.belfry.store.column.Vector;
import dev.belfry.store.filter.PairLayout;
import dev.belfry.store.filter.Phrase;
import java.io.IOException;
import java.util.BitSet;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A row group as it stands in a segment: just encoded and in memory, or in a file that is open. Its
 * bytes can be copied into another segment as they are.
 */
public final class EncodedRowGroup implements RowGroup {
    private final int rowCount;
    private final long minTimestampNanos;
    private final long maxTimestampNanos;
    private final long minOffset;
    private final long maxOffset;
    private final Map<ColumnSpec, ChunkReader> chunks;
    private final List<ColumnSpec> columns;
    private final GroupFilter filter;
    private final GroupPairs pairs;

    EncodedRowGroup(int rowCount, List<ChunkReader> readers, GroupFilter filter, GroupPairs pairs) {
        this.rowCount = rowCount;
        this.filter = filter;
        this.pairs = pairs;
        this.chunks = new LinkedHashMap<>();
        for (ChunkReader reader : readers) {
            if (!reader.info().allNull()) {
                chunks.put(reader.info().spec(), reader);
            }
        }
        this.columns =
                chunks.keySet().stream().sorted(Comparator.comparing(ColumnSpec::name)).toList();
        ChunkInfo timestamps = ranged(ColumnSpec.TIMESTAMP);
        ChunkInfo offsets = ranged(ColumnSpec.OFFSET);
        this.minTimestampNanos = timestamps.min();
        this.maxTimestampNanos = timestamps.max();
        this.minOffset = offsets.min();
        this.maxOffset = offsets.max();
    }

    private ChunkInfo ranged(ColumnSpec spec) {
        ChunkReader reader = chunks.get(spec);
        if (reader == null || reader.info().nullCount() > 0 || !reader.info().hasRange()) {
            throw new IllegalArgumentException(
                    spec.name() + ": rows without a value (expected: one in each row)");
        }
        return reader.info();
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
        return columns;
    }

    @Override
    public boolean mayContain(long hash) {
        return filter.mayContain(hash);
    }

    @Override
    public int partsWith(long[] wanted, ReadCost cost) {
        return pairs.parts(wanted, cost);
    }

    @Override
    public @Nullable BytesColumn dictionary(ColumnSpec column, ReadCost cost) throws IOException {
        ChunkReader chunk = chunks.get(column);
        return chunk == null ? null : chunk.texts(cost);
    }

    @Override
    public int @Nullable [] valueCounts(ColumnSpec column, ReadCost cost) throws IOException {
        ChunkReader chunk = chunks.get(column);
        return chunk == null ? null : chunk.valueCounts(cost);
    }

    @Override
    public boolean mayBeBetween(ColumnSpec column, long low, long high) {
        ChunkReader chunk = chunks.get(column);
        if (chunk == null) {
            return false;
        }
        ChunkInfo info = chunk.info();
        return !info.hasRange() || low <= info.max() && high >= info.min();
    }

    @Override
    public long @Nullable [] extremes(ColumnSpec column) {
        ChunkReader chunk = chunks.get(column);
        return chunk == null || !chunk.info().hasRange()
                ? null
                : new long[] {chunk.info().min(), chunk.info().max()};
    }

    @Override
    public Vector read(ColumnSpec column, ReadCost cost) throws IOException {
        ChunkReader chunk = chunks.get(column);
        return chunk == null ? Vectors.allNull(column.form(), rowCount) : chunk.read(cost);
    }

    @Override
    public Vector read(ColumnSpec column, int[] rows, ReadCost cost) throws IOException {
        if (rows.length > 0 && (rows[0] < 0 || rows[rows.length - 1] >= rowCount)) {
            throw new IndexOutOfBoundsException(
                    "row " + rows[rows.length - 1] + " (expected: below " + rowCount + ")");
        }
        ChunkReader chunk = chunks.get(column);
        return chunk == null ? Vectors.allNull(column.form(), rows.length) : chunk.read(rows, cost);
    }

    @Override
    public Vector read(ColumnSpec column, int from, int to, ReadCost cost) throws IOException {
        checkRange(from, to);
        ChunkReader chunk = chunks.get(column);
        return chunk == null
                ? Vectors.allNull(column.form(), to - from)
                : chunk.read(from, to, cost);
    }

    @Override
    public @Nullable FoundTexts find(
            ColumnSpec column, int from, int to, Phrase phrase, ReadCost cost) throws IOException {
        checkRange(from, to);
        ChunkReader chunk = chunks.get(column);
        return chunk == null ? null : chunk.find(from, to, phrase, cost);
    }

    private void checkRange(int from, int to) {
        if (from < 0 || to > rowCount) {
            throw new IndexOutOfBoundsException(
                    "rows " + from + " to " + to + " (expected: within " + rowCount + ")");
        }
    }

    /** Reads every page of every column: the indexes, ascending, of the rows that are whole. */
    public int[] soundRows() {
        BitSet sound = new BitSet(rowCount);
        sound.set(0, rowCount);
        for (ChunkReader chunk : chunks.values()) {
            chunk.check(sound);
        }
        return sound.stream().toArray();
    }

    /** The bytes that the group takes in a segment and its filter file. */
    public long sizeBytes() {
        PairLayout layout = pairs.layout();
        long sum = filter.sizeBytes() + (layout == null ? 0 : layout.sizeBytes());
        for (ChunkReader chunk : chunks.values()) {
            sum += chunk.info().sizeBytes();
        }
        return sum;
    }

    /** The bytes that a column takes in a segment; 0 for one that the group lacks. */
    public long sizeBytes(ColumnSpec column) {
        ChunkReader chunk = chunks.get(column);
        return chunk == null ? 0 : chunk.info().sizeBytes();
    }

    /** Null where every row is without a value. */
    @Nullable ChunkReader chunk(ColumnSpec column) {
        return chunks.get(column);
    }

    GroupFilter filter() {
        return filter;
    }

    GroupPairs pairs() {
        return pairs;
    }
}
