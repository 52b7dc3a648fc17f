package dev.belfry.store.events;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Which rows of a chunk have a value in a column, ascending; one writer, whose {@link #freeze}
 * others may read.
 */
final class SparseRows {
    /* While value i stands in row i there is no array: most columns never get one. */
    private int @Nullable [] rows;
    private int count;

    int count() {
        return count;
    }

    /** Adds {@code row}, which is above all before; returns the value's index. */
    int add(int row) {
        int index = count++;
        int[] known = rows;
        if (known == null) {
            if (row == index) {
                return index;
            }
            known = new int[Math.max(16, index * 2)];
            for (int i = 0; i < index; i++) {
                known[i] = i;
            }
            rows = known;
        } else if (index == known.length) {
            known = Arrays.copyOf(known, index * 2);
            rows = known;
        }
        known[index] = row;
        return index;
    }

    /** What stands here now; later additions do not change it. */
    Frozen freeze() {
        return new Frozen(rows, count);
    }

    /** Value index to row; {@code rows} null means that value i stands in row i. */
    record Frozen(int @Nullable [] rows, int count) {
        int row(int index) {
            return rows == null ? index : rows[index];
        }

        /** The index of {@code row}'s value, or a negative number when it has none. */
        int index(int row) {
            if (rows == null) {
                return row < count ? row : -1;
            }
            return Arrays.binarySearch(rows, 0, count, row);
        }

        /** Whether each of {@code rowCount} rows has a value, in order. */
        boolean isDense(int rowCount) {
            return rows == null && count == rowCount;
        }
    }
}
