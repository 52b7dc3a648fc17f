package dev.belfry.store.column;

import dev.belfry.model.BytesColumn;
import org.jspecify.annotations.Nullable;

/**
 * The values of one physical column for a run of rows; immutable, arrays are shared and nobody
 * writes to them.
 */
public sealed interface Vector {
    /** How many rows there are. */
    int count();

    /** Whether row {@code index} has no value. */
    boolean isNull(int index);

    /**
     * Whole numbers.
     *
     * @param values {@code values[>= count]}, 0 where null
     * @param nulls a bit for each row without a value, or null when every row has one
     * @param count the rows
     */
    record Longs(long[] values, long @Nullable [] nulls, int count) implements Vector {
        @Override
        public boolean isNull(int index) {
            return nulls != null && (nulls[index >>> 6] & 1L << index) != 0;
        }
    }

    /**
     * Bytes by dictionary code.
     *
     * @param codes {@code codes[>= count]}: index into the dictionary, -1 where null
     * @param dictionary distinct values, none null
     * @param count the rows
     */
    record Codes(int[] codes, BytesColumn dictionary, int count) implements Vector {
        @Override
        public boolean isNull(int index) {
            return codes[index] < 0;
        }
    }

    /**
     * Bytes, each with its value.
     *
     * @param values one a row
     */
    record Text(BytesColumn values) implements Vector {
        @Override
        public int count() {
            return values.count();
        }

        @Override
        public boolean isNull(int index) {
            return values.isNull(index);
        }
    }

    /**
     * Bytes of one width.
     *
     * @param data {@code width} bytes a row, zeros where null
     * @param width 8 or 16
     * @param nulls a bit for each row without a value, or null when every row has one
     * @param count the rows
     */
    record Binary(byte[] data, int width, long @Nullable [] nulls, int count) implements Vector {
        @Override
        public boolean isNull(int index) {
            return nulls != null && (nulls[index >>> 6] & 1L << index) != 0;
        }
    }
}
