package dev.belfry.store.exec;

import dev.belfry.store.Plan;
import dev.belfry.store.QueryContext;
import dev.belfry.store.ResultTable;
import dev.belfry.store.column.RowGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Runs plans over the row groups of a view; safe for many threads. */
public final class Executor {
    private final java.util.concurrent.Executor pool;
    private final int workersMax;

    /**
     * An executor whose queries share {@code pool}.
     *
     * @param pool where helpers run; a query goes on without them when it is busy or shut down
     * @param workersMax threads of one query at most, the calling one included; at least 1
     */
    public Executor(java.util.concurrent.Executor pool, int workersMax) {
        if (workersMax < 1) {
            throw new IllegalArgumentException("workersMax: " + workersMax + " (expected: >= 1)");
        }
        this.pool = pool;
        this.workersMax = workersMax;
    }

    /** An executor whose queries run on the calling thread alone. */
    public Executor() {
        this(Runnable::run, 1);
    }

    /**
     * Answers {@code plan}.
     *
     * @param view row groups in any order; their rows may overlap in time
     * @param viewEndOffset rows with an offset from here on are not seen
     * @param context the query's bounds; its cost is counted there too
     * @throws dev.belfry.model.BelfryException VALIDATION_ERROR when the plan cannot be run,
     *     QUERY_LIMIT when the query was cancelled or is over a bound
     * @throws UnreadableGroupException when a row group cannot be read; nothing of the query goes
     *     on then
     */
    public ResultTable run(
            Plan plan, List<RowGroup> view, long viewEndOffset, QueryContext context) {
        if (plan instanceof Plan.TopValues values) {
            return topValues(values, view, viewEndOffset, context);
        }
        PlanShape shape = PlanShape.of(plan);
        Plan.Resume resume = shape.scan().resume();
        long endOffset =
                resume == null ? viewEndOffset : Math.min(viewEndOffset, resume.endOffset());
        boolean rows = shape.measures() == null;
        Bounds bounds =
                new Bounds(
                        shape.scan().range(),
                        endOffset,
                        rows ? resume : null,
                        shape.isDescending());
        Predicate predicate =
                PredicateCompiler.compile(shape.scan().filter(), shape.scan().owner(), context);
        List<RowGroup> groups = groups(view, bounds, predicate);
        RowsAnswer answer =
                rows
                        ? rows(shape, bounds, predicate, groups, context)
                        : new Aggregation(shape, bounds, predicate, context)
                                .run(groups, workersMax, pool);
        return new ResultTable(
                shape.names(),
                answer.rows(),
                answer.truncated(),
                endOffset,
                statistics(context, view.size(), groups.size()));
    }

    private ResultTable topValues(
            Plan.TopValues plan, List<RowGroup> view, long endOffset, QueryContext context) {
        PlanShape.check(plan);
        Plan.Scan scan = plan.input();
        Bounds bounds = new Bounds(scan.range(), endOffset, null, true);
        Predicate predicate = PredicateCompiler.compile(scan.filter(), scan.owner(), context);
        List<RowGroup> groups = groups(view, bounds, predicate);
        RowsAnswer answer =
                new TopValuesWalk(plan, bounds, predicate, context).run(groups, workersMax, pool);
        return new ResultTable(
                TopValuesWalk.COLUMNS,
                answer.rows(),
                answer.truncated(),
                endOffset,
                statistics(context, view.size(), groups.size()));
    }

    private static List<RowGroup> groups(List<RowGroup> view, Bounds bounds, Predicate predicate) {
        Pruning pruning = Pruning.of(predicate);
        List<RowGroup> groups = new ArrayList<>(view.size());
        for (RowGroup group : view) {
            if (bounds.mayHold(group) && pruning.mayHold(group)) {
                groups.add(group);
            }
        }
        return groups;
    }

    private static ResultTable.Statistics statistics(QueryContext context, int total, int read) {
        return new ResultTable.Statistics(
                context.elapsedNanos(),
                context.cost().rows(),
                context.cost().bytes(),
                total,
                total - read,
                List.of());
    }

    /** Takes the values of rows, group by group; one thread. */
    public interface Visitor {
        /** Takes rows: {@code columns[c][row]}, in the order of time. */
        void take(@Nullable Object[][] columns);
    }

    /**
     * Gives the rows of {@code plan}, a {@link Plan.Extract} over a {@link Plan.Scan}, to visitors:
     * each row to one of them, in no order of groups.
     *
     * @param visitors makes one for each thread that takes part
     * @return what it cost
     */
    public ResultTable.Statistics visit(
            Plan plan,
            List<RowGroup> view,
            long viewEndOffset,
            QueryContext context,
            Supplier<Visitor> visitors) {
        PlanShape shape = PlanShape.of(plan);
        Bounds bounds = new Bounds(shape.scan().range(), viewEndOffset, null, true);
        Predicate predicate =
                PredicateCompiler.compile(shape.scan().filter(), shape.scan().owner(), context);
        List<RowGroup> groups = groups(view, bounds, predicate);
        groups.sort(TopRows.groupOrder(true));
        GroupWalk.run(
                groups.size(),
                workersMax,
                pool,
                context,
                () -> {
                    Visitor visitor = visitors.get();
                    return index -> {
                        GroupReader reader = new GroupReader(groups.get(index), context);
                        Rows rows = bounds.rows(reader);
                        context.cost().addRows(rows.count());
                        Rows matching = FilterEvaluator.filter(predicate, reader, rows);
                        if (!matching.isEmpty()) {
                            visitor.take(values(shape.columns(), reader, matching));
                        }
                        reader.release();
                        return true;
                    };
                });
        return statistics(context, view.size(), groups.size());
    }

