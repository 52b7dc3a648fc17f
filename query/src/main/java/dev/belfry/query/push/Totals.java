package dev.belfry.query.push;

import dev.belfry.model.series.FloatHistogram;
import dev.belfry.model.series.HistogramSum;
import dev.belfry.model.series.LabelMatcher;
import dev.belfry.model.series.Labels;
import dev.belfry.model.series.PushBatch;
import dev.belfry.model.series.SampleBatch;
import dev.belfry.model.series.SeriesResolver;
import dev.belfry.model.series.SeriesSamples;
import dev.belfry.model.series.SeriesSource;
import dev.belfry.model.series.StaleNaN;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The totals of pushed series, and the samples that changes make of them; for one thread. */
public final class Totals {
    /*
     * A total that is not in memory is what the series' last sample says: each change is stored as a sample of the
     * new total before it is acknowledged. So memory may forget any of them, and nothing else is kept on disk.
     *
     *   increments   +2 @10   +3 @10   +1 @5 (late)
     *   samples       2 @10    5 @10    6 @11            time = max(its own, last + 1 ms); within one batch, changes
     *                                                    that would come at or before the last one join it
     */
    /** Totals that are kept; beyond it all are forgotten and read from the store again. */
    private static final int TOTALS_MAX = 500_000;

    private static final long HOUR_MILLIS = 3_600_000;

    private final SeriesSource source;
    private final SeriesResolver resolver;
    private final Map<Integer, Total> totals = new HashMap<>();

    /** Totals that go on from the samples in {@code source}. */
    public Totals(SeriesSource source, SeriesResolver resolver) {
        this.source = source;
        this.resolver = resolver;
    }

    /** Samples that are being made; one series has one place for each of its times. */
    private static final class Samples {
        final List<Row> rows = new ArrayList<>();
        final Map<Integer, Row> last = new HashMap<>();
    }

    private static final class Row {
        final int series;
        final long millis;
        double value;
        @Nullable FloatHistogram histogram;

        Row(int series, long millis) {
            this.series = series;
            this.millis = millis;
        }
    }

    /**
     * Adds the changes up, and the samples of the new totals to {@code into}.
     *
     * @param nowMillis about the time, epoch milliseconds
     */
    public void apply(PushBatch pushed, SampleBatch.Builder into, long nowMillis) {
        Samples samples = new Samples();
        Total observed = new Total();
        for (int i = 0; i < pushed.count(); i++) {
            int series = pushed.series()[i];
            long millis = pushed.timestampsMillis()[i];
            double value = pushed.values()[i];
            Total total = total(series, nowMillis);
            Row row = row(samples, series, total, millis);
            switch (pushed.kind(i)) {
                case ADD -> {
                    total.value += value;
                    row.value = total.value;
                }
                case SET -> {
                    total.value = value;
                    row.value = value;
                }
                case OBSERVE -> {
                    observed = total;
                    double weight = pushed.weight(i);
                    Sketch sketch = total.sketch == null ? new Sketch() : total.sketch;
                    total.sketch = sketch;
                    sketch.observe(value, weight);
                    total.remember(millis, value, weight);
                    row.histogram = sketch.histogram();
                }
                case MERGE -> {
                    FloatHistogram more = histogram(pushed, i);
                    total.histogram = total.histogram == null ? more : sum(total.histogram, more);
                    row.histogram = total.histogram;
                }
                case QUANTILE -> row.value = observed.quantile(millis, value);
            }
        }
        for (Row row : samples.rows) {
            if (row.histogram != null) {
                into.add(row.series, row.millis, row.histogram);
            } else {
                into.add(row.series, row.millis, row.value);
            }
        }
    }

    private static FloatHistogram histogram(PushBatch pushed, int row) {
        @Nullable FloatHistogram @Nullable [] histograms = pushed.histograms();
        FloatHistogram found = histograms == null ? null : histograms[row];
        if (found == null) {
            throw new IllegalStateException("BUG: a row of kind MERGE without a histogram");
        }
        return found;
    }

    private static FloatHistogram sum(FloatHistogram total, FloatHistogram more) {
        HistogramSum sum = new HistogramSum(total);
        sum.add(more);
        return sum.result();
    }

    /** Forgets the totals that {@code pushed} changed: its samples are not stored. */
    public void forget(PushBatch pushed) {
        for (int i = 0; i < pushed.count(); i++) {
            totals.remove(pushed.series()[i]);
        }
    }

    private static Row row(Samples samples, int series, Total total, long millis) {
        Row last = samples.last.get(series);
        if (last != null && millis <= last.millis) {
            return last;
        }
        Row row = new Row(series, Math.max(millis, total.lastMillis + 1));
        total.lastMillis = row.millis;
        samples.last.put(series, row);
        samples.rows.add(row);
        return row;
    }

    private Total total(int series, long nowMillis) {
        Total known = totals.get(series);
        if (known != null) {
            return known;
        }
        if (totals.size() >= TOTALS_MAX) {
            totals.clear();
        }
        Total read = read(resolver.labels(series), nowMillis);
        totals.put(series, read);
        return read;
    }

    /* Most series are new or were pushed lately; so the whole history is read last. */
    private Total read(Labels labels, long nowMillis) {
        List<LabelMatcher> matchers = new ArrayList<>();
        labels.forEach((name, value) -> matchers.add(LabelMatcher.equal(name, value)));
        Total total = new Total();
        for (long back : new long[] {HOUR_MILLIS, 24 * HOUR_MILLIS, nowMillis}) {
            if (last(matchers, labels, Math.max(0, nowMillis - back), total)) {
                return total;
            }
        }
        return total;
    }

    private boolean last(List<LabelMatcher> matchers, Labels labels, long fromMillis, Total total) {
        try (SeriesSource.Selection found =
                        source.select(
                                matchers, fromMillis, Long.MAX_VALUE / 4, SeriesSource.Hints.NONE);
                SeriesSource.Cursor cursor = found.cursor(0, found.size())) {
            for (SeriesSamples each = cursor.next(); each != null; each = cursor.next()) {
                if (each.labels().equals(labels) && take(each, total)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean take(SeriesSamples samples, Total total) {
        if (samples.size() > 0) {
            total.lastMillis = samples.timestampsMillis()[samples.size() - 1];
        }
        for (int i = samples.size() - 1; i >= 0; i--) {
            FloatHistogram histogram = samples.histogram(i);
            if (histogram != null) {
                if (Sketch.fits(histogram)) {
                    total.sketch = new Sketch();
                    total.sketch.restore(histogram);
                }
                total.histogram = histogram;
                return true;
            }
            if (!StaleNaN.is(samples.values()[i])) {
                total.value = samples.values()[i];
                return true;
            }
        }
        return false;
    }
}
