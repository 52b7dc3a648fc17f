package dev.belfry.store.exec;

import dev.belfry.store.QueryContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** Finite numbers with repetition: all of them, or a sketch of them; one thread. */
final class NumberBag {
    /*
     * The sketch counts by the sign, the exponent and the first 10 bits of the fraction, so that a
     * bucket is at most 1/1024 of its values wide and its middle at most 1/2048 (0.05 %) off: the
     * buckets of HdrHistogram, without its range. Bits of a double, the sign bit turned, are
     * ordered as the numbers are; a page of counts is made for each exponent that occurs.
     */
    private static final int FRACTION_BITS = 10;
    private static final int PAGE = 1 << FRACTION_BITS;
    private static final int SHIFT = 52 - FRACTION_BITS;

    /* Sign, exponent and 8 bits of the fraction: 4 MiB of counts, of which few are touched. */
    private static final int RADIX_BITS = 20;
    private static final int RADIX_FROM = 1 << 17;
    /* Arrays of this many numbers are kept as they come instead of being copied. */
    private static final int RUN_MIN = 1024;
    private static final int PAGES = 4096;
    private static final int ZERO_PAGE = PAGES / 2;

    private final QueryContext context;
    private final List<double[]> runs = new ArrayList<>();
    private int runCount;
    private double[] values = new double[8];
    private int count;
    private long @Nullable [] @Nullable [] pages;
    private long sketched;

    NumberBag(QueryContext context) {
        this.context = context;
        context.reserve(Limits.ROW_BYTES + 64);
    }

    void add(double value) {
        if (pages != null) {
            count(pages, value, 1);
            return;
        }
        room(1);
        values[count++] = value;
    }

    /** Adds those of {@code numbers} that are not NaN; takes the array over. */
    void addAll(double[] numbers) {
        int n = 0;
        for (double number : numbers) {
            if (!Double.isNaN(number)) {
                numbers[n++] = number;
            }
        }
        if (pages != null) {
            for (int i = 0; i < n; i++) {
                count(pages, numbers[i], 1);
            }
        } else if (n == numbers.length && n >= RUN_MIN) {
            context.reserve(8L * n);
            runs.add(numbers);
            runCount += n;
        } else {
            room(n);
            System.arraycopy(numbers, 0, values, count, n);
            count += n;
        }
    }

    private void room(int more) {
        if (count + more > values.length) {
            int room = Math.max(count + more, count + (count >> 1) + 8);
            context.reserve(8L * (room - values.length));
            values = Arrays.copyOf(values, room);
        }
    }

    /** Keeps counts instead of numbers from now on. */
    void sketch() {
        if (pages != null) {
            return;
        }
        context.reserve(8L * PAGES);
        long[] @Nullable [] made = new long[PAGES] @Nullable [];
        pages = made;
        for (double[] run : runs) {
            for (double value : run) {
                count(made, value, 1);
            }
        }
        for (int i = 0; i < count; i++) {
            count(made, values[i], 1);
        }
        context.reserve(-8L * (values.length + runCount));
        values = new double[0];
        runs.clear();
        count = 0;
        runCount = 0;
    }

    private void count(long[] @Nullable [] made, double value, long times) {
        long bits = Double.doubleToRawLongBits(value + 0.0);
        long ordered = bits ^ (bits >> 63 | Long.MIN_VALUE);
        int page = (int) (ordered >>> 52);
        long[] counts = made[page];
        if (counts == null) {
            context.reserve(8L * PAGE);
            counts = new long[PAGE];
            made[page] = counts;
        }
        counts[(int) (ordered >>> SHIFT) & PAGE - 1] += times;
        sketched += times;
    }

    /** Takes in another bag; both are sketched, or neither. */
    void addAll(NumberBag other) {
        if (other.pages == null && pages == null) {
            runs.addAll(other.runs);
            runCount += other.runCount;
            room(other.count);
            System.arraycopy(other.values, 0, values, count, other.count);
            count += other.count;
            return;
        }
        if (other.pages == null) {
            other.runs.forEach(this::addAll);
            for (int i = 0; i < other.count; i++) {
                add(other.values[i]);
            }
            return;
        }
        sketch();
        for (int page = 0; page < other.pages.length; page++) {
            long[] counts = other.pages[page];
            for (int slot = 0; counts != null && slot < PAGE; slot++) {
                if (counts[slot] != 0 && pages != null) {
                    count(pages, middle(page, slot), counts[slot]);
                }
            }
        }
    }

