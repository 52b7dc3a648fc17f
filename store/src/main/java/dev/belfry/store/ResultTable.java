package dev.belfry.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A query's answer.
 *
 * @param columns names, in order
 * @param rows a value for each column: {@link String}, {@link Double}, {@link Long} (counts; times
 *     as epoch nanoseconds), {@link Boolean}, {@link Json}, {@link java.util.UUID} (id), or null
 * @param truncated whether rows were cut at a bound of the query (rows, or bytes of a page)
 * @param endOffset the end of the view that was read: what {@link Plan.Resume} takes
 * @param statistics what it cost
 */
public record ResultTable(
        List<String> columns,
        List<@Nullable Object[]> rows,
        boolean truncated,
        long endOffset,
        Statistics statistics) {
    /** JSON text: an array, an object, or a number whose text matters. */
    public record Json(String text) {}

    /**
     * What a query cost.
     *
     * <p>To an owner who does not see all, only rows and row groups of their own count, and no
     * bytes.
     *
     * @param elapsedNanos from its start to its end, waiting included
     * @param rowsRead rows that a filter looked at
     * @param bytesRead bytes read from segments, compressed
     * @param rowGroupsTotal row groups in the view
     * @param rowGroupsInRange those of them that may have rows of the time range
     * @param rowGroupsSkipped those of all that time range or filters ruled out
     * @param warnings what is missing from the answer and why; empty when nothing is
     */
    public record Statistics(
            long elapsedNanos,
            long rowsRead,
            long bytesRead,
            int rowGroupsTotal,
            int rowGroupsInRange,
            int rowGroupsSkipped,
            List<String> warnings) {
        public Statistics {
            warnings = List.copyOf(warnings);
        }

        /** Of a question that needed nothing to be read. */
        public static final Statistics NONE = new Statistics(0, 0, 0, 0, 0, 0, List.of());

        /** These with other warnings. */
        public Statistics withWarnings(List<String> others) {
            return new Statistics(
                    elapsedNanos,
                    rowsRead,
                    bytesRead,
                    rowGroupsTotal,
                    rowGroupsInRange,
                    rowGroupsSkipped,
                    others);
        }
    }

    /** This with warnings about what is missing. */
    public ResultTable withWarnings(List<String> warnings) {
        return warnings.isEmpty()
                ? this
                : new ResultTable(
                        columns, rows, truncated, endOffset, statistics.withWarnings(warnings));
    }
}
