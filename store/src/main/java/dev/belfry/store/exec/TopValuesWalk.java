package dev.belfry.store.exec;

import dev.belfry.store.Plan;
import dev.belfry.store.QueryContext;
import dev.belfry.store.column.RowGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Counts the values of several fields in one walk over the row groups, on several threads. */
final class TopValuesWalk {
    /** The names of the result's columns. */
    static final List<String> COLUMNS =
            List.of("field", "value", "count", "events", "distinct", "approximate");

    private final Plan.TopValues plan;
    private final Selection selection;
    private final QueryContext context;

    TopValuesWalk(Plan.TopValues plan, Selection selection, QueryContext context) {
        this.plan = plan;
        this.selection = selection;
        this.context = context;
    }

    /* What one thread has counted. */
    private final class State implements GroupWalk.Visitor {
        private final List<RowGroup> groups;
        private final List<FieldValues> fields = new ArrayList<>();

        State(List<RowGroup> groups, int valuesMax) {
            this.groups = groups;
            plan.fields().forEach(_ -> fields.add(new FieldValues(context, valuesMax)));
        }

        @Override
        public boolean visit(int index) {
            GroupReader reader = new GroupReader(groups.get(index), context);
            Rows matching = selection.of(reader);
            for (int i = 0; i < fields.size() && !matching.isEmpty(); i++) {
                fields.get(i).add(plan.fields().get(i).expr(), reader, matching);
            }
            reader.release();
            return true;
        }
    }

    RowsAnswer run(List<RowGroup> groups, int workersMax, Executor pool) {
        groups.sort(TopRows.groupOrder(true));
        int shares = Math.max(1, plan.fields().size() * workersMax);
        int valuesMax = Math.min(Limits.FIELD_VALUES_MAX, Limits.ALL_FIELD_VALUES_MAX / shares);
        List<State> states = new ArrayList<>();
        GroupWalk.run(
                groups.size(),
                workersMax,
                pool,
                context,
                () -> {
                    State state = new State(groups, valuesMax);
                    synchronized (states) {
                        states.add(state);
                    }
                    return state;
                });
        List<@Nullable Object[]> rows = new ArrayList<>();
        for (int i = 0; i < plan.fields().size(); i++) {
            FieldValues all = states.getFirst().fields.get(i);
            for (State other : states.subList(1, states.size())) {
                context.check();
                all.merge(other.fields.get(i));
            }
            all.addTo(rows, plan.fields().get(i).name(), plan.count());
        }
        return new RowsAnswer(rows, false);
    }
}
