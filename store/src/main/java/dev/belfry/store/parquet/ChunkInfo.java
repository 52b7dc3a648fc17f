package dev.belfry.store.parquet;

import dev.belfry.store.column.ColumnSpec;

/**
 * What is known of a column chunk without reading it. Places are bytes from the chunk's start.
 *
 * @param spec which column
 * @param encoding how the values of its data pages stand
 * @param codec of its pages
 * @param rowCount its rows
 * @param nullCount its rows without a value
 * @param hasRange whether {@code min} and {@code max} are those of its values
 * @param min the least value of longs
 * @param max the greatest value of longs
 * @param plainSize bytes of all pages with headers before compression
 * @param dictionarySize where the first data page begins; 0 without a dictionary
 * @param pageEnds where each data page ends, ascending
 * @param firstRows the first row of each data page, ascending from 0
 * @param valueCounts the rows of each entry of the dictionary ({@link ValueCounts}), empty when
 *     that is not known
 */
record ChunkInfo(
        ColumnSpec spec,
        int encoding,
        int codec,
        int rowCount,
        int nullCount,
        boolean hasRange,
        long min,
        long max,
        long plainSize,
        int dictionarySize,
        int[] pageEnds,
        int[] firstRows,
        byte[] valueCounts) {

    int pageCount() {
        return pageEnds.length;
    }

    int sizeBytes() {
        return pageEnds[pageEnds.length - 1];
    }

    int pageStart(int page) {
        return page == 0 ? dictionarySize : pageEnds[page - 1];
    }

    /** The row behind the last of {@code page}. */
    int endRow(int page) {
        return page + 1 < firstRows.length ? firstRows[page + 1] : rowCount;
    }

    ChunkInfo withoutValueCounts() {
        return new ChunkInfo(
                spec,
                encoding,
                codec,
                rowCount,
                nullCount,
                hasRange,
                min,
                max,
                plainSize,
                dictionarySize,
                pageEnds,
                firstRows,
                ValueCounts.NONE);
    }

    boolean allNull() {
        return nullCount == rowCount;
    }
}
