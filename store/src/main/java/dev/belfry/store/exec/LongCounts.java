package dev.belfry.store.exec;

import dev.belfry.store.column.ColumnSpec;
import dev.belfry.store.column.Decimals;
import dev.belfry.store.column.Form;
import dev.belfry.store.column.Vector;
import java.util.Arrays;

/** Numbers of columns of longs that lie close together: how often there is each; one thread. */
final class LongCounts {
    /* Numbers beside the lowest of all; widened as others come. */
    private final double factor;
    private final double divisor;
    private long base;
    private long[] counts = new long[0];
    private long total;

    /** None yet, of the form and scale of {@code spec}. */
    LongCounts(ColumnSpec spec) {
        factor = factor(spec);
        divisor = divisor(spec);
    }

    /** What a stored long is multiplied by to be the number that it stands for. */
    static double factor(ColumnSpec spec) {
        return spec.form() == Form.TIMESTAMP_MILLIS ? 1e6 : 1;
    }

    /** What a stored long is divided by then. */
    static double divisor(ColumnSpec spec) {
        return spec.form() == Form.DECIMAL ? Decimals.power(spec.scale()) : 1;
    }

    long total() {
        return total;
    }

    /** Adds the values of {@code lane}; false, and nothing is added, where they do not fit. */
    boolean add(ColumnSpec spec, Vector.Longs longs, Lane lane) {
        if (factor(spec) != factor || divisor(spec) != divisor) {
            return false;
        }
        long[] values = longs.values();
        int size = lane.count();
        long least = Long.MAX_VALUE;
        long most = Long.MIN_VALUE;
        int present = 0;
        for (int i = 0; i < size; i++) {
            int at = lane.at(i);
            if (!longs.isNull(at)) {
                least = Math.min(least, values[at]);
                most = Math.max(most, values[at]);
                present++;
            }
        }
        if (present == 0) {
            return true;
        }
        if (!widen(least, most)) {
            return false;
        }
        for (int i = 0; i < size; i++) {
            int at = lane.at(i);
            if (!longs.isNull(at)) {
                counts[(int) (values[at] - base)]++;
            }
        }
        total += present;
        return true;
    }

    /** Adds all of {@code other}; false, and nothing is added, where they do not fit. */
    boolean add(LongCounts other) {
        if (other.total == 0) {
            return true;
        }
        if (other.factor != factor
                || other.divisor != divisor
                || !widen(other.base, other.base + other.counts.length - 1)) {
            return false;
        }
        int shift = (int) (other.base - base);
        for (int i = 0; i < other.counts.length; i++) {
            counts[shift + i] += other.counts[i];
        }
        total += other.total;
        return true;
    }

    private boolean widen(long least, long most) {
        long low = total == 0 ? least : Math.min(least, base);
        long high = total == 0 ? most : Math.max(most, base + counts.length - 1);
        long width = high - low + 1;
        if (width <= 0 || width > Limits.COUNTED_NUMBERS_MAX) {
            return false;
        }
        if (total == 0 || low < base || width > counts.length) {
            long[] wider = new long[(int) width];
            if (total > 0) {
                System.arraycopy(counts, 0, wider, (int) (base - low), counts.length);
            }
            counts = wider;
            base = low;
        }
        return true;
    }

    /** The number at {@code quantile} (0 to 1), linearly interpolated; NaN when there is none. */
    double quantile(double quantile) {
        return NumberBag.interpolated(quantile, total, this::at);
    }

    private double at(long rank) {
        long left = rank;
        int index = 0;
        while (left >= counts[index]) {
            left -= counts[index++];
        }
        return number(index);
    }

    private double number(int index) {
        return (base + index) * factor / divisor;
    }

    /** Gives all numbers to {@code bag}. */
    void pour(NumberBag bag) {
        for (int i = 0; i < counts.length; i++) {
            long left = counts[i];
            while (left > 0) {
                double[] some = new double[(int) Math.min(left, 1 << 16)];
                Arrays.fill(some, number(i));
                bag.addAll(some);
                left -= some.length;
            }
        }
    }
}
