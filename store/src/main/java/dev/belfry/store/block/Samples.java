package dev.belfry.store.block;

import dev.belfry.model.series.FloatHistogram;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Samples of one series in columns that grow and are used again: ascending by time when {@link
 * #settle} was called or they came so. For one thread.
 */
public final class Samples implements SampleSink {
    private long[] times = new long[64];
    private double[] values = new double[64];
    private @Nullable FloatHistogram[] histograms = {};
    private int size;
    private boolean withHistograms;
    private boolean ascending = true;

    /* What `settle` sorts into. */
    private long[] otherTimes = {};
    private double[] otherValues = {};
    private @Nullable FloatHistogram[] otherHistograms = {};

    /** Forgets all samples. */
    public void clear() {
        if (withHistograms) {
            Arrays.fill(histograms, null);
        }
        size = 0;
        withHistograms = false;
        ascending = true;
    }

    /** How many samples there are. */
    public int size() {
        return size;
    }

    /** When; longer than {@link #size}. */
    public long[] times() {
        return times;
    }

    /** The values; longer than {@link #size}. */
    public double[] values() {
        return values;
    }

    /** The histograms, null when all samples are numbers. */
    public @Nullable FloatHistogram @Nullable [] histograms() {
        return withHistograms ? histograms : null;
    }

    /** Adds a number. */
    public void add(long time, double value) {
        if (size == times.length) {
            grow(size + 1);
        }
        if (size > 0 && time <= times[size - 1]) {
            ascending = false;
        }
        if (withHistograms) {
            histograms[size] = null;
        }
        times[size] = time;
        values[size++] = value;
    }

    /**
     * Makes room for {@code count} more numbers, to be put into {@link #times} and {@link #values};
     * until {@link #reserved} says how many came, nothing else is to be added.
     *
     * @return the place of the first
     */
    public int reserve(int count) {
        if (size + count > times.length) {
            grow(size + count);
        }
        return size;
    }

    /** There are {@code newSize} samples now, of which the new ones maybe ascend. */
    public void reserved(int newSize, boolean newAscend) {
        int from = size;
        int to = newAscend ? Math.min(newSize, from + 1) : newSize;
        boolean ascends = ascending;
        for (int i = Math.max(1, from); i < to; i++) {
            ascends &= times[i] > times[i - 1];
        }
        ascending = ascends;
        if (withHistograms) {
            Arrays.fill(histograms, from, newSize, null);
        }
        size = newSize;
    }

    /** Adds a histogram. */
    public void add(long time, FloatHistogram histogram) {
        add(time, 0);
        if (histograms.length < times.length) {
            histograms = Arrays.copyOf(histograms, times.length);
        }
        withHistograms = true;
        histograms[size - 1] = histogram;
    }

    private void grow(int needed) {
        int room = Math.max(needed, times.length * 2);
        times = Arrays.copyOf(times, room);
        values = Arrays.copyOf(values, room);
        if (withHistograms) {
            histograms = Arrays.copyOf(histograms, room);
        }
    }

    @Override
    public void take(
            long[] timesMillis,
            double[] newValues,
            @Nullable FloatHistogram @Nullable [] newHistograms,
            int from,
            int to) {
        add(timesMillis, newValues, newHistograms, from, to - from);
    }

    private void add(
            long[] newTimes,
            double[] newValues,
            @Nullable FloatHistogram @Nullable [] newHistograms,
            int from,
            int count) {
        if (count == 0) {
            return;
        }
        if (size + count > times.length) {
            grow(size + count);
        }
        if (size > 0 && newTimes[from] <= times[size - 1]) {
            ascending = false;
        }
        System.arraycopy(newTimes, from, times, size, count);
        System.arraycopy(newValues, from, values, size, count);
        if (newHistograms != null) {
            if (histograms.length < times.length) {
                histograms = Arrays.copyOf(histograms, times.length);
            }
            withHistograms = true;
            System.arraycopy(newHistograms, from, histograms, size, count);
        } else if (withHistograms) {
            Arrays.fill(histograms, size, size + count, null);
        }
        size += count;
    }

    /** Adds all of {@code other}, which came later: at the same time, it wins. */
    public void addAll(Samples other) {
        ascending &= other.ascending;
        add(other.times, other.values, other.histograms(), 0, other.size);
    }

    /** Sorts by time; of several at one time, the last that was added stays. */
    public void settle() {
        if (ascending) {
            return;
        }
        int[] order = sorted();
        int length = times.length;
        if (otherTimes.length < length) {
            otherTimes = new long[length];
            otherValues = new double[length];
        }
        if (withHistograms && otherHistograms.length < length) {
            otherHistograms = new @Nullable FloatHistogram[length];
        }
        int kept = 0;
        for (int i = 0; i < size; i++) {
            int from = order[i];
            if (i + 1 < size && times[order[i + 1]] == times[from]) {
                continue;
            }
            otherTimes[kept] = times[from];
            otherValues[kept] = values[from];
            if (withHistograms) {
                otherHistograms[kept] = histograms[from];
            }
            kept++;
        }
        swap(kept);
    }

    private void swap(int kept) {
        long[] t = times;
        times = otherTimes;
        otherTimes = t;
        double[] v = values;
        values = otherValues;
        otherValues = v;
        if (withHistograms) {
            @Nullable FloatHistogram[] h = histograms;
            histograms = otherHistograms;
            otherHistograms = h;
        }
        size = kept;
        ascending = true;
    }

    /* Merges the ascending runs of which they consist, two at a time: stable, and quick for few runs. */
    private int[] sorted() {
        int[] order = new int[size];
        int[] runs = new int[16];
        int count = 0;
        for (int i = 0; i < size; i++) {
            order[i] = i;
            if (i == 0 || times[i] < times[i - 1]) {
                if (count == runs.length) {
                    runs = Arrays.copyOf(runs, count * 2);
                }
                runs[count++] = i;
            }
        }
        int[] from = order;
        int[] to = new int[size];
        while (count > 1) {
            int merged = 0;
            for (int i = 0; i < count; i += 2) {
                int middle = i + 1 < count ? runs[i + 1] : size;
                int end = i + 2 < count ? runs[i + 2] : size;
                merge(from, to, runs[i], middle, end);
                runs[merged++] = runs[i];
            }
            count = merged;
            int[] swap = from;
            from = to;
            to = swap;
        }
        return from;
    }

    private void merge(int[] from, int[] to, int start, int middle, int end) {
        int left = start;
        int right = middle;
        for (int at = start; at < end; at++) {
            boolean takeLeft =
                    left < middle && (right >= end || times[from[left]] <= times[from[right]]);
            to[at] = takeLeft ? from[left++] : from[right++];
        }
    }

    /** Keeps only samples from {@code start} to {@code end}, both inclusive; they are ascending. */
    public void keep(long start, long end) {
        int first = lowerBound(start);
        int last = end == Long.MAX_VALUE ? size : lowerBound(end + 1);
        if (first > 0 && last > first) {
            System.arraycopy(times, first, times, 0, last - first);
            System.arraycopy(values, first, values, 0, last - first);
            if (withHistograms) {
                System.arraycopy(histograms, first, histograms, 0, last - first);
            }
        }
        size = Math.max(0, last - first);
    }

    /** Takes away the samples from {@code start} to {@code end}, both inclusive. */
    public void drop(long start, long end) {
        int kept = 0;
        for (int i = 0; i < size; i++) {
            if (times[i] < start || times[i] > end) {
                times[kept] = times[i];
                values[kept] = values[i];
                if (withHistograms) {
                    histograms[kept] = histograms[i];
                }
                kept++;
            }
        }
        size = kept;
    }

    private int lowerBound(long time) {
        int low = 0;
        int high = size;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (times[middle] < time) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
