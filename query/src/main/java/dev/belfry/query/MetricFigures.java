package dev.belfry.query;

import dev.belfry.model.BelfryException;
import dev.belfry.model.series.FloatHistogram;
import dev.belfry.model.series.LabelMatcher;
import dev.belfry.model.series.Labels;
import dev.belfry.model.series.MetricMetadata;
import dev.belfry.model.series.MetricReader;
import dev.belfry.model.series.MetricType;
import dev.belfry.model.series.SeriesSamples;
import dev.belfry.model.series.SeriesSource;
import dev.belfry.query.figures.FigureTable;
import dev.belfry.store.QueryContext;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** Sums up a metric's samples by its type. */
public final class MetricFigures {
    /*
     *   counter               its increments: what the total grew by since the sample before; a total that fell began anew
     *   gauge, unknown        its values
     *   histogram, summary    its observations: what the native histogram, or else buckets, sum and count, grew by
     *
     * The sample before the range is looked for up to an hour back. A series without job and instance, which was pushed,
     * began at 0; of others the first total tells nothing.
     */
    private static final long LOOKBACK_MILLIS = 3_600_000;
    private static final Pattern TOTAL = Pattern.compile(".*_(total|count|sum|bucket)");

    /** Cells of one answer: a day by minutes of 100 groups; more are QUERY_LIMIT. */
    static final int CELLS_MAX = 150_000;

    private final MetricReader reader;

    /** Figures of the series in {@code reader}. */
    public MetricFigures(MetricReader reader) {
        this.reader = reader;
    }

    /**
     * A figure of one group in one part of the range.
     *
     * @param group the labels of the group
     * @param millis where the part begins
     * @param value the figure
     */
    public record Figure(Labels group, long millis, double value) {}

    /** The type of the metric {@code name}, as it was told, or as its name says. */
    public MetricType type(String name) {
        for (MetricMetadata known : reader.metadata(name)) {
            if (known.type() != MetricType.UNKNOWN) {
                return known.type();
            }
        }
        return TOTAL.matcher(name).matches() ? MetricType.COUNTER : MetricType.GAUGE;
    }

    /**
     * The figures, by group and then by time; parts without samples are left out.
     *
     * @param context whose memory is taken
     * @throws BelfryException QUERY_LIMIT when there are too many, or the memory is not enough
     */
    public List<Figure> ask(MetricQuestion question, QueryContext context) {
        MetricType type = type(question.name());
        FigureTable table = new FigureTable(question, CELLS_MAX, context);
        switch (type) {
            case COUNTER -> counters(question, question.name(), table::increment);
            case HISTOGRAM, GAUGEHISTOGRAM, SUMMARY -> observations(question, table);
            case UNKNOWN, GAUGE, INFO, STATESET ->
                    each(
                            question,
                            question.name(),
                            question.startMillis(),
                            samples -> table.values(samples));
        }
        return table.figures(type);
    }

    /**
     * The newest value of the series called {@code name} that has no labels; 0 when there is none.
     *
     * @param nowMillis about the time, epoch milliseconds
     */
    public double newest(String name, long nowMillis) {
        for (long back : new long[] {LOOKBACK_MILLIS, 24 * LOOKBACK_MILLIS, nowMillis}) {
            MetricQuestion question =
                    new MetricQuestion(
                            name,
                            List.of(),
                            Math.max(0, nowMillis - back),
                            nowMillis + LOOKBACK_MILLIS,
                            MetricQuestion.Aggregation.MAX,
                            0,
                            List.of());
            double[] last = {Double.NaN};
            each(
                    question,
                    name,
                    question.startMillis(),
                    samples -> {
                        if (samples.labels().size() == 1 && samples.size() > 0) {
                            last[0] = samples.values()[samples.size() - 1];
                        }
                    });
            if (!Double.isNaN(last[0])) {
                return last[0];
            }
        }
        return 0;
    }

    private void counters(
            MetricQuestion question, String name, Consumer<SeriesSamples> increments) {
        each(question, name, question.startMillis() - LOOKBACK_MILLIS, increments);
    }

    private void observations(MetricQuestion question, FigureTable table) {
        boolean[] isNative = {false};
        counters(
                question,
                question.name(),
                samples -> {
                    for (int i = 0; i < samples.size(); i++) {
                        FloatHistogram histogram = samples.histogram(i);
                        isNative[0] |= histogram != null;
                    }
                    table.histograms(samples);
                });
        if (!isNative[0]) {
            counters(question, question.name() + "_sum", table::sums);
            counters(question, question.name() + "_count", table::counts);
            counters(question, question.name() + "_bucket", table::buckets);
            table.closeBuckets();
        }
    }

    private void each(
            MetricQuestion question, String name, long fromMillis, Consumer<SeriesSamples> use) {
        List<LabelMatcher> matchers = new ArrayList<>(question.matchers());
        matchers.add(LabelMatcher.equal(Labels.NAME, name));
        try (SeriesSource.Selection found =
                        reader.select(
                                matchers,
                                Math.max(0, fromMillis),
                                question.endMillis() - 1,
                                SeriesSource.Hints.NONE);
                SeriesSource.Cursor cursor = found.cursor(0, found.size())) {
            for (SeriesSamples samples = cursor.next(); samples != null; samples = cursor.next()) {
                use.accept(samples);
            }
        }
    }
}
