package dev.belfry.store.exec;

import java.util.Comparator;

/**
 * Where a row stands, and in the order of time.
 *
 * @param group index of the group in the query's list
 * @param row index of the row in the group
 */
record Position(int group, int row, long timestampNanos, long offset) {
    /** The order of time; rows of one time in the order of their offsets. */
    static final Comparator<Position> BY_TIME =
            (a, b) ->
                    a.timestampNanos != b.timestampNanos
                            ? Long.compare(a.timestampNanos, b.timestampNanos)
                            : Long.compare(a.offset, b.offset);
}
