package dev.belfry.store.exec;

import dev.belfry.store.Expr;
import dev.belfry.store.Plan;
import dev.belfry.store.QueryContext;
import dev.belfry.store.column.RowGroup;
import java.util.ArrayList;
import java.util.Collections;
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
            boolean isWhole = matching.count() == reader.group().rowCount();
            boolean isAdded =
                    matching.isEmpty() || isWhole && addKnown(reader) || addRuns(reader, matching);
            if (!isAdded) {
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

        /*
         * Adds all rows of a group by what it says of its values, without reading one; false where that is not
         * enough: for most measures, and when more than one key varies.
         */
        private boolean addKnown(GroupReader reader) {
            List<KeyCodes> keys = new ArrayList<>(shape.columns().size());
            KeyCounts varying = null;
            int at = 0;
            if (!isKnown(reader, false)) {
                return false;
            }
            for (Plan.Named column : shape.columns()) {
                KeyCounts key = KeyReader.counts(column.expr(), reader);
                if (key == null || key.counts() != null && varying != null) {
                    return false;
                }
                if (key.counts() != null) {
                    varying = key;
                    at = keys.size();
                }
                keys.add(key.keys());
            }
            int[] codes = new int[keys.size()];
            int[] counts = varying == null ? null : varying.counts();
            if (varying == null || counts == null) {
                add(reader, keys, codes, reader.group().rowCount());
                return true;
            }
            if (!isKnown(reader, true)) {
                return false;
            }
            for (int code = 0; code < counts.length; code++) {
                codes[at] = code;
                add(reader, keys, codes, counts[code]);
            }
            codes[at] = -1;
            add(reader, keys, codes, varying.absent());
            return true;
        }

        /*
         * Counts rows by a bin of time and at most one more key of few values, run by run; false when that is
         * not what is wanted.
         */
        private boolean addRuns(GroupReader reader, Rows rows) {
            List<Plan.Named> columns = shape.columns();
            int time = columns.isEmpty() || KeyReader.isTimeBin(columns.getFirst().expr()) ? 0 : 1;
            if (columns.isEmpty()
                    || columns.size() > 2
                    || time == columns.size()
                    || !KeyReader.isTimeBin(columns.get(time).expr())
                    || !isKnown(reader, true)) {
                return false;
            }
            int other = 1 - time;
            KeyCodes values =
                    columns.size() == 1
                            ? KeyCodes.constant(null)
                            : KeyReader.codes(columns.get(other).expr(), reader, rows);
            if (values.size() > Limits.SPREAD_COUNT_GROUPS_MAX) {
                return false;
            }
            KeyReader.TimeRuns runs =
                    KeyReader.timeRuns((Expr.Bin) columns.get(time).expr(), reader, rows);
            List<KeyCodes> keys = new ArrayList<>(Collections.nCopies(columns.size(), values));
            keys.set(time, runs.keys().asGroupKeys());
            int[] codes = new int[columns.size()];
            for (int run = 0; run < runs.bins().length; run++) {
                codes[time] = run;
                int[] spread = CountMeasure.spread(values, runs.start(run), runs.ends()[run]);
                for (int at = 0; at < spread.length; at += 4) {
                    if (columns.size() > 1) {
                        codes[other] = (at >> 2) - 1;
                    }
                    int sum = spread[at] + spread[at + 1] + spread[at + 2] + spread[at + 3];
                    add(reader, keys, codes, sum);
                }
            }
            return true;
        }

        private boolean isKnown(GroupReader reader, boolean split) {
            for (Accumulator measure : measures) {
                if (!measure.isKnown(reader, split)) {
                    return false;
                }
            }
            return true;
        }

        private void add(GroupReader reader, List<KeyCodes> keys, int[] codes, int rows) {
            if (rows > 0) {
                int id = table.id(keys, codes);
                for (Accumulator measure : measures) {
                    measure.addKnown(reader, rows, id, table.count());
                }
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
