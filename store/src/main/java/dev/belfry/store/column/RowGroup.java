package dev.belfry.store.column;

import java.io.IOException;
import java.util.List;

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

    /** All rows of a column; {@code cost} counts what had to be read from disk. */
    Vector read(ColumnSpec column, ReadCost cost) throws IOException;

    /**
     * Some rows of a column, reading only the pages that they are in.
     *
     * @param rows ascending row indexes; value {@code i} of the result is row {@code rows[i]}
     */
    Vector read(ColumnSpec column, int[] rows, ReadCost cost) throws IOException;
}
