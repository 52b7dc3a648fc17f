package dev.belfry.query;

import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.model.FieldSpace;
import dev.belfry.store.EventStore;
import dev.belfry.store.Expr;
import dev.belfry.store.Plan;
import dev.belfry.store.QueryContext;
import dev.belfry.store.ResultTable;
import dev.belfry.store.Table;
import dev.belfry.store.TimeRange;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The fields of events with their most frequent values. */
final class FieldSummaries {
    /* Rows looked at: the newest of the range. Enough for shares to be right, few enough to answer at once. */
    private static final long ROWS_MAX = 1 << 20;

    /* Fields of an answer. */
    private static final int FIELDS_MAX = 60;

    private static final int VALUES_MAX = 100;

    private FieldSummaries() {}

    static FieldSummary.Summaries of(
            EventStore store, EventFilter filter, int valuesPerField, QueryContext context) {
        if (valuesPerField < 1 || valuesPerField > VALUES_MAX) {
            throw new BelfryException(
                    ErrorCode.VALIDATION_ERROR,
                    "limit: " + valuesPerField + " (expected: 1-" + VALUES_MAX + ")");
        }
        EventStore.Fields known = store.fields(filter.range(), ROWS_MAX, context);
        TimeRange range = known.range();
        Plan.Scan scan =
                new Plan.Scan(Table.EVENTS, range, filter.expression(), filter.owner(), null);
        Map<String, Expr> fields = new LinkedHashMap<>();
        for (String column : List.of("source", "level", "event_type")) {
            fields.put(column, new Expr.Column(column));
        }
        for (EventStore.FieldName name : known.names()) {
            if (fields.size() == FIELDS_MAX) {
                break;
            }
            String prefix = name.space() == FieldSpace.TAG ? "tags." : "payload.";
            fields.put(prefix + name.key(), new Expr.Field(name.space(), name.key()));
        }
        List<FieldSummary> summaries = new ArrayList<>();
        long rows = 0;
        long bytes = 0;
        int total = 0;
        int skipped = 0;
        List<String> warnings = List.of();
        long start = System.nanoTime();
        for (Map.Entry<String, Expr> field : fields.entrySet()) {
            ResultTable table = store.execute(plan(scan, field.getValue()), context);
            rows = table.statistics().rowsRead();
            bytes = table.statistics().bytesRead();
            total = table.statistics().rowGroupsTotal();
            skipped = table.statistics().rowGroupsSkipped();
            warnings = table.statistics().warnings();
            FieldSummary summary = summary(field.getKey(), table, valuesPerField);
            if (summary.count() > 0) {
                summaries.add(summary);
            }
        }
        return new FieldSummary.Summaries(
                summaries,
                known.cut(),
                new ResultTable.Statistics(
                        System.nanoTime() - start, rows, bytes, total, skipped, warnings));
    }

    private static Plan plan(Plan.Scan scan, Expr field) {
        return new Plan.Sort(
                new Plan.Aggregate(
                        scan,
                        List.of(new Plan.Named("value", field)),
                        List.of(new Plan.Measure("count", Plan.Function.COUNT, null, 0))),
                List.of(new Plan.SortKey("count", true)));
    }

    private static FieldSummary summary(String name, ResultTable table, int valuesPerField) {
        long count = 0;
        long distinct = 0;
        List<FieldSummary.ValueCount> values = new ArrayList<>();
        for (@Nullable Object[] row : table.rows()) {
            Object value = row[0];
            if (value == null || !(row[1] instanceof Number number)) {
                continue;
            }
            count += number.longValue();
            distinct++;
            if (values.size() < valuesPerField) {
                Object shown = value instanceof ResultTable.Json json ? json.text() : value;
                values.add(new FieldSummary.ValueCount(shown, number.longValue()));
            }
        }
        return new FieldSummary(name, count, distinct, values);
    }
}
