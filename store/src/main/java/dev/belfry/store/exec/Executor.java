package dev.belfry.store.exec;

import dev.belfry.store.Contrast;
import dev.belfry.store.Plan;
import dev.belfry.store.QueryContext;
import dev.belfry.store.ResultTable;
import dev.belfry.store.column.RowGroup;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
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
        Selection selection = new Selection(shape.scan(), bounds, context);
        List<RowGroup> groups = selection.groups(view);
        RowsAnswer answer =
                rows
                        ? rows(shape, bounds, selection, groups, context)
                        : new Aggregation(shape, selection, context).run(groups, workersMax, pool);
        return new ResultTable(
                shape.names(),
                answer.rows(),
                answer.truncated(),
                endOffset,
                selection.statistics());
    }

    private ResultTable topValues(
            Plan.TopValues plan, List<RowGroup> view, long endOffset, QueryContext context) {
        PlanShape.check(plan);
        Plan.Scan scan = plan.input();
        Bounds bounds = new Bounds(scan.range(), endOffset, null, true);
        Selection selection = new Selection(scan, bounds, context);
        List<RowGroup> groups = selection.groups(view);
        RowsAnswer answer =
                new TopValuesWalk(plan, selection, context).run(groups, workersMax, pool);
        return new ResultTable(
                TopValuesWalk.COLUMNS,
                answer.rows(),
                answer.truncated(),
                endOffset,
                selection.statistics());
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
     * @param share of the rows, 0 to 1: from all over the range, the same ones each time
     * @param visitors makes one for each thread that takes part
     * @return what it cost
     */
    public ResultTable.Statistics visit(
            Plan plan,
            double share,
            List<RowGroup> view,
            long viewEndOffset,
            QueryContext context,
            Supplier<Visitor> visitors) {
        PlanShape shape = PlanShape.of(plan);
        Bounds bounds = new Bounds(shape.scan().range(), viewEndOffset, null, true);
        Selection selection = new Selection(shape.scan(), bounds, context);
        List<RowGroup> groups = selection.groups(view);
        groups.sort(TopRows.groupOrder(true));
        GroupWalk.run(
                groups.size(),
                workersMax,
                pool,
                context,
                () -> {
                    Visitor visitor = visitors.get();
                    return index -> {
                        RowGroup group = groups.get(index);
                        GroupReader reader = new GroupReader(group, context);
                        Rows some = Spread.of(bounds.rows(reader), share, group);
                        Rows matching = selection.of(reader, some);
                        if (!matching.isEmpty()) {
                            visitor.take(values(shape.columns(), reader, matching));
                        }
                        reader.release();
                        return true;
                    };
                });
        return selection.statistics();
    }

    /**
     * Counts the values of {@code fields} among the rows of the scans of {@code selection}, and of
     * {@code baseline}.
     *
     * @param rowsMax rows of a side whose values are counted, about
     */
    public Contrast contrast(
            List<Plan.Scan> selection,
            List<Plan.Scan> baseline,
            List<Plan.Named> fields,
            long rowsMax,
            List<RowGroup> view,
            long viewEndOffset,
            QueryContext context) {
        return new ContrastWalk(fields, view, viewEndOffset, rowsMax, context, workersMax, pool)
                .run(selection, baseline);
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
            Selection selection,
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
            AtomicLong foundRoom = new AtomicLong(Limits.FOUND_TEXTS_BYTES);
            Finder finder =
                    (index, reader, matching) -> {
                        top.add(index, reader, matching);
                        long found = matching.isEmpty() ? 0 : reader.foundBytes();
                        if (index < Limits.GROUPS_ALONE
                                || found > 0 && foundRoom.addAndGet(-found) >= 0) {
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
                                                            groups, bounds, selection, max, context,
                                                            finder)
                                                    : find(
                                                            groups, index, selection, context,
                                                            finder)));
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
                                                    selection,
                                                    context,
                                                    sorted::add));
            positions = sorted.positions();
        }
        int end = (int) Math.min((long) shape.offset() + wanted, positions.size());
        boolean truncated = positions.size() > end;
        List<Position> page = positions.subList(Math.min(shape.offset(), end), end);
        List<@Nullable Object[]> found =
                new RowOutput(shape.columns(), groups, readers, context, workersMax, pool)
                        .readPage(page);
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
            Selection selection,
            int max,
            QueryContext context,
            Finder finder) {
        GroupReader reader = new GroupReader(groups.getFirst(), context);
        Rows rows = bounds.rows(reader);
        int count = rows.count();
        if (rows.indexes() != null || count <= 2 * Limits.PROBE_ROWS) {
            finder.found(0, reader, selection.of(reader, rows));
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
        Rows matching = selection.of(reader, near);
        if (matching.count() < max) {
            Rows far = bounds.descending() ? low : high;
            matching = matching.union(selection.of(reader, far));
        }
        finder.found(0, reader, matching);
        return true;
    }

    private static boolean find(
            List<RowGroup> groups,
            int index,
            Selection selection,
            QueryContext context,
            Finder finder) {
        GroupReader reader = new GroupReader(groups.get(index), context);
        finder.found(index, reader, selection.of(reader));
        if (index >= Limits.GROUPS_ALONE) {
            reader.release();
        }
        return true;
    }
}
