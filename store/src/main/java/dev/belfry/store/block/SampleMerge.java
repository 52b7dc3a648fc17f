package dev.belfry.store.block;

import dev.belfry.model.series.FloatHistogram;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs of samples of one series, made one: of two at one time, the run that came later wins. */
final class SampleMerge implements SampleSink {
    long[] times = new long[1 << 10];
    double[] values = new double[1 << 10];
    @Nullable FloatHistogram[] histograms = {};
    boolean withHistograms;
    int size;

    /* Room for what a run goes between. */
    private long[] otherTimes = {};
    private double[] otherValues = {};
    private @Nullable FloatHistogram[] otherHistograms = {};
    private List<Tombstone> tombstones = List.of();

    void clear() {
        if (withHistograms) {
            Arrays.fill(histograms, null);
        }
        size = 0;
        withHistograms = false;
    }

    /** What samples taken from now on are not to be in. */
    void except(List<Tombstone> deletions) {
        tombstones = deletions;
    }

    @Override
    public void take(
            long[] newTimes,
            double[] newValues,
            @Nullable FloatHistogram @Nullable [] newHistograms,
            int from,
            int to) {
        if (tombstones.isEmpty()) {
            add(newTimes, newValues, newHistograms, from, to);
            return;
        }
        int start = from;
        for (int at = from; at <= to; at++) {
            if (at == to || deleted(newTimes[at])) {
                add(newTimes, newValues, newHistograms, start, at);
                start = at + 1;
            }
        }
    }

    private boolean deleted(long time) {
        for (Tombstone tombstone : tombstones) {
            if (time >= tombstone.startMillis() && time <= tombstone.endMillis()) {
                return true;
            }
        }
        return false;
    }

    private void add(
            long[] newTimes,
            double[] newValues,
            @Nullable FloatHistogram @Nullable [] newHistograms,
            int from,
            int to) {
        int count = to - from;
        if (count == 0) {
            return;
        }
        room(size + count, newHistograms != null);
        int at = size;
        if (size > 0 && newTimes[from] <= times[size - 1]) {
            at = open(newTimes, from, to);
        }
        /* What is at or after `at` and not between was moved out; the run stands there now. */
        if (at >= 0) {
            System.arraycopy(newTimes, from, times, at, count);
            System.arraycopy(newValues, from, values, at, count);
            copyHistograms(newHistograms, from, at, count);
            size += count;
        } else {
            interleave(newTimes, newValues, newHistograms, from, to);
        }
    }

    private void copyHistograms(
            @Nullable FloatHistogram @Nullable [] source, int from, int at, int count) {
        if (source != null) {
            System.arraycopy(source, from, histograms, at, count);
        } else if (withHistograms) {
            Arrays.fill(histograms, at, at + count, null);
        }
    }

    /* Moves what is after the run up when nothing is inside it; where it goes, -1 when not. */
    private int open(long[] newTimes, int from, int to) {
        int at = Arrays.binarySearch(times, 0, size, newTimes[from]);
        if (at >= 0 || -at - 1 < size && times[-at - 1] <= newTimes[to - 1]) {
            return -1;
        }
        at = -at - 1;
        int moved = size - at;
        int target = at + to - from;
        System.arraycopy(times, at, times, target, moved);
        System.arraycopy(values, at, values, target, moved);
        if (withHistograms) {
            System.arraycopy(histograms, at, histograms, target, moved);
        }
        return at;
    }

    private void interleave(
            long[] newTimes,
            double[] newValues,
            @Nullable FloatHistogram @Nullable [] newHistograms,
            int from,
            int to) {
        if (otherTimes.length < times.length) {
            otherTimes = new long[times.length];
            otherValues = new double[times.length];
        }
        if (withHistograms && otherHistograms.length < times.length) {
            otherHistograms = new @Nullable FloatHistogram[times.length];
        }
        int old = 0;
        int at = from;
        int merged = 0;
        while (old < size || at < to) {
            boolean takeNew = at < to && (old == size || newTimes[at] <= times[old]);
            if (takeNew) {
                old += old < size && newTimes[at] == times[old] ? 1 : 0;
                otherTimes[merged] = newTimes[at];
                otherValues[merged] = newValues[at];
                if (withHistograms) {
                    otherHistograms[merged] = newHistograms == null ? null : newHistograms[at];
                }
                at++;
            } else {
                otherTimes[merged] = times[old];
                otherValues[merged] = values[old];
                if (withHistograms) {
                    otherHistograms[merged] = histograms[old];
                }
                old++;
            }
            merged++;
        }
        swap(merged);
    }

    private void swap(int merged) {
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
        size = merged;
    }

    private void room(int needed, boolean forHistograms) {
        if (needed > times.length) {
            int length = Math.max(needed, 2 * times.length);
            times = Arrays.copyOf(times, length);
            values = Arrays.copyOf(values, length);
        }
        withHistograms |= forHistograms;
        if (withHistograms && histograms.length < times.length) {
            histograms = Arrays.copyOf(histograms, times.length);
        }
    }
}
