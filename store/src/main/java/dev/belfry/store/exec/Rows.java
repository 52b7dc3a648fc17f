package dev.belfry.store.exec;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Some rows of a group, ascending: a range, or listed; immutable. */
final class Rows {
    /** No rows. */
    static final Rows NONE = new Rows(null, 0, 0);

    private final int @Nullable [] indexes;
    private final int from;
    private final int count;

    private Rows(int @Nullable [] indexes, int from, int count) {
        this.indexes = indexes;
        this.from = from;
        this.count = count;
    }

    /** The rows {@code from} (inclusive) to {@code to} (exclusive). */
    static Rows range(int from, int to) {
        return to <= from ? NONE : new Rows(null, from, to - from);
    }

    /** The first {@code count} of {@code indexes}, ascending row indexes that nobody changes. */
    static Rows of(int[] indexes, int count) {
        return count == 0 ? NONE : new Rows(indexes, 0, count);
    }

    int count() {
        return count;
    }

    boolean isEmpty() {
        return count == 0;
    }

    /** The row at {@code position} (0 to count - 1). */
    int at(int position) {
        return indexes == null ? from + position : indexes[position];
    }

    /** The row indexes, {@code [>= count]}, or null when the rows are a range. */
    int @Nullable [] indexes() {
        return indexes;
    }

    /** The first row of a range. */
    int from() {
        return from;
    }

    /** The row indexes as an array of exactly {@link #count()}. */
    int[] toArray() {
        if (indexes != null) {
            return indexes.length == count ? indexes : Arrays.copyOf(indexes, count);
        }
        int[] all = new int[count];
        for (int i = 0; i < count; i++) {
            all[i] = from + i;
        }
        return all;
    }

    /** The rows at the first {@code n} of {@code positions} (ascending, given up). */
    Rows pick(int[] positions, int n) {
        if (n == count) {
            return this;
        }
        if (n == 0) {
            return NONE;
        }
        if (indexes == null) {
            if (from != 0) {
                for (int i = 0; i < n; i++) {
                    positions[i] += from;
                }
            }
        } else {
            for (int i = 0; i < n; i++) {
                positions[i] = indexes[positions[i]];
            }
        }
        return new Rows(positions, 0, n);
    }

    /** The positions {@code start} (inclusive) to {@code end} (exclusive). */
    Rows slice(int start, int end) {
        if (end <= start) {
            return NONE;
        }
        if (start == 0 && end == count) {
            return this;
        }
        if (indexes == null) {
            return range(from + start, from + end);
        }
        return of(Arrays.copyOfRange(indexes, start, end), end - start);
    }

    /** Those of these rows that are {@code first} (inclusive) to {@code end} (exclusive). */
    Rows between(int first, int end) {
        if (indexes == null) {
            return range(Math.max(from, first), Math.min(from + count, end));
        }
        return slice(position(indexes, count, first), position(indexes, count, end));
    }

    /* How many of the rows are below row. */
    private static int position(int[] indexes, int count, int row) {
        int found = Arrays.binarySearch(indexes, 0, count, row);
        return found < 0 ? -found - 1 : found;
    }

    /** These rows without {@code other}, whose rows are all among these. */
    Rows minus(Rows other) {
        if (other.count == 0) {
            return this;
        }
        if (other.count == count) {
            return NONE;
        }
        int[] rest = new int[count - other.count];
        int n = 0;
        int position = 0;
        for (int k = 0; k < other.count; k++) {
            int without = other.at(k);
            if (indexes == null) {
                int end = without - from;
                while (position < end) {
                    rest[n++] = from + position++;
                }
            } else {
                while (indexes[position] < without) {
                    rest[n++] = indexes[position++];
                }
            }
            position++;
        }
        while (position < count) {
            rest[n++] = at(position++);
        }
        return of(rest, n);
    }

    /** These rows and {@code other}'s, each once. */
    Rows union(Rows other) {
        if (other.count == 0) {
            return this;
        }
        if (count == 0) {
            return other;
        }
        int[] all = new int[count + other.count];
        int left = 0;
        int right = 0;
        int n = 0;
        while (left < count || right < other.count) {
            int low = left < count ? at(left) : Integer.MAX_VALUE;
            int high = right < other.count ? other.at(right) : Integer.MAX_VALUE;
            left += low <= high ? 1 : 0;
            right += high <= low ? 1 : 0;
            all[n++] = Math.min(low, high);
        }
        return of(all, n);
    }
}
