package dev.belfry.query.figures;

import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.model.series.FloatHistogram;
import dev.belfry.model.series.FloatHistogram.Bucket;
import dev.belfry.model.series.Labels;
import dev.belfry.model.series.MetricType;
import dev.belfry.model.series.SeriesSamples;
import dev.belfry.model.series.StaleNaN;
import dev.belfry.query.MetricFigures.Figure;
import dev.belfry.query.MetricQuestion;
import dev.belfry.query.MetricQuestion.Aggregation;
import dev.belfry.store.QueryContext;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The cells of an answer: groups by parts of the range; for one thread. */
public final class FigureTable {
    /* A total in its map. */
    private static final long TOTAL_BYTES = 90;

    private final MetricQuestion question;
    private final int cellsMax;
    private final QueryContext context;
    private final boolean percentiles;
    private final Map<Labels, TreeMap<Long, Cell>> groups = new TreeMap<>();
    private int cells;

    /* Of classic buckets, which come as totals: by group and part, the observations up to each bound. */
    private final Map<Cell, TreeMap<Double, Double>> cumulative = new HashMap<>();

    /**
     * A table for {@code question} of at most {@code cellsMax} cells, which takes memory of {@code
     * context}.
     */
    public FigureTable(MetricQuestion question, int cellsMax, QueryContext context) {
        this.question = question;
        this.context = context;
        this.cellsMax = cellsMax;
        this.percentiles = !Double.isNaN(question.aggregation().quantile());
    }

    /** Takes what a total grew by, value by value. */
    @FunctionalInterface
    private interface Growth {
        void by(long millis, double increment);
    }

    /** Adds the values of a gauge. */
    public void values(SeriesSamples samples) {
        Labels group = group(samples.labels());
        for (int i = 0; i < samples.size(); i++) {
            double value = samples.values()[i];
            long millis = samples.timestampsMillis()[i];
            if (isIn(millis) && samples.histogram(i) == null && !StaleNaN.is(value)) {
                cell(group, millis).add(value, percentiles);
            }
        }
    }

    /** Adds the increments of a counter. */
    public void increment(SeriesSamples samples) {
        Labels group = group(samples.labels());
        grown(samples, (millis, by) -> cell(group, millis).add(by, percentiles));
    }

    /** Adds what the sum of observations grew by. */
    public void sums(SeriesSamples samples) {
        Labels group = group(samples.labels());
        grown(samples, (millis, by) -> cell(group, millis).observed(by, 0));
    }

    /** Adds what the number of observations grew by. */
    public void counts(SeriesSamples samples) {
        Labels group = group(samples.labels());
        grown(samples, (millis, by) -> cell(group, millis).observed(0, by));
    }

    /** Adds what a bucket grew by. */
    public void buckets(SeriesSamples samples) {
        double bound;
        try {
            bound = Double.parseDouble(samples.labels().get("le").replace("Inf", "Infinity"));
        } catch (NumberFormatException _) {
            return;
        }
        Labels group = group(samples.labels());
        grown(samples, (millis, by) -> total(cell(group, millis), bound, by));
    }

    private void total(Cell cell, double bound, double by) {
        TreeMap<Double, Double> totals = cumulative.computeIfAbsent(cell, _ -> new TreeMap<>());
        if (!totals.containsKey(bound)) {
            context.reserve(TOTAL_BYTES);
        }
        totals.merge(bound, by, Double::sum);
    }

    /** Brings the totals of buckets into their cells. */
    public void closeBuckets() {
        cumulative.forEach((cell, totals) -> {
            double below = 0;
            double lower = Math.min(0, totals.firstKey());
            for (Map.Entry<Double, Double> each : totals.entrySet()) {
                double of = each.getValue() - below;
                if (of > 0) {
                    double upper = each.getKey();
                    cell.bucket(lower, Double.isInfinite(upper) ? lower : upper, of);
                }
                below = each.getValue();
                lower = each.getKey();
            }
        });
    }

    /** Adds the observations of a native histogram. */
    public void histograms(SeriesSamples samples) {
        Labels group = group(samples.labels());
        FloatHistogram before = null;
        boolean first = isPushed(samples.labels());
        for (int i = 0; i < samples.size(); i++) {
            FloatHistogram now = samples.histogram(i);
            if (now == null) {
                continue;
            }
            long millis = samples.timestampsMillis()[i];
            if (isIn(millis) && (before != null || first)) {
                observe(cell(group, millis), before, now);
            }
            before = now;
        }
    }

    private static void observe(Cell cell, @Nullable FloatHistogram before, FloatHistogram now) {
        FloatHistogram base = before == null || now.count() < before.count() ? null : before;
        Map<Double, Double> known = new HashMap<>();
        if (base == null) {
            cell.observed(now.sum(), now.count());
        } else {
            cell.observed(now.sum() - base.sum(), now.count() - base.count());
            for (Bucket bucket : base.buckets()) {
                known.put(bucket.upper(), bucket.count());
            }
        }
        for (Bucket bucket : now.buckets()) {
            double of = bucket.count() - known.getOrDefault(bucket.upper(), 0.0);
            if (of > 0) {
                cell.bucket(bucket.lower(), bucket.upper(), of);
            }
        }
    }

    private void grown(SeriesSamples samples, Growth growth) {
        double before = isPushed(samples.labels()) ? 0 : Double.NaN;
        for (int i = 0; i < samples.size(); i++) {
            double value = samples.values()[i];
            if (Double.isNaN(value) || samples.histogram(i) != null) {
                continue;
            }
            long millis = samples.timestampsMillis()[i];
            if (isIn(millis) && !Double.isNaN(before)) {
                growth.by(millis, value < before ? value : value - before);
            }
            before = value;
        }
    }

    private static boolean isPushed(Labels labels) {
        return !labels.has("job") && !labels.has("instance");
    }

    private boolean isIn(long millis) {
        return millis >= question.startMillis() && millis < question.endMillis();
    }

    private Labels group(Labels labels) {
        return labels.keep(question.groupBy());
    }

    private Cell cell(Labels group, long millis) {
        long step = question.stepMillis();
        long part = step == 0 ? question.startMillis() : Math.floorDiv(millis, step) * step;
        return groups.computeIfAbsent(group, _ -> new TreeMap<>())
                .computeIfAbsent(part, _ -> counted());
    }

    private Cell counted() {
        if (++cells > cellsMax) {
            throw new BelfryException(
                    ErrorCode.QUERY_LIMIT,
                    "step, group_by: more than "
                            + cellsMax
                            + " values (expected: fewer; a longer step, or fewer groups)");
        }
        return new Cell(context);
    }

    /** The figures, by group and then by time. */
    public List<Figure> figures(MetricType type) {
        boolean observations =
                type == MetricType.HISTOGRAM
                        || type == MetricType.SUMMARY
                        || type == MetricType.GAUGEHISTOGRAM;
        long whole = question.endMillis() - question.startMillis();
        List<Figure> figures = new ArrayList<>(cells);
        groups.forEach((group, parts) ->
                parts.forEach((part, cell) -> {
                    long length = question.stepMillis() == 0 ? whole : question.stepMillis();
                    double value =
                            observations && question.aggregation() == Aggregation.RATE
                                    ? cell.observationRate(length)
                                    : cell.figure(question.aggregation(), length);
                    figures.add(new Figure(group, part, value));
                }));
        return figures;
    }
}
