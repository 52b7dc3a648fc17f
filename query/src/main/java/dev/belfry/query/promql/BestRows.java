package dev.belfry.query.promql;

import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The greatest or the least numbers of rows at each step: heaps whose first is the next to go. They
 * move as Go's container/heap does, so that of equal numbers the same ones stay.
 */
final class BestRows {
    private final List<@Nullable Row> rows;
    private final boolean top;
    private final int[] capacities;
    private final int[] sizes;

    /* One heap after another, with the same room for each, which grows with what the fullest has. */
    private int[] heaps;
    private int room = 1;

    BestRows(List<@Nullable Row> rows, boolean top, int[] capacities) {
        this.rows = rows;
        this.top = top;
        this.capacities = capacities;
        this.sizes = new int[capacities.length];
        this.heaps = new int[capacities.length];
    }

    /**
     * Takes the row {@code index} at {@code step}, when its {@code value} is better than what is
     * there.
     *
     * @return the row that is not among them, which may be the same; -1 while there was room
     */
    int offer(int step, int index, double value) {
        int size = sizes[step];
        if (size < capacities[step]) {
            if (size == room) {
                grow();
            }
            heaps[step * room + size] = index;
            sizes[step]++;
            up(step, size);
            return -1;
        }
        if (size == 0) {
            return index;
        }
        double worst = value(step, 0);
        boolean better = top ? worst < value : worst > value;
        if (!better && (!Double.isNaN(worst) || Double.isNaN(value))) {
            return index;
        }
        int out = heaps[step * room];
        heaps[step * room] = index;
        down(step);
        return out;
    }

    private void grow() {
        int[] wider = new int[2 * room * sizes.length];
        for (int step = 0; step < sizes.length; step++) {
            System.arraycopy(heaps, step * room, wider, step * 2 * room, sizes[step]);
        }
        heaps = wider;
        room *= 2;
    }

    /** About how much memory it takes. */
    long bytes() {
        return 4L * (heaps.length + sizes.length);
    }

    /** The value that a later one must be better than; NaN for none. */
    double worst(int step) {
        return sizes[step] == capacities[step] && sizes[step] > 0 ? value(step, 0) : Double.NaN;
    }

    /** The indexes of the rows of {@code step}, the best first. */
    int[] inOrder(int step) {
        return IntStream.range(0, sizes[step])
                .boxed()
                .sorted((a, b) -> InstantFunctions.compare(value(step, a), value(step, b), top))
                .mapToInt(at -> heaps[step * room + at])
                .toArray();
    }

    private double value(int step, int at) {
        Row row = rows.get(heaps[step * room + at]);
        if (row == null) {
            throw new IllegalStateException("BUG: a row of a heap is gone");
        }
        return row.values[step];
    }

    private boolean less(int step, int left, int right) {
        double a = value(step, left);
        double b = value(step, right);
        return Double.isNaN(a) || (top ? a < b : a > b);
    }

    private void up(int step, int from) {
        int at = from;
        while (at > 0 && less(step, at, (at - 1) / 2)) {
            swap(step, at, (at - 1) / 2);
            at = (at - 1) / 2;
        }
    }

    private void down(int step) {
        int at = 0;
        while (2 * at + 1 < sizes[step]) {
            int child = 2 * at + 1;
            if (child + 1 < sizes[step] && less(step, child + 1, child)) {
                child++;
            }
            if (!less(step, child, at)) {
                break;
            }
            swap(step, at, child);
            at = child;
        }
    }

    private void swap(int step, int left, int right) {
        int from = step * room;
        int index = heaps[from + left];
        heaps[from + left] = heaps[from + right];
        heaps[from + right] = index;
    }
}
