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

    /* All numbers and all histograms; the arrays may be longer. */
    long[] times;
    double[] values;
    int count;
    long[] histogramTimes = NO_TIMES;
    FloatHistogram[] histograms = NO_HISTOGRAMS;
    int histogramCount;

    /* The window: indexes from inclusive, to exclusive. */
    int from;
    int to;
    int histogramFrom;
    int histogramTo;
    long start;
    long end;

    private RangeSeries(
            Labels labels,
            boolean dropName,
            long[] ends,
            long rangeMillis,
            long[] times,
            double[] values,
            int count) {
        this.labels = labels;
        this.dropName = dropName;
        this.ends = ends;
        this.rangeMillis = rangeMillis;
        this.times = times;
        this.values = values;
        this.count = count;
    }

    /** Stored samples without staleness markers; those of {@code samples} when it has none. */
    static RangeSeries of(SeriesSamples samples, long[] ends, long rangeMillis) {
        RangeSeries series =
                new RangeSeries(
                        samples.labels(),
                        false,
                        ends,
                        rangeMillis,
                        samples.timestampsMillis(),
                        samples.values(),
                        samples.size());
        if (samples.histograms() != null || hasMarks(samples)) {
            series.copy(samples);
        }
        return series;
    }

    /* Staleness markers, or the NaN that stands for nothing here. */
    private static boolean hasMarks(SeriesSamples samples) {
        double[] values = samples.values();
        int size = samples.size();
        boolean any = false;
        for (int i = 0; i < size; i++) {
            any |= Double.isNaN(values[i]);
        }
        if (any) {
            any = false;
            for (int i = 0; i < size; i++) {
                any |= StaleNaN.is(values[i]) || Row.absent(values[i]);
            }
        }
        return any;
    }

    private void copy(SeriesSamples samples) {
        times = new long[samples.size()];
        values = new double[samples.size()];
        count = 0;
        for (int i = 0; i < samples.size(); i++) {
            FloatHistogram histogram = samples.histogram(i);
            if (histogram != null) {
                add(samples.timestampsMillis()[i], histogram);
            } else if (!StaleNaN.is(samples.values()[i])) {
                times[count] = samples.timestampsMillis()[i];
                values[count++] = Row.kept(samples.values()[i]);
            }
        }
    }

    /** The results of a subquery; what they say of resets is not to be trusted there. */
    static RangeSeries of(Row row, Steps steps, long[] ends, long rangeMillis) {
        int size = steps.count();
        RangeSeries series =
                new RangeSeries(
                        row.labels,
                        row.dropName,
                        ends,
                        rangeMillis,
                        new long[size],
                        new double[size],
                        0);
        for (int i = 0; i < size; i++) {
            FloatHistogram histogram = row.histogram(i);
            if (histogram != null) {
                boolean gauge = histogram.hint() == ResetHint.GAUGE;
                series.add(
                        steps.time(i), gauge ? histogram : histogram.withHint(ResetHint.UNKNOWN));
            } else if (row.hasNumber(i)) {
                series.times[series.count] = steps.time(i);
                series.values[series.count++] = row.values[i];
            }
        }
        return series;
    }

    private void add(long time, FloatHistogram histogram) {
        if (histogramCount == histogramTimes.length) {
            int capacity = Math.max(8, 2 * histogramCount);
            histogramTimes = Arrays.copyOf(histogramTimes, capacity);
            histograms = Arrays.copyOf(histograms, capacity);
        }
        histogramTimes[histogramCount] = time;
        histograms[histogramCount++] = histogram;
    }

    /** Moves the window to {@code step}: after its start, up to its end. */
    void moveTo(int step) {
        end = ends[step];
        start = end - rangeMillis;
        from = after(times, count, start, from);
        to = after(times, count, end, Math.max(from, to));
        if (histogramCount > 0) {
            histogramFrom = after(histogramTimes, histogramCount, start, histogramFrom);
            int hint = Math.max(histogramFrom, histogramTo);
            histogramTo = after(histogramTimes, histogramCount, end, hint);
        }
    }

    /* The first index whose time is after the limit; windows mostly move on, so it looks there first. */
    private static int after(long[] times, int size, long limit, int hint) {
        int at = hint;
        if (at > 0 && times[at - 1] > limit) {
            at = 0;
        }
        while (at < size && times[at] <= limit) {
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
