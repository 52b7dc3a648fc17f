package dev.belfry.store.exec;

import dev.belfry.store.Expr;
import dev.belfry.store.Plan;
import dev.belfry.store.QueryContext;
import dev.belfry.store.column.ColumnSpec;
import dev.belfry.store.column.RowGroup;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** The first rows in the order of any values: a heap of as many as are wanted. */
final class SortedRows {
    /** A row with the values that it is sorted by. */
    private record Keyed(@Nullable Object[] keys, Position position) {}

    private final List<Expr> exprs;
    private final boolean byTimeFirst;
    private final boolean[] descending;
    private final int max;
    private final QueryContext context;
    private final Comparator<Keyed> order = this::compare;
    private final PriorityQueue<Keyed> kept = new PriorityQueue<>(order.reversed());

    SortedRows(PlanShape shape, int max, QueryContext context) {
        this.exprs = shape.sort().stream().map(shape::sortExpr).toList();
        this.byTimeFirst = shape.isByTimeFirst();
        this.descending = descending(shape.sort());
        this.max = max;
        this.context = context;
    }

    /** Which keys descend. */
    static boolean[] descending(List<Plan.SortKey> keys) {
        boolean[] descending = new boolean[keys.size()];
        for (int i = 0; i < descending.length; i++) {
            descending[i] = keys.get(i).descending();
        }
        return descending;
    }

    /** The order of two values under a key: absent is last, whichever way it goes. */
    static int compare(@Nullable Object left, @Nullable Object right, boolean descending) {
        int sign = Scalars.order(left, right);
        return descending && !Scalars.isAbsent(left) && !Scalars.isAbsent(right) ? -sign : sign;
    }

    private int compare(Keyed left, Keyed right) {
        for (int i = 0; i < descending.length; i++) {
            int sign = compare(left.keys[i], right.keys[i], descending[i]);
            if (sign != 0) {
                return sign;
            }
        }
        int sign = Position.BY_TIME.compare(left.position, right.position);
        return descending[0] ? -sign : sign;
    }

    /** Whether the group, and in the order of time any that follows it, can have a first row. */
    synchronized boolean isOpenFor(RowGroup group) {
        Keyed last = !byTimeFirst || kept.size() < max ? null : kept.peek();
        return last == null
                || (descending[0]
                        ? group.maxTimestampNanos() >= last.position.timestampNanos()
                        : group.minTimestampNanos() <= last.position.timestampNanos());
    }

    /** Takes in the rows of a group that match. */
    void add(int index, GroupReader reader, Rows matching) {
        if (max == 0 || matching.isEmpty()) {
            return;
        }
        Rows promising = promising(reader, matching);
        if (!promising.isEmpty()) {
            addAll(index, reader, promising);
        }
    }

    /* Without those that a number alone puts behind all rows kept. */
    private Rows promising(GroupReader reader, Rows matching) {
        Object worst = worstKey();
        if (!Scalars.isNumber(worst) || !NumberReader.isOnlyNumbers(exprs.getFirst(), reader)) {
            return matching;
        }
        double bound = Scalars.number(worst);
        double[] numbers = NumberReader.numbers(exprs.getFirst(), reader, matching);
        int[] positions = new int[numbers.length];
        int n = 0;
        for (int i = 0; i < numbers.length; i++) {
            positions[n] = i;
            n += (descending[0] ? numbers[i] >= bound : numbers[i] <= bound) ? 1 : 0;
        }
        return matching.pick(positions, n);
    }

    private synchronized @Nullable Object worstKey() {
        Keyed last = kept.size() < max ? null : kept.peek();
        return last == null ? null : last.keys[0];
    }

    private void addAll(int index, GroupReader reader, Rows matching) {
        List<@Nullable Object[]> columns = new ArrayList<>();
        for (Expr expr : exprs) {
            columns.add(ValueReader.objects(expr, reader, matching));
        }
        Lane times = reader.lane(ColumnSpec.TIMESTAMP, matching);
        Lane offsets = reader.lane(ColumnSpec.OFFSET, matching);
        synchronized (this) {
            for (int i = 0; i < matching.count(); i++) {
                Keyed last = kept.size() < max ? null : kept.peek();
                if (last != null
                        && compare(columns.getFirst()[i], last.keys[0], descending[0]) > 0) {
                    continue;
                }
                @Nullable Object[] keys = new @Nullable Object[columns.size()];
                for (int k = 0; k < keys.length; k++) {
                    keys[k] = columns.get(k)[i];
                }
                offer(
                        new Keyed(
                                keys,
                                new Position(
                                        index,
                                        matching.at(i),
                                        ValueReader.longAt(times, i),
                                        ValueReader.longAt(offsets, i))));
            }
        }
    }

    private static long sizeBytes(Keyed row) {
        long bytes = Limits.ROW_BYTES;
        for (Object key : row.keys) {
            bytes += 16 + RowOutput.sizeBytes(key);
        }
        return bytes;
    }

    private void offer(Keyed row) {
        Keyed last = kept.size() < max ? null : kept.peek();
        if (last != null) {
            if (order.compare(row, last) >= 0) {
                return;
            }
            kept.poll();
            context.reserve(-sizeBytes(last));
        }
        context.reserve(sizeBytes(row));
        kept.add(row);
    }

    /** The rows, first one first. */
    synchronized List<Position> positions() {
        return kept.stream().sorted(order).map(Keyed::position).toList();
    }
}
