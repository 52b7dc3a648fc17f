package dev.belfry.store.events;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The order of rows by (timestamp, offset). */
final class RowOrder {
    /* Rows of a chunk in 15 bits, times within 2^48 ns (3.2 days) of each other above them: one sort of longs. */
    private static final int INDEX_BITS = 15;

    private RowOrder() {}

    /** Position to row, or null when the rows stand in order. */
    static int @Nullable [] of(long[] timestamps, long[] offsets, int count) {
        if (isOrdered(timestamps, offsets, count)) {
            return null;
        }
        long min = Long.MAX_VALUE;
        long max = Long.MIN_VALUE;
        for (int i = 0; i < count; i++) {
            min = Math.min(min, timestamps[i]);
            max = Math.max(max, timestamps[i]);
        }
        long span = max - min;
        if (count > 1 << INDEX_BITS || span < 0 || span >>> (63 - INDEX_BITS) != 0) {
            return byComparison(timestamps, offsets, count);
        }
        long[] keys = new long[count];
        for (int i = 0; i < count; i++) {
            keys[i] = timestamps[i] - min << INDEX_BITS | i;
        }
        Arrays.sort(keys);
        int[] order = new int[count];
        for (int i = 0; i < count; i++) {
            order[i] = (int) keys[i] & (1 << INDEX_BITS) - 1;
        }
        for (int i = 1; i < count; i++) {
            if (timestamps[order[i]] == timestamps[order[i - 1]]
                    && offsets[order[i]] < offsets[order[i - 1]]) {
                return byComparison(timestamps, offsets, count);
            }
        }
        return order;
    }

    private static boolean isOrdered(long[] timestamps, long[] offsets, int count) {
        for (int i = 1; i < count; i++) {
            if (timestamps[i] < timestamps[i - 1]
                    || timestamps[i] == timestamps[i - 1] && offsets[i] < offsets[i - 1]) {
                return false;
            }
        }
        return true;
    }

    private static int[] byComparison(long[] timestamps, long[] offsets, int count) {
        Integer[] rows = new Integer[count];
        Arrays.setAll(rows, i -> i);
        Arrays.sort(
                rows,
                (a, b) ->
                        timestamps[a] != timestamps[b]
                                ? Long.compare(timestamps[a], timestamps[b])
                                : Long.compare(offsets[a], offsets[b]));
        return Arrays.stream(rows).mapToInt(Integer::intValue).toArray();
    }
}
