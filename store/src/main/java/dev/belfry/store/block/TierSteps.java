package dev.belfry.store.block;

import java.util.Arrays;

/** The steps of one series in a tier, ascending; used again. For one thread. */
public final class TierSteps {
    long[] times = new long[64];
    long[] widths = new long[64];
    final double[][] columns = new double[Aggregate.SIZE][64];
    int size;

    /** Forgets all. */
    public void clear() {
        size = 0;
    }

    /** How many there are. */
    public int size() {
        return size;
    }

    /** The ends of the steps, in milliseconds; longer than {@link #size}. */
    public long[] times() {
        return times;
    }

    /** How long each step is, in milliseconds; longer than {@link #size}. */
    public long[] widths() {
        return widths;
    }

    /** What each step has of {@code aggregate}; longer than {@link #size}. */
    public double[] column(Aggregate aggregate) {
        return columns[aggregate.ordinal()];
    }

    /* Adds a sample to the step that ends at `end`, which is the last one or comes after it. */
    void add(long end, long width, double value) {
        if (size == 0 || times[size - 1] != end) {
            begin(end, width, value);
        } else {
            int at = size - 1;
            drop(at, column(Aggregate.LAST)[at], value);
            join(at, value, value, value, 1);
            column(Aggregate.LAST)[at] = value;
        }
    }

    private void begin(long end, long width, double value) {
        if (size == times.length) {
            times = Arrays.copyOf(times, 2 * size);
            widths = Arrays.copyOf(widths, 2 * size);
            for (int i = 0; i < columns.length; i++) {
                columns[i] = Arrays.copyOf(columns[i], 2 * size);
            }
        }
        times[size] = end;
        widths[size] = width;
        for (double[] column : columns) {
            column[size] = value;
        }
        column(Aggregate.COUNT)[size] = 1;
        column(Aggregate.DROPPED)[size] = 0;
        size++;
    }

    private void join(int at, double min, double max, double sum, double count) {
        double[] lowest = column(Aggregate.MIN);
        double[] highest = column(Aggregate.MAX);
        /* As min_over_time has it: NaN gives way to any number. */
        lowest[at] = min < lowest[at] || Double.isNaN(lowest[at]) ? min : lowest[at];
        highest[at] = max > highest[at] || Double.isNaN(highest[at]) ? max : highest[at];
        column(Aggregate.SUM)[at] += sum;
        column(Aggregate.COUNT)[at] += count;
    }

    private void drop(int at, double before, double after) {
        if (after < before) {
            column(Aggregate.DROPPED)[at] += before;
        }
    }

    /* Adds the step `from` of others, of a finer tier perhaps, to the one that ends at `end`. */
    void add(long end, long width, TierSteps finer, int from) {
        if (size == 0 || times[size - 1] != end) {
            begin(end, width, 0);
            for (int i = 0; i < columns.length; i++) {
                columns[i][size - 1] = finer.columns[i][from];
            }
            return;
        }
        int at = size - 1;
        widths[at] = Math.max(widths[at], width);
        drop(at, column(Aggregate.LAST)[at], finer.column(Aggregate.FIRST)[from]);
        column(Aggregate.DROPPED)[at] += finer.column(Aggregate.DROPPED)[from];
        join(
                at,
                finer.column(Aggregate.MIN)[from],
                finer.column(Aggregate.MAX)[from],
                finer.column(Aggregate.SUM)[from],
                finer.column(Aggregate.COUNT)[from]);
        column(Aggregate.LAST)[at] = finer.column(Aggregate.LAST)[from];
    }

    /* Adds steps that were read. */
    void append(long[] newTimes, long width, double[][] newColumns, int from, int to) {
        for (int i = from; i < to; i++) {
            begin(newTimes[i], width, 0);
            for (int column = 0; column < columns.length; column++) {
                columns[column][size - 1] = newColumns[column][i];
            }
        }
    }
}