    private static @Nullable Object[][] values(
            List<Plan.Named> columns, GroupReader reader, Rows rows) {
        @Nullable Object[][] values = new @Nullable Object[columns.size()][];
        for (int c = 0; c < values.length; c++) {
            values[c] = ValueReader.objects(columns.get(c).expr(), reader, rows);
        }
        return values;
    }

    private RowsAnswer rows(
            PlanShape shape,
            Bounds bounds,
            Predicate predicate,
            List<RowGroup> groups,
            QueryContext context) {
        int wanted = Math.min(shape.count(), context.rowsMax());
        /* One more than is given shows whether rows were cut. */
        long kept = (long) shape.offset() + wanted + (shape.count() > wanted ? 1 : 0);
        int max = (int) Math.min(wanted == 0 ? 0 : kept, Integer.MAX_VALUE - 8);
        Map<Integer, GroupReader> readers = new ConcurrentHashMap<>();
        List<Position> positions;
        if (max == 0) {
            positions = List.of();
        } else if (shape.isByTime()) {
            boolean descending = shape.isDescending();
            groups.sort(TopRows.groupOrder(descending));
            TopRows top = new TopRows(descending, max, context);
            Finder finder =
                    (index, reader, matching) -> {
                        top.add(index, reader, matching);
                        if (index < Limits.GROUPS_ALONE) {
                            readers.put(index, reader);
                        }
                    };
            GroupWalk.run(
                    groups.size(),
                    workersMax,
                    pool,
                    context,
                    () ->
                            index ->
                                    top.isOpenFor(groups.get(index))
                                            && (index == 0 && max <= Limits.PROBE_ROWS
                                                    ? probe(
                                                            groups, bounds, predicate, max, context,
                                                            finder)
                                                    : find(
                                                            groups, index, bounds, predicate,
                                                            context, finder)));
            positions = top.positions();
        } else {
            SortedRows sorted = new SortedRows(shape, max, context);
            if (shape.isByTimeFirst()) {
                groups.sort(TopRows.groupOrder(shape.isDescending()));
            }
            GroupWalk.run(
                    groups.size(),
                    workersMax,
                    pool,
                    context,
                    () ->
                            index ->
                                    sorted.isOpenFor(groups.get(index))
                                            && find(
                                                    groups,
                                                    index,
                                                    bounds,
                                                    predicate,
                                                    context,
                                                    sorted::add));
            positions = sorted.positions();
        }
        int end = (int) Math.min((long) shape.offset() + wanted, positions.size());
        boolean truncated = positions.size() > end;
        List<Position> page = positions.subList(Math.min(shape.offset(), end), end);
        List<@Nullable Object[]> found =
                RowOutput.readPage(shape.columns(), page, groups, readers, context);
        return new RowsAnswer(found, truncated || found.size() < page.size());
    }

    /** Takes the matching rows of a group. */
    private interface Finder {
        void found(int index, GroupReader reader, Rows matching);
    }

    /* In the nearest group the rows at its nearest end first, which often are enough. */
    private static boolean probe(
            List<RowGroup> groups,
            Bounds bounds,
            Predicate predicate,
            int max,
            QueryContext context,
            Finder finder) {
        GroupReader reader = new GroupReader(groups.getFirst(), context);
        Rows rows = bounds.rows(reader);
        int count = rows.count();
        if (rows.indexes() != null || count <= 2 * Limits.PROBE_ROWS) {
            context.cost().addRows(count);
            finder.found(0, reader, FilterEvaluator.filter(predicate, reader, rows));
            return true;
        }
        int end = rows.from() + count;
        int split =
                bounds.descending()
                        ? Math.floorDiv(end - 1, Limits.PROBE_ROWS) * Limits.PROBE_ROWS
                        : Math.floorDiv(rows.from(), Limits.PROBE_ROWS) * Limits.PROBE_ROWS
                                + Limits.PROBE_ROWS;
        Rows low = Rows.range(rows.from(), split);
        Rows high = Rows.range(split, end);
        Rows near = bounds.descending() ? high : low;
        context.cost().addRows(near.count());
        Rows matching = FilterEvaluator.filter(predicate, reader, near);
        if (matching.count() < max) {
            Rows far = bounds.descending() ? low : high;
            context.cost().addRows(far.count());
            matching = matching.plus(FilterEvaluator.filter(predicate, reader, far));
        }
        finder.found(0, reader, matching);
        return true;
    }

    private static boolean find(
            List<RowGroup> groups,
            int index,
            Bounds bounds,
            Predicate predicate,
            QueryContext context,
            Finder finder) {
        GroupReader reader = new GroupReader(groups.get(index), context);
        Rows rows = bounds.rows(reader);
        context.cost().addRows(rows.count());
        finder.found(index, reader, FilterEvaluator.filter(predicate, reader, rows));
        if (index >= Limits.GROUPS_ALONE) {
            reader.release();
        }
        return true;
    }
}
