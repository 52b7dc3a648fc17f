package dev.belfry.store.parquet;

import dev.belfry.model.BytesColumn;
import dev.belfry.store.column.Form;
import dev.belfry.store.column.Vector;
import java.util.Arrays;

/** What is asked of vectors besides their values. */
final class Vectors {
    private static final BytesColumn NO_VALUES = BytesColumn.of(new byte[0], new int[0], null, 0);

    private Vectors() {}

    /** A vector of {@code count} rows without a value. */
    static Vector allNull(Form form, int count) {
        if (form.isText()) {
            int[] codes = new int[count];
            Arrays.fill(codes, -1);
            return new Vector.Codes(codes, NO_VALUES, count);
        }
        long[] nulls = new long[(count + 63) >>> 6];
        Arrays.fill(nulls, -1L);
        if ((count & 63) != 0) {
            nulls[nulls.length - 1] = (1L << count) - 1;
        }
        return form.isLong()
                ? new Vector.Longs(new long[count], nulls, count)
                : new Vector.Binary(new byte[count * form.width()], form.width(), nulls, count);
    }

    /** Whether no row has a value. */
    static boolean isAllNull(Vector vector) {
        for (int row = 0; row < vector.count(); row++) {
            if (!vector.isNull(row)) {
                return false;
            }
        }
        return true;
    }

    /** About how much memory a vector holds, without the dictionary of codes. */
    static long sizeBytes(Vector vector) {
        return switch (vector) {
            case Vector.Longs longs -> longs.values().length * 8L + longs.count() / 8;
            case Vector.Codes codes -> codes.codes().length * 4L;
            case Vector.Text text -> text.values().data().length + text.count() * 4L;
            case Vector.Binary binary -> binary.data().length + binary.count() / 8L;
        };
    }

    /** The same of its rows alone, when it stands in longer arrays. */
    static long usedBytes(Vector vector) {
        return switch (vector) {
            case Vector.Longs longs -> 8L * longs.count();
            case Vector.Codes codes -> 4L * codes.count();
            case Vector.Text(BytesColumn values) ->
                    values.end(values.count() - 1) + 4L * values.count();
            case Vector.Binary binary -> (long) binary.width() * binary.count();
        };
    }

    /** The same vector in arrays of its own that are no longer than it. */
    static Vector used(Vector vector) {
        return switch (vector) {
            case Vector.Longs(long[] values, long[] nulls, int count) ->
                    new Vector.Longs(Arrays.copyOf(values, count), nulls, count);
            case Vector.Codes(int[] codes, BytesColumn dictionary, int count) ->
                    new Vector.Codes(Arrays.copyOf(codes, count), dictionary, count);
            case Vector.Text(BytesColumn values) -> TextPages.slice(values, 0, values.count());
            case Vector.Binary(byte[] data, int width, long[] nulls, int count) ->
                    new Vector.Binary(Arrays.copyOf(data, width * count), width, nulls, count);
        };
    }
}
