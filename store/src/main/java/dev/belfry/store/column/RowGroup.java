package dev.belfry.store.column;

import dev.belfry.model.BytesColumn;
import dev.belfry.store.filter.PairFilter;
import dev.belfry.store.filter.Phrase;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Rows kept together, ascending by (timestamp, offset): a row group of a segment, or a run of hot
 * rows. Immutable and safe for many threads.
 */
public interface RowGroup {
    /** How many rows there are, at least 1. */
    int rowCount();

    /** The lowest event time, epoch nanoseconds. */
    long minTimestampNanos();

    /** The highest event time, epoch nanoseconds. */
    long maxTimestampNanos();

    /** The lowest journal offset. */
    long minOffset();

    /** The highest journal offset. */
    long maxOffset();

    /** The physical columns that have a value in at least one row. */
    List<ColumnSpec> columns();

    /**
     * Whether a row may hold the token or id of this hash ({@code Tokens}); false is certain. A
     * group without a filter answers true.
     */
    boolean mayContain(long hash);

    /**
     * The eighths of the rows, a bit each ({@code PairFilter}), that may have a text with each of
     * these pairs of neighbouring words; a bit that is not set is certain. Numbers, ids of hex
     * digits and columns of the event other than message, trace and span are not among the texts.
     */
    default int partsWith(long[] pairs, ReadCost cost) {
        return PairFilter.ALL_PARTS;
    }

    /**
     * The distinct texts of a column, when they are known without reading its rows; else null.
     *
     * @throws IOException when they cannot be read
     */
    default @Nullable BytesColumn dictionary(ColumnSpec column, ReadCost cost) throws IOException {
        return null;
    }

    /**
     * How many rows have each text of {@link #dictionary}, when that is known without reading rows;
     * else null.
     *
     * @throws IOException when they cannot be read
     */
    default int @Nullable [] valueCounts(ColumnSpec column, ReadCost cost) throws IOException {
        return null;
    }

    /**
     * Whether a column of longs may have a value from {@code low} to {@code high}, both inclusive;
     * false is certain.
     */
    default boolean mayBeBetween(ColumnSpec column, long low, long high) {
        return true;
    }

    /**
     * The least and the greatest value of a column of longs, {@code [2]}, when both are known
     * exactly without reading rows; else null.
     */
    default long @Nullable [] extremes(ColumnSpec column) {
        return null;
    }

    /** All rows of a column; {@code cost} counts what had to be read from disk. */
    Vector read(ColumnSpec column, ReadCost cost) throws IOException;

    /**
     * Some rows of a column, reading only the pages that they are in.
     *
     * @param rows ascending row indexes; value {@code i} of the result is row {@code rows[i]}
     */
    Vector read(ColumnSpec column, int[] rows, ReadCost cost) throws IOException;

    /** The rows {@code from} (inclusive) to {@code to} (exclusive) of a column, by their pages. */
    default Vector read(ColumnSpec column, int from, int to, ReadCost cost) throws IOException {
        return read(column, IntStream.range(from, to).toArray(), cost);
    }

    /**
     * Those of the rows {@code from} (inclusive) to {@code to} (exclusive) whose text has {@code
     * phrase}; null where the group finds them no faster than by reading all.
     *
     * @param column one of form TEXT
     */
    default @Nullable FoundTexts find(
            ColumnSpec column, int from, int to, Phrase phrase, ReadCost cost) throws IOException {
        return null;
    }
}
