package dev.belfry.store.events;

import dev.belfry.store.column.Bits;
import dev.belfry.store.column.Vector;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A chunk's column of ids of 8 or 16 bytes. One writer. */
final class BinaryColumn {
    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private final SparseRows rows = new SparseRows();
    private final int width;
    private byte[] data;

    BinaryColumn(int width) {
        this.width = width;
        this.data = new byte[width * 8];
    }

    int count() {
        return rows.count();
    }

    void add(int row, long value) {
        int at = next(row);
        LONGS.set(data, at, value);
    }

    void add(int row, long high, long low) {
        int at = next(row);
        LONGS.set(data, at, high);
        LONGS.set(data, at + 8, low);
    }

    void add(int row, byte[] bytes, int from) {
        int at = next(row);
        System.arraycopy(bytes, from, data, at, width);
    }

    private int next(int row) {
        int at = rows.add(row) * width;
        if (at == data.length) {
            data = Arrays.copyOf(data, at * 2);
        }
        return at;
    }

    Frozen freeze() {
        return new Frozen(rows.freeze(), width, data);
    }

    /** The column as it was. */
    record Frozen(SparseRows.Frozen rows, int width, byte[] data) implements FrozenColumn {
        @Override
        public int count() {
            return rows.count();
        }

        @Override
        public Vector vector(int rowCount, int @Nullable [] positions) {
            if (positions == null && rows.isDense(rowCount)) {
                return new Vector.Binary(data, width, null, rowCount);
            }
            byte[] ordered = new byte[rowCount * width];
            long @Nullable [] nulls = rows.count() == rowCount ? null : Bits.ones(rowCount);
            for (int i = 0; i < rows.count(); i++) {
                int row = rows.row(i);
                int at = positions == null ? row : positions[row];
                System.arraycopy(data, i * width, ordered, at * width, width);
                if (nulls != null) {
                    nulls[at >>> 6] &= ~(1L << at);
                }
            }
            return new Vector.Binary(ordered, width, nulls, rowCount);
        }

        @Override
        public Vector pick(int[] wanted) {
            byte[] picked = new byte[wanted.length * width];
            long @Nullable [] nulls = null;
            for (int i = 0; i < wanted.length; i++) {
                int index = rows.index(wanted[i]);
                if (index >= 0) {
                    System.arraycopy(data, index * width, picked, i * width, width);
                } else {
                    nulls = Bits.set(nulls, i, wanted.length);
                }
            }
            return new Vector.Binary(picked, width, nulls, wanted.length);
        }
    }
}
