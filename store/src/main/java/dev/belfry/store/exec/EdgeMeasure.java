package dev.belfry.store.exec;

import dev.belfry.store.Expr;
import dev.belfry.store.QueryContext;
import dev.belfry.store.column.ColumnSpec;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The value of the earliest or latest row that has one. */
final class EdgeMeasure implements Accumulator {
    private final Expr operand;
    private final boolean latest;
    private final QueryContext context;
    private @Nullable Object[] values = new @Nullable Object[16];
    private @Nullable Position[] positions = new @Nullable Position[16];

    EdgeMeasure(Expr operand, boolean latest, QueryContext context) {
        this.operand = operand;
        this.latest = latest;
        this.context = context;
    }

    @Override
    public void add(GroupReader reader, Rows rows, GroupIds ids) {
        ensure(ids.groups());
        @Nullable Object[] all = ValueReader.objects(operand, reader, rows);
        int[] edge = new int[ids.groups()];
        int[] found = new int[Math.min(ids.groups(), all.length)];
        int n = 0;
        for (int step = 0; step < all.length; step++) {
            int i = latest ? all.length - 1 - step : step;
            int id = ids.at(i);
            if (edge[id] == 0 && !Scalars.isAbsent(all[i])) {
                edge[id] = 1;
                found[n++] = i;
            }
        }
        Arrays.sort(found, 0, n);
        int[] rowAt = new int[n];
        for (int k = 0; k < n; k++) {
            rowAt[k] = rows.at(found[k]);
        }
        Rows edges = Rows.of(rowAt, n);
        Lane times = reader.lane(ColumnSpec.TIMESTAMP, edges);
        Lane offsets = reader.lane(ColumnSpec.OFFSET, edges);
        for (int k = 0; k < n; k++) {
            Position position =
                    new Position(
                            0,
                            rowAt[k],
                            ValueReader.longAt(times, k),
                            ValueReader.longAt(offsets, k));
            offer(ids.at(found[k]), all[found[k]], position);
        }
    }

    private void offer(int id, @Nullable Object value, Position position) {
        Position known = positions[id];
        int sign = known == null ? 0 : Position.BY_TIME.compare(position, known);
        if (known == null || (latest ? sign > 0 : sign < 0)) {
            context.reserve(
                    RowOutput.sizeBytes(value)
                            - (known == null ? 0 : RowOutput.sizeBytes(values[id])));
            positions[id] = position;
            values[id] = value;
        }
    }

    @Override
    public void merge(Accumulator other, int[] ids, int groups) {
        ensure(groups);
        EdgeMeasure from = (EdgeMeasure) other;
        for (int i = 0; i < ids.length && i < from.positions.length; i++) {
            Position position = from.positions[i];
            if (position != null) {
                offer(ids[i], from.values[i], position);
            }
        }
    }

    @Override
    public @Nullable Object result(int id) {
        return id < values.length ? values[id] : null;
    }

    private void ensure(int groups) {
        if (groups > values.length) {
            int room = Math.max(groups, values.length * 2);
            values = Arrays.copyOf(values, room);
            positions = Arrays.copyOf(positions, room);
        }
    }
}
