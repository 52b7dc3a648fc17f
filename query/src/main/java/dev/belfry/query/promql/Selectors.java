package dev.belfry.query.promql;

import dev.belfry.model.series.FloatHistogram;
import dev.belfry.model.series.SeriesSamples;
import dev.belfry.model.series.SeriesSource;
import dev.belfry.model.series.StaleNaN;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

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

    /**
     * Finds the series of a selector, or of a range selector, with the samples that the steps need.
     */
    static SeriesSource.Selection open(Evaluator evaluator, Expr expr, String function) {
        Expr.Range range = expr instanceof Expr.Range ranged ? ranged : null;
        Expr.Selector selector = range == null ? (Expr.Selector) expr : range.selector();
        Evaluation evaluation = evaluator.evaluation;
        long[] times = evaluator.times(selector.at(), selector.offset());
        long lookback = evaluation.options().lookbackMillis();
        boolean smoothed = selector.edges() == Expr.Edges.SMOOTHED;
        long rangeMillis = range == null ? 0 : evaluation.positiveMillis(range.range());
        long before;
        if (range == null) {
            before = lookback - (smoothed ? 0 : 1);
        } else {
            before = rangeMillis - 1 + (selector.edges() == Expr.Edges.PLAIN ? 0 : lookback);
        }
        boolean plain = selector.edges() == Expr.Edges.PLAIN;
        // From one time, or group of times, to the next.
        int group = evaluator.steps.isOneGroup() ? 1 : evaluator.steps.groupCount();
        long apart = times.length > group ? times[group] - times[0] : 0;
        long window = before + times[group - 1] - times[0];
        return evaluation
                .source()
                .select(
                        selector.matchers(),
                        times[0] - before,
                        times[times.length - 1] + (smoothed ? lookback : 0),
                        new SeriesSource.Hints(
                                apart,
                                rangeMillis,
                                plain && apart > window ? window : 0,
                                function,
                                List.of(),
                                false));
    }

    /* Reads what is to be read: all series, or those of the part that is evaluated. */
    private static void read(
            Evaluator evaluator,
            Expr expr,
            Expr.Selector selector,
            String function,
            Consumer<SeriesSamples> consumer) {
        boolean compare = evaluator.evaluation.comparedHistograms().contains(selector);
        Consumer<SeriesSamples> reliable =
                samples -> consumer.accept(ResetHints.reliable(samples, compare));
        Leaf leaf = evaluator.leafOf(selector);
        if (leaf != null) {
            read(evaluator, leaf.selection(), leaf.from(), leaf.to(), reliable);
            return;
        }
        try (SeriesSource.Selection selection = open(evaluator, expr, function)) {
            read(evaluator, selection, 0, selection.size(), reliable);
        }
    }

    private static void read(
            Evaluator evaluator,
            SeriesSource.Selection selection,
            int from,
            int to,
            Consumer<SeriesSamples> consumer) {
        try (SeriesSource.Cursor cursor = selection.cursor(from, to)) {
            for (SeriesSamples samples = cursor.next(); samples != null; samples = cursor.next()) {
                evaluator.evaluation.budget().series();
                if (samples.size() > 0) {
                    consumer.accept(samples);
                }
            }
        }
    }

    // ---- instants

    /** The newest sample at each step, unless it is too old or says that the series ended. */
    static List<Row> instant(Evaluator evaluator, Expr.Selector selector, String function) {
        return rows(evaluator, selector, function, Taken.VALUES);
    }

    /** When the newest sample at each step was taken, in seconds. */
    static List<Row> timestamps(Evaluator evaluator, Expr.Selector selector) {
        return rows(evaluator, selector, "timestamp", Taken.TIMES);
    }

    /** The same of info metrics, which have numbers only. */
    static List<Row> infos(Evaluator evaluator, Expr.Selector selector) {
        return rows(evaluator, selector, "info", Taken.TIMES_OF_NUMBERS);
    }

    private static List<Row> rows(
            Evaluator evaluator, Expr.Selector selector, String function, Taken taken) {
        Budget budget = evaluator.evaluation.budget();
        long[] times = evaluator.times(selector.at(), selector.offset());
        long lookback = evaluator.evaluation.options().lookbackMillis();
        boolean smoothed = selector.edges() == Expr.Edges.SMOOTHED;
        Newest newest = new Newest(times, lookback);
        List<Row> rows = new ArrayList<>();
        read(
                evaluator,
                selector,
                selector,
                function,
                samples -> {
                    Row row = evaluator.newRow(samples.labels(), false);
                    boolean numbers = samples.histograms() == null && taken == Taken.VALUES;
                    int found;
                    if (smoothed) {
                        found = smooth(samples, times, lookback, row);
                    } else if (numbers) {
                        found = newest.of(samples, row);
                    } else {
                        found = newest(samples, times, lookback, row, taken);
                    }
                    budget.hold(found);
                    if (found > 0) {
                        budget.take(row.histogramBytes());
                        rows.add(row);
                    } else {
                        budget.releaseRow(times.length);
                    }
                });
        return rows;
    }

    private static int newest(
            SeriesSamples samples, long[] times, long lookback, Row row, Taken taken) {
        long[] sampleTimes = samples.timestampsMillis();
        int size = samples.size();
        int next = 0;
        int found = 0;
        for (int i = 0; i < times.length; i++) {
            long time = times[i];
            while (next < size && sampleTimes[next] <= time) {
                next++;
            }
            if (next > 0 && sampleTimes[next - 1] > time - lookback) {
                found += take(samples, next - 1, taken, row, i);
            }
        }
        return found;
    }

    private static int take(SeriesSamples samples, int index, Taken taken, Row row, int step) {
        FloatHistogram histogram = samples.histogram(index);
        if (histogram == null && StaleNaN.is(samples.values()[index])) {
            return 0;
        }
        if (histogram != null && taken == Taken.TIMES_OF_NUMBERS) {
            throw PromqlException.execution(
                    "this should be an info metric, with float samples: " + samples.labels());
        }
        if (taken != Taken.VALUES) {
            row.set(step, samples.timestampsMillis()[index] / 1000.0);
        } else if (histogram != null) {
            row.set(step, histogram);
        } else {
            row.set(step, samples.values()[index]);
        }
        return 1;
    }

    private static int smooth(SeriesSamples samples, long[] times, long lookback, Row row) {
        RangeSeries series = RangeSeries.of(samples, times, lookback);
        if (series.histogramCount > 0) {
            throw PromqlException.execution(NO_HISTOGRAMS);
        }
        int found = 0;
        int next = 0;
        for (int i = 0; i < times.length; i++) {
            long time = times[i];
            while (next < series.count && series.times[next] <= time) {
                next++;
            }
            boolean before = next > 0 && series.times[next - 1] > time - lookback;
            boolean after = next < series.count && series.times[next] <= time + lookback;
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

    // ---- ranges

    /** Calls {@code consumer} with each series that has samples. */
    static void range(
            Evaluator evaluator,
            Expr.Range range,
            String function,
            Consumer<RangeSeries> consumer) {
        Expr.Selector selector = range.selector();
        Budget budget = evaluator.evaluation.budget();
        long[] times = evaluator.times(selector.at(), selector.offset());
        long rangeMillis = evaluator.evaluation.positiveMillis(range.range());
        boolean plain = selector.edges() == Expr.Edges.PLAIN;
        read(
                evaluator,
                range,
                selector,
                function,
                samples -> {
                    long bytes =
                            16L * samples.size()
                                    + Row.histogramBytes(samples.histograms(), samples.size());
                    budget.hold(samples.size());
                    budget.take(bytes);
                    RangeSeries series = RangeSeries.of(samples, times, rangeMillis);
                    if (!plain && series.histogramCount > 0) {
                        throw PromqlException.execution(NO_HISTOGRAMS);
                    }
                    consumer.accept(series);
                    budget.release(samples.size());
                    budget.take(-bytes);
                });
    }

    static Expr.@Nullable Selector selectorOf(Expr expr) {
        return switch (expr.unwrapped()) {
            case Expr.Selector selector -> selector;
            case Expr.Range range -> range.selector();
            default -> null;
        };
    }
}
