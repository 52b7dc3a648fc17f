package dev.belfry.query.insight;

import dev.belfry.query.InsightResult;
import dev.belfry.store.EventStore;
import dev.belfry.store.Expr;
import dev.belfry.store.Plan;
import dev.belfry.store.QueryContext;
import dev.belfry.store.ResultTable;
import dev.belfry.store.Values;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Runs a program: the plan in the store, then the steps on its rows. */
final class Runner {
    private static final int CHECK_ROWS = 4_096;

    private final EventStore store;
    private final QueryContext context;
    private final Values values;
    private List<@Nullable Object[]> rows = new ArrayList<>();
    private final Map<Expr, Integer> slots = new HashMap<>();
    private boolean truncated;

    Runner(EventStore store, QueryContext context) {
        this.store = store;
        this.context = context;
        this.values = new Values(context);
    }

    InsightResult run(Program program) {
        ResultTable.Statistics statistics = program.templates() ? visit(program) : execute(program);
        for (Step step : program.steps()) {
            context.check();
            apply(step);
        }
        return answer(program, statistics);
    }

    private ResultTable.Statistics execute(Program program) {
        ResultTable table = store.execute(program.plan(), context);
        rows = new ArrayList<>(table.rows());
        truncated = table.truncated();
        if (program.slots().isEmpty()) {
            name(table.columns());
        } else {
            for (int i = 0; i < program.slots().size(); i++) {
                slots.put(program.slots().get(i), i);
            }
        }
        return table.statistics();
    }

    private ResultTable.Statistics visit(Program program) {
        EventStore.Visited<Templates.Visitor> visited =
                store.visit(program.plan(), 1, context, () -> new Templates.Visitor(context));
        Templates all = new Templates(context);
        visited.visitors().forEach(visitor -> all.merge(visitor.templates()));
        rows = all.rows();
        name(Templates.COLUMNS);
        return visited.statistics();
    }

    /* From here on the columns of rows are these. */
    private void name(List<String> columns) {
        slots.clear();
        for (int i = 0; i < columns.size(); i++) {
            slots.put(new Expr.Column(columns.get(i)), i);
        }
    }

    private @Nullable Object value(Expr expr, @Nullable Object[] row) {
        Integer slot = slots.get(expr);
        return slot != null ? row[slot] : values.value(expr, leaf -> leaf(leaf, row));
    }

    private @Nullable Object leaf(Expr leaf, @Nullable Object[] row) {
        Integer slot = slots.get(leaf);
        if (slot == null) {
            throw new IllegalStateException("BUG: not read: " + leaf);
        }
        return row[slot];
    }

    private void apply(Step step) {
        switch (step) {
            case Step.Keep(Expr condition) -> keep(condition);
            case Step.Order(List<Step.Key> keys) -> order(keys);
            case Step.First(int count) -> {
                if (rows.size() > count) {
                    rows = new ArrayList<>(rows.subList(0, count));
                }
            }
            case Step.Distinct(List<Expr> by) -> distinct(by);
            case Step.Group(List<Plan.Named> keys, List<Plan.Measure> measures) ->
                    group(keys, measures);
            case Step.Templates(Expr text) -> {
                Templates templates = new Templates(context);
                rows.forEach(row -> templates.add(Values.text(value(text, row))));
                rows = templates.rows();
                name(Templates.COLUMNS);
            }
        }
    }

    private void keep(Expr condition) {
        List<@Nullable Object[]> kept = new ArrayList<>();
        int n = 0;
        for (@Nullable Object[] row : rows) {
            if (++n % CHECK_ROWS == 0) {
                context.check();
            }
            if (values.isTrue(condition, leaf -> leaf(leaf, row))) {
                kept.add(row);
            }
        }
        rows = kept;
    }

