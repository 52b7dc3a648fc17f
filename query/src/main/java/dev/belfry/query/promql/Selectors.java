package dev.belfry.query.promql;

import dev.belfry.model.series.FloatHistogram;
import dev.belfry.model.series.SeriesSamples;
import dev.belfry.model.series.SeriesSource;
import dev.belfry.model.series.StaleNaN;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/** Reads series and puts them on the steps. */
final class Selectors {
    private static final String NO_HISTOGRAMS =
            "smoothed and anchored modifiers do not work with native histograms";

    /* What is read of the newest sample. */
    private enum Taken {
        VALUES,
        TIMES,
        TIMES_OF_NUMBERS
    }

    private Selectors() {}

    /** The newest sample at each step, unless it is too old or says that the series ended. */
    static List<Row> instant(Evaluator evaluator, Expr.Selector selector, String function) {
        return read(evaluator, selector, function, Taken.VALUES);
    }

    /** When the newest sample at each step was taken, in seconds. */
    static List<Row> timestamps(Evaluator evaluator, Expr.Selector selector) {
        return read(evaluator, selector, "timestamp", Taken.TIMES);
    }

    /** The same of info metrics, which have numbers only. */
    static List<Row> infos(Evaluator evaluator, Expr.Selector selector) {
        return read(evaluator, selector, "info", Taken.TIMES_OF_NUMBERS);
    }

    private static List<Row> read(
            Evaluator evaluator, Expr.Selector selector, String function, Taken taken) {
        Evaluation evaluation = evaluator.evaluation;
        long[] times = evaluator.times(selector.at(), selector.offset());
        long lookback = evaluation.options().lookbackMillis();
        boolean smoothed = selector.edges() == Expr.Edges.SMOOTHED;
        long first = times[0] - lookback + (smoothed ? 0 : 1);
        long last = times[times.length - 1] + (smoothed ? lookback : 0);
        SeriesSource.Hints hints =
                new SeriesSource.Hints(
                        evaluator.steps.count() == 1 ? 0 : evaluator.steps.intervalMillis(),
                        0,
                        function,
                        List.of(),
                        false);
        List<Row> rows = new ArrayList<>();
        try (SeriesSource.Selection selection =
                        evaluation.source().select(selector.matchers(), first, last, hints);
                SeriesSource.Cursor cursor = selection.cursor(0, selection.size())) {
            for (SeriesSamples samples = cursor.next(); samples != null; samples = cursor.next()) {
                evaluation.budget().series();
                Row row = evaluator.newRow(samples.labels(), false);
                int found =
                        smoothed
                                ? smooth(samples, times, lookback, row)
                                : newest(samples, times, lookback, row, taken);
                evaluation.budget().hold(found);
                if (found > 0) {
                    rows.add(row);
                } else {
                    evaluation.budget().releaseRow(times.length);
                }
            }
        }
        return rows;
    }

    private static int newest(
            SeriesSamples samples, long[] times, long lookback, Row row, Taken taken) {
        long[] sampleTimes = samples.timestampsMillis();
        double[] values = samples.values();
        int size = samples.size();
        int next = 0;
        int found = 0;
        for (int i = 0; i < times.length; i++) {
            if (i > 0 && times[i] < times[i - 1]) {
                next = 0;
            }
            while (next < size && sampleTimes[next] <= times[i]) {
                next++;
            }
            if (next == 0 || sampleTimes[next - 1] <= times[i] - lookback) {
                continue;
            }
            FloatHistogram histogram = samples.histogram(next - 1);
            if (histogram == null && StaleNaN.is(values[next - 1])) {
                continue;
            }
            found++;
            if (histogram != null && taken == Taken.TIMES_OF_NUMBERS) {
                throw PromqlException.execution("info sample should be float");
            }
            if (taken != Taken.VALUES) {
                row.set(i, sampleTimes[next - 1] / 1000.0);
            } else if (histogram != null) {
                row.set(i, histogram);
            } else {
                row.set(i, values[next - 1]);
            }
        }
        return found;
    }

    private static int smooth(SeriesSamples samples, long[] times, long lookback, Row row) {
        RangeSeries series = RangeSeries.of(samples, times, lookback);
        if (series.histograms.length > 0) {
            throw PromqlException.execution(NO_HISTOGRAMS);
        }
        int found = 0;
        int next = 0;
        for (int i = 0; i < times.length; i++) {
            long time = times[i];
            while (next < series.times.length && series.times[next] <= time) {
                next++;
            }
            boolean before = next > 0 && series.times[next - 1] > time - lookback;
            boolean after = next < series.times.length && series.times[next] <= time + lookback;
            if (!before) {
                continue;
            }
            boolean exact = series.times[next - 1] == time;
            row.set(
                    i,
                    exact || !after
                            ? series.values[next - 1]
                            : ExtendedRanges.between(series, next - 1, time, false, false));
            found++;
        }
        return found;
    }

    /** All samples in the range before each step. */
    static List<RangeSeries> range(Evaluator evaluator, Expr.Range range) {
        Expr.Selector selector = range.selector();
        Evaluation evaluation = evaluator.evaluation;
        long[] times = evaluator.times(selector.at(), selector.offset());
        long rangeMillis = evaluation.positiveMillis(range.range());
        long lookback = evaluation.options().lookbackMillis();
        boolean plain = selector.edges() == Expr.Edges.PLAIN;
        long first = times[0] - rangeMillis + 1 - (plain ? 0 : lookback);
        long last =
                times[times.length - 1] + (selector.edges() == Expr.Edges.SMOOTHED ? lookback : 0);
        SeriesSource.Hints hints =
                new SeriesSource.Hints(
                        evaluator.steps.count() == 1 ? 0 : evaluator.steps.intervalMillis(),
                        rangeMillis,
                        "",
                        List.of(),
                        false);
        List<RangeSeries> result = new ArrayList<>();
        try (SeriesSource.Selection selection =
                        evaluation.source().select(selector.matchers(), first, last, hints);
                SeriesSource.Cursor cursor = selection.cursor(0, selection.size())) {
            for (SeriesSamples samples = cursor.next(); samples != null; samples = cursor.next()) {
                evaluation.budget().series();
                if (samples.size() == 0) {
                    continue;
                }
                evaluation.budget().hold(samples.size());
                RangeSeries series = RangeSeries.of(samples, times, rangeMillis);
                if (!plain && series.histograms.length > 0) {
                    throw PromqlException.execution(NO_HISTOGRAMS);
                }
                result.add(series);
            }
        }
        return result;
    }

    static Expr.@Nullable Selector selectorOf(Expr expr) {
        return switch (expr.unwrapped()) {
            case Expr.Selector selector -> selector;
            case Expr.Range range -> range.selector();
            default -> null;
        };
    }
}
