package dev.belfry.store.exec;

import dev.belfry.store.Plan;
import dev.belfry.store.QueryContext;
import dev.belfry.store.column.RowGroup;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Groups rows and computes measures over them, on several threads. */
final class Aggregation {
    /* Each thread has groups and measures of its own; the first takes in the others' at the end. */
    private final PlanShape shape;
    private final Selection selection;
    private final QueryContext context;

    Aggregation(PlanShape shape, Selection selection, QueryContext context) {
        this.shape = shape;
        this.selection = selection;
        this.context = context;
    }

    private final class State implements GroupWalk.Visitor {
        private final RowGroup[] groups;
        private final List<Accumulator> measures = new ArrayList<>();
        private final GroupTable table;

        State(RowGroup[] groups) {
            this.groups = groups;
            List<Plan.Measure> wanted = measures();
            wanted.forEach(measure -> measures.add(Accumulator.of(measure, context)));
            table = new GroupTable(context, 32L * wanted.size());
        }

        @Override
        public boolean visit(int index) {
            GroupReader reader = new GroupReader(groups[index], context);
            Rows matching = selection.of(reader);
            if (!matching.isEmpty()) {
                add(reader, matching);
            }
            reader.release();
            return true;
        }

        private void add(GroupReader reader, Rows matching) {
            List<KeyCodes> codes = new ArrayList<>(shape.columns().size());
            for (Plan.Named key : shape.columns()) {
                codes.add(KeyReader.codes(key.expr(), reader, matching));
            }
            GroupIds ids = table.ids(codes, matching.count());
            for (Accumulator measure : measures) {
                measure.add(reader, matching, ids);
            }
        }

        void merge(State other) {
            int[] ids = new int[other.table.count()];
            for (int i = 0; i < ids.length; i++) {
                ids[i] = table.id(other.table.key(i));
            }
            for (int m = 0; m < measures.size(); m++) {
                measures.get(m).merge(other.measures.get(m), ids, table.count());
            }
        }
    }

    private List<Plan.Measure> measures() {
        List<Plan.Measure> measures = shape.measures();
        if (measures == null) {
            throw new IllegalStateException("BUG: an aggregation without measures");
        }
        return measures;
    }

    RowsAnswer run(List<RowGroup> groups, int workersMax, Executor pool) {
        RowGroup[] array = groups.toArray(RowGroup[]::new);
        List<State> states = new ArrayList<>();
        GroupWalk.run(
                array.length,
                workersMax,
                pool,
                context,
                () -> {
                    State state = new State(array);
                    synchronized (states) {
                        states.add(state);
                    }
                    return state;
                });
        State all = states.getFirst();
        for (State other : states.subList(1, states.size())) {
            context.check();
            all.merge(other);
        }
        if (shape.columns().isEmpty()) {
            all.table.id(List.of());
        }
        return answer(all);
    }

    private RowsAnswer answer(State state) {
        int keys = shape.columns().size();
        List<@Nullable Object[]> rows = new ArrayList<>(state.table.count());
        for (int id = 0; id < state.table.count(); id++) {
            @Nullable Object[] row = new @Nullable Object[keys + state.measures.size()];
            for (int k = 0; k < keys; k++) {
                row[k] = state.table.key(id).get(k);
            }
            for (int m = 0; m < state.measures.size(); m++) {
                row[keys + m] = state.measures.get(m).result(id);
            }
            rows.add(row);
        }
        context.check();
        rows.sort(order(keys));
        int wanted = Math.min(shape.count(), context.rowsMax());
        int end = (int) Math.min((long) shape.offset() + wanted, rows.size());
        boolean truncated = shape.count() > wanted && rows.size() > end;
        return new RowsAnswer(
                new ArrayList<>(rows.subList(Math.min(shape.offset(), end), end)), truncated);
    }

    private Comparator<@Nullable Object[]> order(int keys) {
        List<String> names = shape.names();
        List<Plan.SortKey> sort = shape.sort();
        int[] columns = sort.stream().mapToInt(key -> names.indexOf(key.name())).toArray();
        boolean[] descending = SortedRows.descending(sort);
        return (left, right) -> {
            for (int i = 0; i < columns.length; i++) {
                int sign = SortedRows.compare(left[columns[i]], right[columns[i]], descending[i]);
                if (sign != 0) {
                    return sign;
                }
            }
            for (int k = 0; k < keys; k++) {
                int sign = Scalars.order(left[k], right[k]);
                if (sign != 0) {
                    return sign;
                }
            }
            return 0;
        };
    }
}
