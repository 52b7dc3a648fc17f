package dev.belfry.store.block;

import dev.belfry.store.chunk.RowRanges;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A column of times that was read, and the rows of it that are wanted; for one thread. */
final class TimesColumn {
    /**
     * Which times are wanted.
     *
     * @param startMillis the first, inclusive
     * @param endMillis the last, inclusive
     * @param windows those in them only, if there are any
     */
    record Range(long startMillis, long endMillis, @Nullable Windows windows) {
        static final Range ALL = new Range(Long.MIN_VALUE, Long.MAX_VALUE, null);

        /** Whether times from {@code min} to {@code max} may be in it. */
        boolean touches(long min, long max) {
            return max >= startMillis
                    && min <= endMillis
                    && (windows == null || windows.touch(min, max));
        }
    }

    /** The times, ascending, at least one. */
    final long[] times;

    /** The rows that are wanted. */
    final RowRanges rows = new RowRanges();

    private @Nullable Range wanted;

    TimesColumn(long[] times) {
        this.times = times;
    }

    /** Sets the rows to those in the range; false when they are these already. */
    boolean want(Range range) {
        if (range.equals(wanted)) {
            return false;
        }
        wanted = range;
        rows.clear();
        int at = lowerBound(range.startMillis());
        int to = upperBound(range.endMillis());
        Windows windows = range.windows();
        if (windows == null) {
            rows.add(at, to);
            return true;
        }
        while (at < to) {
            long begin = windows.beginOfNext(times[at]);
            int first = lowerBound(at, to, begin);
            int next = lowerBound(first, to, begin + windows.lengthMillis() + 1);
            if (next <= at) { // times so far off that windows have no end in 64 bits
                rows.add(at, to);
                return true;
            }
            rows.add(first, next);
            at = next;
        }
        return true;
    }

    /** The first row of this time or later. */
    int lowerBound(long time) {
        return times[0] >= time ? 0 : lowerBound(0, times.length, time);
    }

    /** The row after the last one of this time or earlier. */
    int upperBound(long time) {
        return times[times.length - 1] <= time ? times.length : lowerBound(time + 1);
    }

    private int lowerBound(int from, int to, long time) {
        int found = Arrays.binarySearch(times, from, to, time);
        return found < 0 ? -found - 1 : found;
    }
}