    /** The value at {@code quantile} (0 to 1), linearly interpolated; NaN when there is none. */
    double quantile(double quantile) {
        long size = pages == null ? (long) runCount + count : sketched;
        return interpolated(quantile, size, this::at);
    }

    /**
     * The number at {@code quantile} of {@code size} ascending ones, of which {@code at} gives
     * each; NaN when there is none.
     */
    static double interpolated(double quantile, long size, LongToDoubleFunction at) {
        if (size == 0) {
            return Double.NaN;
        }
        double rank = quantile * (size - 1);
        long below = (long) Math.floor(rank);
        double low = at.applyAsDouble(below);
        double high = rank == below ? low : at.applyAsDouble(below + 1);
        return low + (high - low) * (rank - below);
    }

    private double at(long rank) {
        if (pages != null) {
            return sketchedAt(pages, rank);
        }
        if (runCount + count > RADIX_FROM) {
            return radixSelect((int) rank);
        }
        List<double[]> all = List.copyOf(runs);
        runs.clear();
        runCount = 0;
        for (double[] run : all) {
            room(run.length);
            System.arraycopy(run, 0, values, count, run.length);
            count += run.length;
        }
        return select((int) rank);
    }

    /* Counts by the first bits, then sorts what lies in the one bucket of the rank. */
    private double radixSelect(int rank) {
        int[] buckets = new int[1 << RADIX_BITS];
        runs.forEach(run -> countBuckets(run, run.length, buckets));
        countBuckets(values, count, buckets);
        int wanted = 0;
        int left = rank;
        while (left >= buckets[wanted]) {
            left -= buckets[wanted++];
        }
        double[] inBucket = new double[buckets[wanted]];
        int n = 0;
        for (double[] run : runs) {
            n = gather(run, run.length, wanted, inBucket, n);
        }
        gather(values, count, wanted, inBucket, n);
        Arrays.sort(inBucket);
        return inBucket[left];
    }

    private static void countBuckets(double[] numbers, int size, int[] buckets) {
        for (int i = 0; i < size; i++) {
            buckets[bucket(numbers[i])]++;
        }
    }

    private static int gather(
            double[] numbers, int size, int wanted, double[] inBucket, int before) {
        int n = before;
        for (int i = 0; i < size; i++) {
            if (bucket(numbers[i]) == wanted) {
                inBucket[n++] = numbers[i];
            }
        }
        return n;
    }

    private static int bucket(double value) {
        long bits = Double.doubleToRawLongBits(value + 0.0);
        return (int) ((bits ^ (bits >> 63 | Long.MIN_VALUE)) >>> 64 - RADIX_BITS);
    }

    private static double sketchedAt(long[] @Nullable [] pages, long rank) {
        long left = rank;
        for (int page = 0; page < pages.length; page++) {
            long[] counts = pages[page];
            for (int slot = 0; counts != null && slot < PAGE; slot++) {
                if (left < counts[slot]) {
                    return middle(page, slot);
                }
                left -= counts[slot];
            }
        }
        throw new IllegalStateException("BUG: rank " + rank + " beyond the sketch");
    }

    private static double middle(int page, int slot) {
        if (page == ZERO_PAGE && slot == 0) {
            return 0;
        }
        long ordered = (long) page << 52 | (long) slot << SHIFT | 1L << SHIFT - 1;
        return Double.longBitsToDouble(ordered ^ (~ordered >> 63 | Long.MIN_VALUE));
    }

    /* Quickselect with the median of three; partly sorts the values. */
    private double select(int rank) {
        int low = 0;
        int high = count - 1;
        while (high - low > 32) {
            double pivot = pivot(low, high);
            int i = low;
            int j = high;
            while (i <= j) {
                while (values[i] < pivot) {
                    i++;
                }
                while (values[j] > pivot) {
                    j--;
                }
                if (i <= j) {
                    double value = values[i];
                    values[i++] = values[j];
                    values[j--] = value;
                }
            }
            if (rank <= j) {
                high = j;
            } else if (rank >= i) {
                low = i;
            } else {
                return values[rank];
            }
        }
        Arrays.sort(values, low, high + 1);
        return values[rank];
    }

    private double pivot(int low, int high) {
        double a = values[low];
        double b = values[(low + high) >>> 1];
        double c = values[high];
        return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
    }
}
