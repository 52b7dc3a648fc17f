package dev.belfry.query.promql;

import dev.belfry.model.series.FloatHistogram;
import dev.belfry.model.series.FloatHistogram.ResetHint;
import dev.belfry.model.series.Labels;
import dev.belfry.model.series.SeriesSamples;
import dev.belfry.model.series.StaleNaN;
import dev.belfry.query.promql.QueryResult.Series;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The samples of one series in time, numbers and histograms apart, and a window over them. */
final class RangeSeries {
    private static final long[] NO_TIMES = {};
    private static final FloatHistogram[] NO_HISTOGRAMS = {};

    final Labels labels;
    final boolean dropName;
    final long rangeMillis;
    final long[] ends;

    /* All numbers and all histograms. */
    long[] times;
    double[] values;
    long[] histogramTimes = NO_TIMES;
    FloatHistogram[] histograms = NO_HISTOGRAMS;

    /* The window: indexes from inclusive, to exclusive. */
    int from;
    int to;
    int histogramFrom;
    int histogramTo;
    long start;
    long end;

    private RangeSeries(Labels labels, boolean dropName, long[] ends, long rangeMillis, int size) {
        this.labels = labels;
        this.dropName = dropName;
        this.ends = ends;
        this.rangeMillis = rangeMillis;
        this.times = new long[size];
        this.values = new double[size];
    }

    /** Stored samples without staleness markers. */
    static RangeSeries of(SeriesSamples samples, long[] ends, long rangeMillis) {
        RangeSeries series =
                new RangeSeries(samples.labels(), false, ends, rangeMillis, samples.size());
        int number = 0;
        int histograms = 0;
        for (int i = 0; i < samples.size(); i++) {
            FloatHistogram histogram = samples.histogram(i);
            if (histogram != null) {
                series.addHistogram(histograms++, samples.timestampsMillis()[i], histogram);
            } else if (!StaleNaN.is(samples.values()[i])) {
                series.times[number] = samples.timestampsMillis()[i];
                series.values[number++] = Row.kept(samples.values()[i]);
            }
        }
        return series.trimmed(number, histograms);
    }

    /** The results of a subquery; what they say of resets is not to be trusted there. */
    static RangeSeries of(Row row, Steps steps, long[] ends, long rangeMillis) {
        RangeSeries series =
                new RangeSeries(row.labels, row.dropName, ends, rangeMillis, steps.count());
        int number = 0;
        int histograms = 0;
        for (int i = 0; i < steps.count(); i++) {
            FloatHistogram histogram = row.histogram(i);
            if (histogram != null) {
                boolean gauge = histogram.hint() == ResetHint.GAUGE;
                series.addHistogram(
                        histograms++,
                        steps.time(i),
                        gauge ? histogram : histogram.withHint(ResetHint.UNKNOWN));
            } else if (row.hasNumber(i)) {
                series.times[number] = steps.time(i);
                series.values[number++] = row.values[i];
            }
        }
        return series.trimmed(number, histograms);
    }

    private void addHistogram(int index, long time, FloatHistogram histogram) {
        if (index == histogramTimes.length) {
            int capacity = Math.max(8, 2 * index);
            histogramTimes = Arrays.copyOf(histogramTimes, capacity);
            histograms = Arrays.copyOf(histograms, capacity);
        }
        histogramTimes[index] = time;
        histograms[index] = histogram;
    }

    private RangeSeries trimmed(int numbers, int histogramCount) {
        if (numbers < times.length) {
            times = Arrays.copyOf(times, numbers);
            values = Arrays.copyOf(values, numbers);
        }
        histogramTimes = Arrays.copyOf(histogramTimes, histogramCount);
        histograms = Arrays.copyOf(histograms, histogramCount);
        return this;
    }

    /** Moves the window to {@code step}: after its start, up to its end. */
    void moveTo(int step) {
        end = ends[step];
        start = end - rangeMillis;
        from = after(times, start, from);
        to = after(times, end, Math.max(from, to));
        histogramFrom = after(histogramTimes, start, histogramFrom);
        histogramTo = after(histogramTimes, end, Math.max(histogramFrom, histogramTo));
    }

    /* The first index whose time is after the limit; windows mostly move on, so it looks there first. */
    private static int after(long[] times, long limit, int hint) {
        int at = hint;
        if (at > 0 && times[at - 1] > limit) {
            at = 0;
        }
        while (at < times.length && times[at] <= limit) {
            at++;
        }
        return at;
    }

    /** Numbers in the window. */
    int size() {
        return to - from;
    }

    /** Histograms in the window. */
    int histogramSize() {
        return histogramTo - histogramFrom;
    }

    boolean isEmpty() {
        return from == to && histogramFrom == histogramTo;
    }

    /** The samples of a window, in time. */
    Series windowAt(int step) {
        moveTo(step);
        int size = size() + histogramSize();
        long[] allTimes = new long[size];
        double[] allValues = new double[size];
        @Nullable FloatHistogram @Nullable [] all =
                histogramSize() == 0 ? null : new FloatHistogram[size];
        int number = from;
        int histogram = histogramFrom;
        for (int i = 0; i < size; i++) {
            boolean takeNumber =
                    histogram == histogramTo
                            || (number < to && times[number] < histogramTimes[histogram]);
            if (takeNumber) {
                allTimes[i] = times[number];
                allValues[i] = values[number++];
            } else {
                allTimes[i] = histogramTimes[histogram];
                if (all != null) {
                    all[i] = histograms[histogram++];
                }
            }
        }
        Labels shown = dropName ? labels.dropMetadata() : labels;
        return new Series(shown, allTimes, allValues, all);
    }
}
