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

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The fields of events with their most frequent values. */
final class FieldSummaries {
    /* Rows looked at: the newest of the range. A second's work on two cores. */
    private static final long ROWS_MAX = 1 << 23;

    /* Fields of an answer. */
    static final int FIELDS_MAX = 60;

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
        List<Plan.Named> named = new ArrayList<>();
        fields.forEach((name, field) -> named.add(new Plan.Named(name, field)));
        ResultTable table = store.execute(new Plan.TopValues(scan, named, valuesPerField), context);
        return new FieldSummary.Summaries(summaries(table), known.cut(), table.statistics());
    }

    /* A field's rows follow each other. */
    private static List<FieldSummary> summaries(ResultTable table) {
        List<FieldSummary> summaries = new ArrayList<>();
        List<FieldSummary.ValueCount> values = new ArrayList<>();
        for (int i = 0; i < table.rows().size(); i++) {
            @Nullable Object[] row = table.rows().get(i);
            Object value = Objects.requireNonNull(row[1]);
            Object shown = value instanceof ResultTable.Json json ? json.text() : value;
            values.add(new FieldSummary.ValueCount(shown, number(row[2])));
            boolean last =
                    i + 1 == table.rows().size()
                            || !Objects.equals(table.rows().get(i + 1)[0], row[0]);
            if (last) {
                summaries.add(
                        new FieldSummary(
                                String.valueOf(row[0]),
                                number(row[3]),
                                number(row[4]),
                                Boolean.TRUE.equals(row[5]),
                                List.copyOf(values)));
                values.clear();
            }
        }
        return summaries;
    }

    private static long number(@Nullable Object value) {
        return value instanceof Long number ? number : 0;
    }
}
