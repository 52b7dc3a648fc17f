package dev.belfry.store.sql;

import dev.belfry.model.FieldSpace;
import dev.belfry.store.column.ColumnSpec;
import dev.belfry.store.column.Form;
import dev.belfry.store.column.JsonText;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Makes the SQL of the view {@code events}, as docs/sql.md describes it. */
final class EventsView {
    /* Others DuckDB takes for paths into the object; such fields have only the columns of their forms. */
    private static final Pattern PLAIN_KEY = Pattern.compile("[^$/\\[#].*", Pattern.DOTALL);

    private final FileRows rows;
    private final List<String> selected = new ArrayList<>();
    private final Set<String> names = new HashSet<>();

    private EventsView(FileRows rows) {
        this.rows = rows;
    }

    /** The statement that makes the view of {@code rows} below {@code endOffset}. */
    static String sql(FileRows rows, long endOffset, Connection connection) throws SQLException {
        EventsView view = new EventsView(rows);
        view.addEventColumns();
        view.add("tags", view.document(FieldSpace.TAG));
        view.add("payload", view.document(FieldSpace.PAYLOAD));
        view.addFields();
        String where = "";
        if (rows.reaches(endOffset)) {
            where = " WHERE " + rows.column(ColumnSpec.OFFSET) + " < " + endOffset;
        }
        return "CREATE VIEW events AS SELECT "
                + String.join(", ", view.selected)
                + " FROM "
                + rows.sql(connection)
                + where;
    }

    private void add(String name, String value) {
        if (names.add(Physical.folded(name))) {
            selected.add(value + " AS " + Physical.quoted(name));
        }
    }

    private void addEventColumns() {
        String timestamp = rows.column(ColumnSpec.TIMESTAMP);
        add("id", id(rows.column(ColumnSpec.RECEIVED), rows.column(ColumnSpec.OFFSET)));
        add("timestamp", micros(timestamp));
        add("timestamp_ns", timestamp);
        add("created_at", rows.column(ColumnSpec.RECEIVED));
        add("event_type", rows.column(ColumnSpec.EVENT_TYPE));
        add("source", rows.column(ColumnSpec.SOURCE));
        add("message", rows.column(ColumnSpec.MESSAGE));
        add("level", rows.column(ColumnSpec.LEVEL));
        add("trace_id", hexId(ColumnSpec.TRACE_ID));
        add("span_id", hexId(ColumnSpec.SPAN_ID));
        add("created_by", rows.column(ColumnSpec.CREATED_BY));
        add("severity_number", rows.column(ColumnSpec.SEVERITY_NUMBER));
        add("observed_timestamp", micros(rows.column(ColumnSpec.OBSERVED)));
        add("flags", rows.column(ColumnSpec.FLAGS));
        add("event_name", rows.column(ColumnSpec.EVENT_NAME));
    }

    /* As EventId makes it: 48 bits of milliseconds, version 8, partition 0, variant 2, 62 bits of offset. */
    private static String id(String received, String offset) {
        String time = "lpad(lower(hex(epoch_ms(" + received + "))), 12, '0')";
        String first = "substr('89ab', ((" + offset + " >> 60) & 3)::INTEGER + 1, 1)";
        String rest = "lpad(lower(hex(" + offset + " & " + ((1L << 60) - 1) + ")), 15, '0')";
        return "%s[1:8] || '-' || %s[9:12] || '-8000-' || %s || %s[1:3] || '-' || %s[4:15]"
                .formatted(time, time, first, rest, rest);
    }

    /* Few functions of DuckDB take nanoseconds; its own cast rounds up, its division towards zero. */
    private static String micros(String nanos) {
        return "make_timestamptz(epoch_ns(%s) // 1000 - (epoch_ns(%s) %% 1000 < 0)::INTEGER)"
                .formatted(nanos, nanos);
    }

    private String hexId(ColumnSpec spec) {
        ColumnSpec asSent = new ColumnSpec(FieldSpace.EVENT, spec.key(), Form.TEXT, 0);
        return "coalesce(lower(hex(" + rows.column(spec) + ")), " + rows.column(asSent) + ")";
    }

    /* The object as JSON text, member by member; what is no JSON to DuckDB is NULL, and spoils no other row. */
    private String document(FieldSpace space) {
        List<String> members = new ArrayList<>();
        for (Physical column : rows.columns()) {
            if (column.spec().space() != space) {
                continue;
            }
            if (column.isRest()) {
                String text = "trim(" + column.name() + ", ' \t\n\r')";
                members.addFirst(
                        "nullif(trim(%s[2:length(%s) - 1], ' \t\n\r'), '')".formatted(text, text));
            } else {
                StringBuilder key = new StringBuilder();
                JsonText.quote(key, column.spec().key());
                members.add(Physical.literal(key + ":") + " || " + column.json());
            }
        }
        return members.isEmpty()
                ? "'{}'::JSON"
                : "TRY_CAST('{' || concat_ws(',', "
                        + String.join(", ", members)
                        + ") || '}' AS JSON)";
    }

    /* A field's whole value as text under its name, and each form that it has in the files beside it. */
    private void addFields() {
        Map<FieldSpace, Physical> rests = new LinkedHashMap<>();
        Map<String, List<Physical>> fields = new LinkedHashMap<>();
        for (Physical column : rows.columns()) {
            ColumnSpec spec = column.spec();
            if (column.isRest()) {
                rests.put(spec.space(), column);
            } else if (spec.space() != FieldSpace.EVENT) {
                ColumnSpec plain = new ColumnSpec(spec.space(), spec.key(), Form.TEXT, 0);
                fields.computeIfAbsent(plain.name(), _ -> new ArrayList<>()).add(column);
            }
        }
        fields.entrySet().stream()
                .sorted(
                        Comparator.comparing((Map.Entry<String, List<Physical>> field) ->
                                        -spread(field.getValue()))
                                .thenComparing(Map.Entry::getKey))
                .limit(Limits.FIELDS_MAX)
                .sorted(Map.Entry.comparingByKey())
                .forEach(field -> {
                    List<Physical> forms = field.getValue();
                    Physical rest = rests.get(forms.getFirst().spec().space());
                    addField(field.getKey(), forms, rest);
                });
    }

    private static int spread(List<Physical> forms) {
        return forms.stream().mapToInt(Physical::groups).sum();
    }

    private void addField(String name, List<Physical> forms, @Nullable Physical rest) {
        String key = forms.getFirst().spec().key();
        List<String> texts = new ArrayList<>();
        forms.forEach(form -> texts.add(form.text()));
        boolean reachable = PLAIN_KEY.matcher(key).matches();
        if (rest != null && reachable) {
            texts.add("(TRY_CAST(" + rest.name() + " AS JSON)->>" + Physical.literal(key) + ")");
        }
        if (rest == null || reachable) {
            boolean one = texts.size() == 1;
            add(name, one ? texts.getFirst() : "coalesce(" + String.join(", ", texts) + ")");
        }
        for (Physical form : forms) {
            if (form.spec().form() != Form.TEXT) {
                add(form.spec().name(), form.name());
            }
        }
    }
}
