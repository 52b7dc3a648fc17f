package dev.belfry.store.exec;

import dev.belfry.store.Expr;
import dev.belfry.store.QueryContext;
import dev.belfry.store.column.ColumnSpec;
import dev.belfry.store.column.Vector;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The smallest or largest value, in the order of {@link Scalars#order}. */
final class ExtremeMeasure implements Accumulator {
    private final Expr operand;
    private final boolean largest;
    private final QueryContext context;
    private @Nullable Object[] best = new @Nullable Object[16];

    ExtremeMeasure(Expr operand, boolean largest, QueryContext context) {
        this.operand = operand;
        this.largest = largest;
        this.context = context;
    }

    @Override
    public void add(GroupReader reader, Rows rows, GroupIds ids) {
        ensure(ids.groups());
        ColumnSpec spec = reader.longs(operand);
        if (spec != null) {
            addLongs(spec, reader.lane(spec, rows), ids);
            return;
        }
        @Nullable Object[] values = ValueReader.objects(operand, reader, rows);
        for (int i = 0; i < values.length; i++) {
            offer(ids.at(i), values[i]);
        }
    }

    @Override
    public boolean isKnown(GroupReader reader, boolean split) {
        ColumnSpec spec = split ? null : reader.longs(operand);
        return spec != null && reader.group().extremes(spec) != null;
    }

    @Override
    public void addKnown(GroupReader reader, long rows, int id, int groups) {
        ensure(groups);
        ColumnSpec spec = reader.longs(operand);
        long[] extremes = spec == null ? null : reader.group().extremes(spec);
        if (spec != null && extremes != null) {
            offer(id, ValueReader.ofLong(spec, extremes[largest ? 1 : 0]));
        }
    }

    /* The extreme of each group within this row group first, without objects. */
    private void addLongs(ColumnSpec spec, Lane lane, GroupIds ids) {
        Vector.Longs longs = (Vector.Longs) lane.vector();
        long none = largest ? Long.MIN_VALUE : Long.MAX_VALUE;
        long[] extremes = new long[ids.groups()];
        boolean[] seen = new boolean[ids.groups()];
        Arrays.fill(extremes, none);
        for (int i = 0; i < lane.count(); i++) {
            int at = lane.at(i);
            if (!longs.isNull(at)) {
                int id = ids.at(i);
                long value = longs.values()[at];
                extremes[id] =
                        largest ? Math.max(extremes[id], value) : Math.min(extremes[id], value);
                seen[id] = true;
            }
        }
        for (int id = 0; id < seen.length; id++) {
            if (seen[id]) {
                offer(id, ValueReader.ofLong(spec, extremes[id]));
            }
        }
    }

    private void offer(int id, @Nullable Object value) {
        if (Scalars.isAbsent(value)) {
            return;
        }
        int sign = best[id] == null ? 0 : Scalars.order(value, best[id]);
        if (best[id] == null || (largest ? sign > 0 : sign < 0)) {
            context.reserve(
                    RowOutput.sizeBytes(value)
                            - (best[id] == null ? 0 : RowOutput.sizeBytes(best[id])));
            best[id] = value;
        }
    }

    @Override
    public void merge(Accumulator other, int[] ids, int groups) {
        ensure(groups);
        @Nullable Object[] others = ((ExtremeMeasure) other).best;
        for (int i = 0; i < ids.length && i < others.length; i++) {
            offer(ids[i], others[i]);
        }
    }

    @Override
    public @Nullable Object result(int id) {
        return id < best.length ? best[id] : null;
    }

    private void ensure(int groups) {
        if (groups > best.length) {
            best = Arrays.copyOf(best, Math.max(groups, best.length * 2));
        }
    }
}
