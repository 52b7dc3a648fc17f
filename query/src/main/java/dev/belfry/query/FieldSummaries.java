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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The fields of events with their most frequent values. */
final class FieldSummaries {
    /* Rows looked at: the newest of the range. A second's work on two cores. */
    private static final long ROWS_MAX = 1 << 23;

    /* The same for a field that somebody types the value of: a twentieth of a second's. */
    private static final long ONE_FIELD_ROWS_MAX = 1 << 20;

    private static final List<String> COLUMNS = List.of("source", "level", "event_type");
    private static final String TAGS = "tags.";
    private static final String PAYLOAD = "payload.";

    /* Fields of an answer. */
    static final int FIELDS_MAX = 60;

    private static final int VALUES_MAX = 100;

    private FieldSummaries() {}

    static FieldSummary.Summaries of(
            EventStore store,
            EventFilter filter,
            FieldSummary.Choice choice,
            int valuesPerField,
            QueryContext context) {
        if (valuesPerField < 1 || valuesPerField > VALUES_MAX) {
            throw new BelfryException(
                    ErrorCode.VALIDATION_ERROR,
                    "limit: " + valuesPerField + " (expected: 1-" + VALUES_MAX + ")");
        }
        String wanted = choice.field();
        long rowsMax = wanted == null ? ROWS_MAX : ONE_FIELD_ROWS_MAX;
        EventStore.Fields known = store.fields(filter.range(), rowsMax, context);
        Map<String, Expr> fields = wanted == null ? named(known) : Map.of(wanted, field(wanted));
        Expr expression = filter.expression();
        String prefix = choice.prefix();
        if (prefix != null && wanted != null) {
            expression = new Expr.And(List.of(expression, startsWith(field(wanted), prefix)));
        } else if (prefix != null) {
            fields.keySet().removeIf(name -> !isNamed(name, prefix));
        }
        Plan.Scan scan =
                new Plan.Scan(Table.EVENTS, known.range(), expression, filter.owner(), null);
        List<Plan.Named> named = new ArrayList<>();
        fields.forEach((name, field) -> named.add(new Plan.Named(name, field)));
        ResultTable table = store.execute(new Plan.TopValues(scan, named, valuesPerField), context);
        return new FieldSummary.Summaries(summaries(table), known.cut(), table.statistics());
    }

    private static Expr startsWith(Expr field, String prefix) {
        String pattern = prefix.replaceAll("[\\\\%_]", "\\\\$0") + "%";
        return new Expr.Like(field, pattern, true);
    }

    /* Whether a name, or what follows tags. or payload., begins so. */
    private static boolean isNamed(String name, String prefix) {
        String lower = name.toLowerCase(Locale.ROOT);
        String wanted = prefix.toLowerCase(Locale.ROOT);
        return lower.startsWith(wanted)
                || lower.substring(lower.indexOf('.') + 1).startsWith(wanted);
    }

    /* As in a search: a column, a tag, a payload member. */
    private static Expr field(String name) {
        if (COLUMNS.contains(name)) {
            return new Expr.Column(name);
        }
        for (FieldSpace space : List.of(FieldSpace.TAG, FieldSpace.PAYLOAD)) {
            String prefix = space == FieldSpace.TAG ? TAGS : PAYLOAD;
            if (name.startsWith(prefix) && name.length() > prefix.length()) {
                return new Expr.Field(space, name.substring(prefix.length()));
            }
        }
        return new Expr.Field(null, name);
    }

    private static Map<String, Expr> named(EventStore.Fields known) {
        Map<String, Expr> fields = new LinkedHashMap<>();
        for (String column : COLUMNS) {
            fields.put(column, new Expr.Column(column));
        }
        for (EventStore.FieldName name : known.names()) {
            if (fields.size() == FIELDS_MAX) {
                break;
            }
            String prefix = name.space() == FieldSpace.TAG ? TAGS : PAYLOAD;
            fields.put(prefix + name.key(), new Expr.Field(name.space(), name.key()));
        }
        return fields;
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
