package dev.belfry.store.parquet;

import dev.belfry.store.filter.BinaryFuse8;
import dev.belfry.store.filter.PairFilter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Encodes row groups, one after another in the same arrays; for one thread. */
public final class RowGroupEncoder implements AutoCloseable {
    private final ChunkEncoder encoder = new ChunkEncoder();
    private final BinaryFuse8.Builder filters = new BinaryFuse8.Builder();
    private final PageCache cache;

    /**
     * An encoder.
     *
     * @param cache for the readers of what is encoded
     */
    public RowGroupEncoder(PageCache cache) {
        this.cache = cache;
    }

    /** The same without a filter of pairs. */
    public EncodedRowGroup encode(
            List<Column> columns, long @Nullable [] filterHashes, int hashCount) {
        return encode(columns, filterHashes, hashCount, null);
    }

    /**
     * Encodes a row group. The vectors are not needed afterwards.
     *
     * @param columns distinct specs, equal counts of at least one row, rows ascending by
     *     (timestamp, offset); {@code TIMESTAMP} and {@code OFFSET} are among them and have a value
     *     in each row
     * @param filterHashes the words and ids of the rows, best without duplicates; null for no
     *     filter
     * @param hashCount how many hashes there are
     * @param pairs which parts of the rows have which pairs of words; null when that is not known
     * @throws IllegalArgumentException when the columns are not so
     */
    public EncodedRowGroup encode(
            List<Column> columns,
            long @Nullable [] filterHashes,
            int hashCount,
            @Nullable PairFilter pairs) {
        int rowCount = columns.isEmpty() ? 0 : columns.getFirst().values().count();
        if (rowCount < 1 || rowCount > Limits.GROUP_ROWS_MAX) {
            throw new IllegalArgumentException(
                    "rows: " + rowCount + " (expected: 1 to " + Limits.GROUP_ROWS_MAX + ")");
        }
        List<ChunkReader> chunks = new ArrayList<>(columns.size());
        for (Column column : columns) {
            if (column.values().count() != rowCount) {
                throw new IllegalArgumentException(
                        column.spec().name()
                                + ": "
                                + column.values().count()
                                + " rows (expected: "
                                + rowCount
                                + ")");
            }
            if (!Vectors.isAllNull(column.values())) {
                chunks.add(encoder.encode(column, cache));
            }
        }
        boundCounts(chunks);
        GroupFilter filter =
                filterHashes == null
                        ? new GroupFilter.None()
                        : new GroupFilter.Memory(filters.build(filterHashes, hashCount));
        GroupPairs groupPairs =
                pairs == null ? new GroupPairs.None() : new GroupPairs.Memory(pairs);
        return new EncodedRowGroup(rowCount, chunks, filter, groupPairs);
    }

    /* Drops the counts of the largest dictionaries when a group has too many bytes of them. */
    private void boundCounts(List<ChunkReader> chunks) {
        int room = Limits.GROUP_COUNTS_BYTES_MAX;
        List<ChunkReader> bySize = new ArrayList<>(chunks);
        bySize.sort(Comparator.comparingInt(chunk -> chunk.info().valueCounts().length));
        for (ChunkReader chunk : bySize) {
            room -= chunk.info().valueCounts().length;
            if (room < 0) {
                chunks.set(
                        chunks.indexOf(chunk),
                        new ChunkReader(chunk.info().withoutValueCounts(), chunk.bytes(), cache));
            }
        }
    }

    @Override
    public void close() {
        encoder.close();
    }
}
