package dev.belfry.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How often the values of several fields occur on two sides.
 *
 * @param selection the one side
 * @param baseline the other
 * @param fields in the order asked for
 * @param statistics what it cost
 */
public record Contrast(
        Side selection,
        Side baseline,
        List<FieldCounts> fields,
        ResultTable.Statistics statistics) {
    public Contrast {
        fields = List.copyOf(fields);
    }

    /**
     * One side.
     *
     * @param rows rows of its scans
     * @param rowsCounted those whose values were counted: all, or some from all over the range
     */
    public record Side(long rows, long rowsCounted) {}

    /**
     * One field.
     *
     * @param name as asked for
     * @param values as in {@link ResultTable}; null for rows without the field
     * @param selection {@code [values]} rows of the selection that have the value
     * @param baseline {@code [values]} the same of the baseline
     * @param selectionRows rows of the selection in which the field was counted: fewer than there
     *     are where it has very many values
     * @param baselineRows the same of the baseline
     * @param coarse whether numbers were rounded down to two digits, since there are very many
     */
    public record FieldCounts(
            String name,
            List<@Nullable Object> values,
            long[] selection,
            long[] baseline,
            long selectionRows,
            long baselineRows,
            boolean coarse) {}
}
