package dev.belfry.query.promql;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The greatest or the least numbers of rows at one step: a heap whose first is the next to go. It
 * moves as Go's container/heap does, so that of equal numbers the same ones stay.
 */
final class BestRows {
    private final List<@Nullable Row> rows;
    private final int step;
    private final boolean top;
    private final int capacity;
    private int[] heap = {};
    private int size;

    BestRows(List<@Nullable Row> rows, int step, boolean top, int capacity) {
        this.rows = rows;
        this.step = step;
        this.top = top;
        this.capacity = capacity;
    }

    /**
     * Takes the row {@code index}, when its {@code value} is better than what is there.
     *
     * @return the row that is not among them, which may be the same; -1 while there was room
     */
    int offer(int index, double value) {
        if (size < capacity) {
            if (size == heap.length) {
                heap = Arrays.copyOf(heap, Math.min(capacity, Math.max(8, 2 * size)));
            }
            heap[size] = index;
            up(size++);
            return -1;
        }
        if (capacity == 0) {
            return index;
        }
        double worst = value(heap[0]);
        boolean better = top ? worst < value : worst > value;
        if (!better && (!Double.isNaN(worst) || Double.isNaN(value))) {
            return index;
        }
        int out = heap[0];
        heap[0] = index;
        down();
        return out;
    }

    /** The value that a later one must be better than; NaN for none. */
    double worst() {
        return size == capacity && size > 0 ? value(heap[0]) : Double.NaN;
    }

    /** The indexes of the rows, the best first. */
    int[] inOrder() {
        return Arrays.stream(heap, 0, size)
                .boxed()
                .sorted((a, b) -> InstantFunctions.compare(value(a), value(b), top))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    private double value(int index) {
        Row row = rows.get(index);
        if (row == null) {
            throw new IllegalStateException("BUG: a row of the heap is gone");
        }
        return row.values[step];
    }

    private boolean less(int left, int right) {
        double a = value(heap[left]);
        double b = value(heap[right]);
        return Double.isNaN(a) || (top ? a < b : a > b);
    }

    private void up(int from) {
        int at = from;
        while (at > 0 && less(at, (at - 1) / 2)) {
            swap(at, (at - 1) / 2);
            at = (at - 1) / 2;
        }
    }

    private void down() {
        int at = 0;
        while (2 * at + 1 < size) {
            int child = 2 * at + 1;
            if (child + 1 < size && less(child + 1, child)) {
                child++;
            }
            if (!less(child, at)) {
                break;
            }
            swap(at, child);
            at = child;
        }
    }

    private void swap(int left, int right) {
        int index = heap[left];
        heap[left] = heap[right];
        heap[right] = index;
    }
}
