package dev.belfry.store.exec;

import dev.belfry.store.Plan;
import dev.belfry.store.QueryContext;
import dev.belfry.store.ResultTable;
import dev.belfry.store.column.RowGroup;
import dev.belfry.store.filter.PairFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one scan: those within its bounds that its owner may see and its filter is true for.
 * Counts what was read; safe for many threads.
 */
final class Selection {
    /*
     * Who sees only some rows must not learn from what a query cost how many others there are, or whether
     * another's row group has a searched word. So an owner's rows are found first, only they are counted, and
     * row groups count when they have one of them.
     *
     * Parts of a group that follow one another are read together.
     */
    private final Bounds bounds;
    private final @Nullable Predicate visible;
    private final Predicate filter;
    private final Pruning pruning;
    private final QueryContext context;
    private final AtomicInteger groupsSeen = new AtomicInteger();
    private int groupsTotal;
    private int groupsInRange;
    private int groupsChosen;

    Selection(Plan.Scan scan, Bounds bounds, QueryContext context) {
        this.bounds = bounds;
        this.context = context;
        this.visible = PredicateCompiler.visible(scan.owner());
        this.filter = PredicateCompiler.compile(scan.filter(), context);
        this.pruning = Pruning.of(filter);
    }

    /** Those of {@code view} that may have such rows; to be called once, before the others. */
    List<RowGroup> groups(List<RowGroup> view) {
        List<RowGroup> groups = new ArrayList<>(view.size());
        for (RowGroup group : view) {
            if (bounds.mayHold(group)) {
                groupsInRange++;
                if (pruning.mayHold(group)) {
                    groups.add(group);
                }
            }
        }
        groupsTotal = view.size();
        groupsChosen = groups.size();
        return groups;
    }

    /** The rows of a group. */
    Rows of(GroupReader reader) {
        return of(reader, bounds.rows(reader));
    }

    /** Those of {@code rows}, which are within the bounds. */
    Rows of(GroupReader reader, Rows rows) {
        Rows own = rows;
        if (visible != null) {
            own = FilterEvaluator.filter(visible, reader, rows);
            if (!own.isEmpty()) {
                groupsSeen.incrementAndGet();
            }
        }
        if (visible != null) {
            context.cost().addRows(own.count());
        }
        int parts = own.isEmpty() ? 0 : pruning.parts(reader.group(), context.cost());
        int partRows = PairFilter.partRows(reader.group().rowCount());
        Rows found = Rows.NONE;
        for (int part = 0; parts >>> part != 0; part++) {
            if ((parts >>> part & 1) == 0) {
                continue;
            }
            int first = part * partRows;
            part += Integer.numberOfTrailingZeros(~(parts >>> part));
            Rows some = own.between(first, part * partRows);
            if (visible == null) {
                context.cost().addRows(some.count());
            }
            found = found.union(FilterEvaluator.filter(filter, reader, some));
        }
        return found;
    }

    /** What the query has cost so far. */
    ResultTable.Statistics statistics() {
        boolean all = visible == null;
        int seen = groupsSeen.get();
        return new ResultTable.Statistics(
                context.elapsedNanos(),
                context.cost().rows(),
                all ? context.cost().bytes() : 0,
                all ? groupsTotal : seen,
                all ? groupsInRange : seen,
                all ? groupsTotal - groupsChosen : 0,
                List.of());
    }
}
