package dev.belfry.store.column;

import dev.belfry.model.BytesColumn;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a damaged row group that can still be read. Immutable and safe for many threads.
 *
 * @param damaged the row group as it stands
 * @param rows ascending indexes of its sound rows, at least one
 */
public record SoundRows(RowGroup damaged, int[] rows) implements RowGroup {
    /*
     * Times and offsets may reach less far than those of the whole group; readers take them as bounds only.
     */
    @Override
    public int rowCount() {
        return rows.length;
    }

    @Override
    public long minTimestampNanos() {
        return damaged.minTimestampNanos();
    }

    @Override
    public long maxTimestampNanos() {
        return damaged.maxTimestampNanos();
    }

    @Override
    public long minOffset() {
        return damaged.minOffset();
    }

    @Override
    public long maxOffset() {
        return damaged.maxOffset();
    }

    @Override
    public List<ColumnSpec> columns() {
        return damaged.columns();
    }

    @Override
    public boolean mayContain(long hash) {
        return damaged.mayContain(hash);
    }

    @Override
    public @Nullable BytesColumn dictionary(ColumnSpec column, ReadCost cost) throws IOException {
        return damaged.dictionary(column, cost);
    }

    @Override
    public boolean mayBeBetween(ColumnSpec column, long low, long high) {
        return damaged.mayBeBetween(column, low, high);
    }

    @Override
    public Vector read(ColumnSpec column, ReadCost cost) throws IOException {
        return damaged.read(column, rows, cost);
    }

    @Override
    public Vector read(ColumnSpec column, int[] wanted, ReadCost cost) throws IOException {
        int[] inGroup = new int[wanted.length];
        for (int i = 0; i < wanted.length; i++) {
            inGroup[i] = rows[wanted[i]];
        }
        return damaged.read(column, inGroup, cost);
    }
}
