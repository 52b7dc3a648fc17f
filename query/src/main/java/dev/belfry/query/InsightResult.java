package dev.belfry.query;

import dev.belfry.store.ResultTable;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a query of {@link Insights} answers.
 *
 * @param columns in order
 * @param rows in the order asked for, a value for each column: {@link String}, {@link Double},
 *     {@link Long}, {@link Boolean}, {@link ResultTable.Json}, {@link UUID}, or null
 * @param ids of the events that the rows are, or empty when rows are no events
 * @param truncated whether there are more rows than were given or worked on
 * @param statistics what it cost
 */
public record InsightResult(
        List<Column> columns,
        List<@Nullable Object[]> rows,
        List<UUID> ids,
        boolean truncated,
        ResultTable.Statistics statistics) {
    /**
     * A column.
     *
     * @param time whether its values are times: {@link Long}s are epoch nanoseconds
     */
    public record Column(String name, boolean time) {}

    public InsightResult {
        columns = List.copyOf(columns);
        ids = List.copyOf(ids);
    }
}
