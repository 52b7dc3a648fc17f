package dev.belfry.store.events;

import dev.belfry.store.column.Bits;
import dev.belfry.store.column.Vector;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A chunk's column of longs. One writer. */
final class LongColumn {
    private final SparseRows rows = new SparseRows();
    private long[] values = new long[8];

    int count() {
        return rows.count();
    }

    void add(int row, long value) {
        int index = rows.add(row);
        if (index == values.length) {
            values = Arrays.copyOf(values, index * 2);
        }
        values[index] = value;
    }

    /** Gives {@code value} to {@code count} rows from {@code row} on. */
    void addRun(int row, int count, long value) {
        for (int i = 0; i < count; i++) {
            add(row + i, value);
        }
    }

    Frozen freeze() {
        return new Frozen(rows.freeze(), values);
    }

    /** The column as it was. */
    record Frozen(SparseRows.Frozen rows, long[] values) implements FrozenColumn {
        @Override
        public int count() {
            return rows.count();
        }

        @Override
        public Vector.Longs pick(int[] wanted) {
            long[] picked = new long[wanted.length];
            long @Nullable [] nulls = null;
            for (int i = 0; i < wanted.length; i++) {
                int index = rows.index(wanted[i]);
                if (index >= 0) {
                    picked[i] = values[index];
                } else {
                    nulls = Bits.set(nulls, i, wanted.length);
                }
            }
            return new Vector.Longs(picked, nulls, wanted.length);
        }

        @Override
        public Vector.Longs vector(int rowCount, int @Nullable [] positions) {
            if (positions == null && rows.isDense(rowCount)) {
                return new Vector.Longs(values, null, rowCount);
            }
            long[] ordered = new long[rowCount];
            long @Nullable [] nulls = rows.count() == rowCount ? null : Bits.ones(rowCount);
            for (int i = 0; i < rows.count(); i++) {
                int row = rows.row(i);
                int at = positions == null ? row : positions[row];
                ordered[at] = values[i];
                if (nulls != null) {
                    nulls[at >>> 6] &= ~(1L << at);
                }
            }
            return new Vector.Longs(ordered, nulls, rowCount);
        }
    }
}
