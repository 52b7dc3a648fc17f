package dev.belfry.store.exec;

import dev.belfry.store.Contrast;
import dev.belfry.store.Plan;
import dev.belfry.store.QueryContext;
import dev.belfry.store.ResultTable;
import dev.belfry.store.TimeRange;
import dev.belfry.store.column.RowGroup;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Counts the values of several fields on two sides, each the rows of some scans. */
final class ContrastWalk {
    /*
     * Groups come in an order that has nothing to do with time, so that wherever counting stops, and whenever
     * a field has too many values, what was counted is spread over the whole range. When a side has enough
     * rows, the rest of its groups are only filtered, so that its size is exact.
     */
    private final List<Plan.Named> fields;
    private final List<RowGroup> view;
    private final long endOffset;
    private final long rowsMax;
    private final QueryContext context;
    private final int workersMax;
    private final Executor pool;
    private final int valuesMax;

    /**
     * A walk over {@code view}.
     *
     * @param rowsMax rows of a side whose values are counted, about
     */
    ContrastWalk(
            List<Plan.Named> fields,
            List<RowGroup> view,
            long endOffset,
            long rowsMax,
            QueryContext context,
            int workersMax,
            Executor pool) {
        this.fields = fields;
        this.view = view;
        this.endOffset = endOffset;
        this.rowsMax = rowsMax;
        this.context = context;
        this.workersMax = workersMax;
        this.pool = pool;
        int shares = Math.max(1, 2 * fields.size() * workersMax);
        this.valuesMax = Math.min(Limits.FIELD_VALUES_MAX, Limits.ALL_FIELD_VALUES_MAX / shares);
    }

    Contrast run(List<Plan.Scan> selection, List<Plan.Scan> baseline) {
        Side one = new Side();
        Side other = new Side();
        selection.forEach(one::walk);
        baseline.forEach(other::walk);
        List<Contrast.FieldCounts> counts = new ArrayList<>();
        for (int i = 0; i < fields.size(); i++) {
            counts.add(
                    counts(fields.get(i).name(), one.all.values.get(i), other.all.values.get(i)));
        }
        return new Contrast(one.result(), other.result(), counts, statistics(one, other));
    }

    private ResultTable.Statistics statistics(Side one, Side other) {
        ResultTable.Statistics larger =
                one.statistics.rowGroupsSkipped() < other.statistics.rowGroupsSkipped()
                        ? one.statistics
                        : other.statistics;
        return new ResultTable.Statistics(
                context.elapsedNanos(),
                context.cost().rows(),
                larger.bytesRead() == 0 ? 0 : context.cost().bytes(),
                larger.rowGroupsTotal(),
                larger.rowGroupsInRange(),
                larger.rowGroupsSkipped(),
                List.of());
    }

    private final class Side {
        private final AtomicLong left = new AtomicLong(rowsMax);
        private final Counted all = new Counted();
        private ResultTable.Statistics statistics = ResultTable.Statistics.NONE;

        void walk(Plan.Scan scan) {
            TimeRange range = scan.range();
            Bounds bounds = new Bounds(range, endOffset, null, true);
            Selection selection = new Selection(scan, bounds, context);
            List<RowGroup> groups = selection.groups(view);
            groups.sort(Spread.ORDER);
            List<Counted> parts = new ArrayList<>();
            GroupWalk.run(
                    groups.size(),
                    workersMax,
                    pool,
                    context,
                    () -> {
                        Counted part = new Counted();
                        synchronized (parts) {
                            parts.add(part);
                        }
                        return index -> {
                            GroupReader reader = new GroupReader(groups.get(index), context);
                            Rows rows = selection.of(reader);
                            part.add(reader, rows, left.getAndAdd(-rows.count()) > 0);
                            reader.release();
                            return true;
                        };
                    });
            parts.forEach(all::merge);
            statistics = selection.statistics();
        }

        Contrast.Side result() {
            return new Contrast.Side(all.rows, all.rowsCounted);
        }
    }

    /* What one thread has counted. */
    private final class Counted {
        private final List<FieldValues> values = new ArrayList<>();
        private long rows;
        private long rowsCounted;

        Counted() {
            fields.forEach(_ -> values.add(new FieldValues(context, valuesMax, true)));
        }

        void add(GroupReader reader, Rows matching, boolean counts) {
            rows += matching.count();
            if (!counts || matching.isEmpty()) {
                return;
            }
            rowsCounted += matching.count();
            for (int i = 0; i < values.size(); i++) {
                values.get(i).add(fields.get(i).expr(), reader, matching);
            }
        }

        void merge(Counted other) {
            rows += other.rows;
            rowsCounted += other.rowsCounted;
            for (int i = 0; i < values.size(); i++) {
                context.check();
                values.get(i).merge(other.values.get(i));
            }
        }
    }

    private Contrast.FieldCounts counts(String name, FieldValues selected, FieldValues others) {
        FieldValues.agree(selected, others);
        Map<@Nullable Object, long[]> byValue = new LinkedHashMap<>();
        selected.forEach((value, count) -> side(byValue, value)[0] += count);
        others.forEach((value, count) -> side(byValue, value)[1] += count);
        List<@Nullable Object> values = new ArrayList<>(byValue.size());
        long[] selection = new long[byValue.size()];
        long[] baseline = new long[byValue.size()];
        byValue.forEach((value, sides) -> {
            selection[values.size()] = sides[0];
            baseline[values.size()] = sides[1];
            values.add(value);
        });
        return new Contrast.FieldCounts(
                name,
                values,
                selection,
                baseline,
                selected.rowsCounted(),
                others.rowsCounted(),
                selected.isCoarse());
    }

    private long[] side(Map<@Nullable Object, long[]> byValue, @Nullable Object value) {
        long[] sides = byValue.get(value);
        if (sides == null) {
            context.reserve(2L * Limits.ROW_BYTES);
            sides = new long[2];
            byValue.put(value, sides);
        }
        return sides;
    }
}
