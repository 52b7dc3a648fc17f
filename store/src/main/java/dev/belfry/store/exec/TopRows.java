package dev.belfry.store.exec;

import dev.belfry.store.QueryContext;
import dev.belfry.store.column.ColumnSpec;
import dev.belfry.store.column.RowGroup;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** The first rows in the order of time, found without looking at groups behind them. */
final class TopRows {
    /*
     * Groups are visited in the order of their nearest end (newest maximum first, when descending).
     * As soon as `max` rows are kept and the next group's nearest end lies behind the last of them,
     * that group and all that follow have nothing to add. Within a group rows are ascending, so the
     * candidates are the last (first) of those that match, and only their times are read.
     */
    private final boolean descending;
    private final int max;
    private final QueryContext context;
    private final PriorityQueue<Position> kept;

    TopRows(boolean descending, int max, QueryContext context) {
        this.descending = descending;
        this.max = max;
        this.context = context;
        this.kept =
                new PriorityQueue<>(descending ? Position.BY_TIME : Position.BY_TIME.reversed());
    }

    /** The order in which groups are to be visited. */
    static Comparator<RowGroup> groupOrder(boolean descending) {
        return descending
                ? Comparator.comparingLong(RowGroup::maxTimestampNanos).reversed()
                : Comparator.comparingLong(RowGroup::minTimestampNanos);
    }

    /** Whether the group, and any that follows it, can have one of the first rows. */
    synchronized boolean isOpenFor(RowGroup group) {
        Position last = kept.size() < max ? null : kept.peek();
        return last == null
                || (descending
                        ? group.maxTimestampNanos() >= last.timestampNanos()
                        : group.minTimestampNanos() <= last.timestampNanos());
    }

    /** Takes in the rows of a group that match. */
    void add(int index, GroupReader reader, Rows matching) {
        int n = Math.min(max, matching.count());
        if (n == 0) {
            return;
        }
        Rows nearest =
                descending
                        ? matching.slice(matching.count() - n, matching.count())
                        : matching.slice(0, n);
        Lane times = reader.lane(ColumnSpec.TIMESTAMP, nearest);
        Lane offsets = reader.lane(ColumnSpec.OFFSET, nearest);
        synchronized (this) {
            for (int step = 0; step < n; step++) {
                int i = descending ? n - 1 - step : step;
                Position position =
                        new Position(
                                index,
                                nearest.at(i),
                                ValueReader.longAt(times, i),
                                ValueReader.longAt(offsets, i));
                if (!offer(position)) {
                    return;
                }
            }
        }
    }

    private boolean offer(Position position) {
        if (kept.size() < max) {
            context.reserve(Limits.ROW_BYTES);
            kept.add(position);
            return true;
        }
        Position last = kept.peek();
        if (last == null || kept.comparator().compare(position, last) <= 0) {
            return false;
        }
        kept.poll();
        kept.add(position);
        return true;
    }

    /** The rows, first one first. */
    synchronized List<Position> positions() {
        List<Position> sorted = new ArrayList<>(kept);
        sorted.sort(kept.comparator().reversed());
        return sorted;
    }
}
