package dev.belfry.store.exec;

import dev.belfry.store.Plan;
import dev.belfry.store.TimeRange;
import dev.belfry.store.column.ColumnSpec;
import dev.belfry.store.column.RowGroup;
import org.jspecify.annotations.Nullable;

/**
 * Which rows a scan may see by time and offset alone.
 *
 * @param range of event time
 * @param endOffset rows with an offset from here on are not seen
 * @param resume where the page before ended; null for none
 * @param descending the order of pages
 */
record Bounds(TimeRange range, long endOffset, Plan.@Nullable Resume resume, boolean descending) {
    /** Whether the group can have such a row. */
    boolean mayHold(RowGroup group) {
        return group.minOffset() < endOffset
                && group.maxTimestampNanos() >= range.startNanos()
                && (endsNever() || group.minTimestampNanos() < range.endNanos())
                && (resume == null
                        || (descending
                                ? group.minTimestampNanos() <= resume.timestampNanos()
                                : group.maxTimestampNanos() >= resume.timestampNanos()));
    }

    private boolean endsNever() {
        return range.endNanos() == Long.MAX_VALUE;
    }

    /** The rows of a group within. */
    Rows rows(GroupReader reader) {
        RowGroup group = reader.group();
        int from = 0;
        int to = group.rowCount();
        if (group.minTimestampNanos() < range.startNanos()) {
            from = firstAt(reader, range.startNanos());
        }
        if (!endsNever() && group.maxTimestampNanos() >= range.endNanos()) {
            to = firstAt(reader, range.endNanos());
        }
        if (resume != null) {
            if (descending && group.maxTimestampNanos() >= resume.timestampNanos()) {
                to = Math.min(to, resumeAt(reader, resume, false));
            } else if (!descending && group.minTimestampNanos() <= resume.timestampNanos()) {
                from = Math.max(from, resumeAt(reader, resume, true));
            }
        }
        Rows rows = Rows.range(from, to);
        return group.maxOffset() < endOffset ? rows : before(reader, rows);
    }

    private Rows before(GroupReader reader, Rows rows) {
        Lane offsets = reader.lane(ColumnSpec.OFFSET, rows);
        int[] positions = new int[rows.count()];
        int n = 0;
        for (int i = 0; i < positions.length; i++) {
            if (ValueReader.longAt(offsets, i) < endOffset) {
                positions[n++] = i;
            }
        }
        return rows.pick(positions, n);
    }

    /* The first row at or after a time. */
    private static int firstAt(GroupReader reader, long nanos) {
        Lane times = all(ColumnSpec.TIMESTAMP, reader);
        int low = 0;
        int high = reader.group().rowCount();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (ValueReader.longAt(times, middle) < nanos) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /* The first row at or after (after: only after) the last row of the page before. */
    private static int resumeAt(GroupReader reader, Plan.Resume resume, boolean after) {
        int at = firstAt(reader, resume.timestampNanos());
        int rowCount = reader.group().rowCount();
        Lane times = all(ColumnSpec.TIMESTAMP, reader);
        int end = at;
        while (end < rowCount && ValueReader.longAt(times, end) == resume.timestampNanos()) {
            end++;
        }
        Lane offsets = reader.lane(ColumnSpec.OFFSET, Rows.range(at, end));
        int i = 0;
        while (at + i < end) {
            long offset = ValueReader.longAt(offsets, i);
            if (offset > resume.offset() || offset == resume.offset() && !after) {
                break;
            }
            i++;
        }
        return at + i;
    }

    private static Lane all(ColumnSpec spec, GroupReader reader) {
        return reader.lane(spec, Rows.range(0, reader.group().rowCount()));
    }
}