    private void order(List<Step.Key> keys) {
        record Keyed(@Nullable Object[] keys, @Nullable Object[] row) {}
        long held = 0;
        List<Keyed> keyed = new ArrayList<>(rows.size());
        for (@Nullable Object[] row : rows) {
            @Nullable Object[] values = new @Nullable Object[keys.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = value(keys.get(i).value(), row);
                long bytes = Values.sizeBytes(values[i]);
                context.reserve(bytes);
                held += bytes;
            }
            keyed.add(new Keyed(values, row));
        }
        keyed.sort((left, right) -> {
            for (int i = 0; i < keys.size(); i++) {
                int sign = Values.order(left.keys()[i], right.keys()[i], keys.get(i).descending());
                if (sign != 0) {
                    return sign;
                }
            }
            return 0;
        });
        rows = new ArrayList<>(keyed.stream().map(Keyed::row).toList());
        context.reserve(-held);
    }

    private void distinct(List<Expr> by) {
        Set<List<@Nullable Object>> seen = new HashSet<>();
        List<@Nullable Object[]> kept = new ArrayList<>();
        int n = 0;
        for (@Nullable Object[] row : rows) {
            if (++n % CHECK_ROWS == 0) {
                context.check();
            }
            List<@Nullable Object> key = new ArrayList<>(by.size());
            for (Expr expr : by) {
                key.add(Values.groupKey(value(expr, row)));
            }
            if (key.contains(null)) {
                kept.add(row);
            } else if (seen.add(key)) {
                reserve(key);
                kept.add(row);
            }
        }
        rows = kept;
    }

    private void reserve(List<@Nullable Object> values) {
        for (Object value : values) {
            context.reserve(16 + Values.sizeBytes(value));
        }
    }

    private void group(List<Plan.Named> keys, List<Plan.Measure> measures) {
        Map<List<@Nullable Object>, Group> groups = new HashMap<>();
        List<Group> inOrder = new ArrayList<>();
        if (keys.isEmpty()) {
            Group only = new Group(measures, context);
            groups.put(List.of(), only);
            inOrder.add(only);
        }
        int n = 0;
        for (@Nullable Object[] row : rows) {
            if (++n % CHECK_ROWS == 0) {
                context.check();
            }
            List<@Nullable Object> key = new ArrayList<>(keys.size());
            for (Plan.Named named : keys) {
                key.add(Values.groupKey(value(named.expr(), row)));
            }
            Group group = groups.get(key);
            if (group == null) {
                context.reserve((long) measures.size() * Limits.VALUE_BYTES);
                reserve(key);
                group = new Group(measures, context);
                group.keys = key.toArray();
                groups.put(key, group);
                inOrder.add(group);
            }
            for (int m = 0; m < measures.size(); m++) {
                Expr operand = measures.get(m).operand();
                group.add(m, operand == null ? Boolean.TRUE : value(operand, row));
            }
        }
        rows = new ArrayList<>(inOrder.stream().map(Group::row).toList());
        List<String> names = new ArrayList<>();
        keys.forEach(key -> names.add(key.name()));
        measures.forEach(measure -> names.add(measure.name()));
        name(names);
    }

    private InsightResult answer(Program program, ResultTable.Statistics statistics) {
        List<Program.Column> columns = program.columns();
        Integer id = slots.get(Names.ID);
        int count = Math.min(rows.size(), program.limit());
        List<@Nullable Object[]> shown = new ArrayList<>(count);
        List<UUID> ids = new ArrayList<>();
        for (@Nullable Object[] row : rows.subList(0, count)) {
            @Nullable Object[] values = new @Nullable Object[columns.size()];
            for (int i = 0; i < values.length; i++) {
                Object value = value(columns.get(i).value(), row);
                boolean time = columns.get(i).time() && value instanceof Double;
                values[i] = time ? (Object) (long) Values.number(value) : value;
            }
            shown.add(values);
            if (id != null && row[id] instanceof UUID uuid) {
                ids.add(uuid);
            }
        }
        return new InsightResult(
                columns.stream()
                        .map(column -> new InsightResult.Column(column.name(), column.time()))
                        .toList(),
                shown,
                ids.size() == shown.size() ? ids : List.of(),
                truncated || rows.size() > count,
                new ResultTable.Statistics(
                        context.elapsedNanos(),
                        statistics.rowsRead(),
                        statistics.bytesRead(),
                        statistics.rowGroupsTotal(),
                        statistics.rowGroupsInRange(),
                        statistics.rowGroupsSkipped(),
                        statistics.warnings()));
    }
}
