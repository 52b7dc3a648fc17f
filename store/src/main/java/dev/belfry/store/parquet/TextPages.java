package dev.belfry.store.parquet;

import dev.belfry.model.BytesColumn;
import dev.belfry.store.column.Vector;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A column of plain text taken apart into pages, and put together again. */
final class TextPages {
    private TextPages() {}

    /** The rows {@code from .. to}, with arrays of their own. */
    static Vector.Text slice(BytesColumn values, int from, int to) {
        int start = values.start(from);
        byte[] data = Arrays.copyOfRange(values.data(), start, values.end(to - 1));
        int[] ends = new int[to - from];
        for (int row = from; row < to; row++) {
            ends[row - from] = values.end(row) - start;
        }
        long[] nulls = values.mayHaveNulls() ? new long[(to - from + 63) >>> 6] : null;
        for (int row = from; nulls != null && row < to; row++) {
            nulls[row - from >>> 6] |= values.isNull(row) ? 1L << row - from : 0;
        }
        return new Vector.Text(BytesColumn.of(data, ends, nulls, to - from));
    }

    /** All rows of {@code pages}, {@code rowCount} together. */
    static Vector.Text join(List<Vector.Text> pages, int rowCount) {
        long size = 0;
        boolean mayHaveNulls = false;
        for (Vector.Text page : pages) {
            size += page.values().end(page.count() - 1);
            mayHaveNulls |= page.values().mayHaveNulls();
        }
        byte[] data = new byte[Math.toIntExact(size)];
        int[] ends = new int[rowCount];
        long @Nullable [] nulls = mayHaveNulls ? new long[(rowCount + 63) >>> 6] : null;
        int at = 0;
        int row = 0;
        for (Vector.Text page : pages) {
            BytesColumn values = page.values();
            int length = values.end(page.count() - 1);
            System.arraycopy(values.data(), 0, data, at, length);
            for (int index = 0; index < page.count(); index++, row++) {
                ends[row] = at + values.end(index);
                if (nulls != null && values.isNull(index)) {
                    nulls[row >>> 6] |= 1L << row;
                }
            }
            at += length;
        }
        return new Vector.Text(BytesColumn.of(data, ends, nulls, rowCount));
    }
}
