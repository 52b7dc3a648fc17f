package dev.belfry.receive.push;

import dev.belfry.model.BelfryException;
import dev.belfry.model.series.Labels;
import dev.belfry.model.series.MetricType;
import dev.belfry.model.series.PushBatch.Kind;
import dev.belfry.model.series.SeriesResolver;
import dev.belfry.receive.series.SampleSink;
import java.util.function.Supplier;

/** Turns increments, values and observations into what the store adds up; for one thread. */
public final class Observations {
    /*
     *   counter    name            += value
     *   gauge      name            := value
     *   histogram  name_bucket{le} += 1 for each bound not below the value, += 0 for the others
     *              name_sum, name_count; name as native histogram of schema 3
     *   summary    name_sum, name_count; name as native histogram; name{quantile} of the last ten minutes
     *
     * The hash of the metric is that of name, type and labels as they came; its parts are hashed on from there.
     */
    /** The bounds of Prometheus' client libraries, and how le has them. */
    private static final double[] BOUNDS = {
        0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, Double.POSITIVE_INFINITY
    };

    private static final String[] BOUND_TEXTS = {
        "0.005", "0.01", "0.025", "0.05", "0.1", "0.25", "0.5", "1.0", "2.5", "5.0", "10.0", "+Inf"
    };
    private static final double[] QUANTILES = {0.5, 0.9, 0.95, 0.99};
    private static final String[] QUANTILE_TEXTS = {"0.5", "0.9", "0.95", "0.99"};
    private static final int PART_SUM = 1;
    private static final int PART_COUNT = 2;
    private static final int PART_NATIVE = 3;
    private static final int PART_BUCKET = 16;
    private static final int PART_QUANTILE = 64;

    private final SampleSink sink;
    private final double[] one = new double[1];
    private final double[] weightOfOne = new double[1];
    private long keyHigh;
    private long keyLow;

    public Observations(SampleSink sink) {
        this.sink = sink;
    }

    /** Takes the hash of the metric from the sink. */
    public void key() {
        keyHigh = sink.hash.high();
        keyLow = sink.hash.low();
    }

    /**
     * Adds one value of the metric whose {@link #key} was taken.
     *
     * @param weight how many observations it stands for; of a counter it is in the value
     * @param labels asked for when a series is new
     */
    public void add(
            String name,
            MetricType type,
            double value,
            double weight,
            long millis,
            Supplier<Labels> labels) {
        switch (type) {
            case COUNTER -> change(Kind.ADD, 0, name, labels, millis, value);
            case HISTOGRAM -> {
                one[0] = value;
                weightOfOne[0] = weight;
                histogram(name, one, weightOfOne, 1, 1, millis, labels);
            }
            case SUMMARY -> summary(name, value, weight, millis, labels);
            default -> {
                int series = series(0, name, "", "", labels);
                if (series != SeriesResolver.NONE) {
                    sink.samples.add(series, millis, value);
                }
            }
        }
        if (!sink.isRefused()) {
            sink.pushed.observed(1);
        }
    }

    /** Sets a gauge, whose changes are added up. */
    void set(String name, double value, long millis, Supplier<Labels> labels) {
        change(Kind.SET, 0, name, labels, millis, value);
    }

    /** Adds to a counter or a gauge. */
    void shift(String name, double value, long millis, Supplier<Labels> labels) {
        change(Kind.ADD, 0, name, labels, millis, value);
    }

    /**
     * Adds observations of a histogram.
     *
     * @param values what was observed; {@code double[count]} or longer
     * @param weights how many observations each stands for; {@code double[count]} or longer
     * @param scale of the bounds: 1000 for milliseconds
     */
    void histogram(
            String name,
            double[] values,
            double[] weights,
            int count,
            double scale,
            long millis,
            Supplier<Labels> labels) {
        double sum = 0;
        double all = 0;
        for (int i = 0; i < count; i++) {
            sum += values[i] * weights[i];
            all += weights[i];
        }
        for (int bound = 0; bound < BOUNDS.length; bound++) {
            double upper = BOUNDS[bound] * scale;
            String le = scale == 1 ? BOUND_TEXTS[bound] : text(upper);
            int series = series(PART_BUCKET + bound, name + "_bucket", "le", le, labels);
            if (series == SeriesResolver.NONE) {
                return;
            }
            double inside = 0;
            for (int i = 0; i < count; i++) {
                inside += values[i] <= upper ? weights[i] : 0;
            }
            sink.pushed.add(Kind.ADD, series, millis, inside);
        }
        change(Kind.ADD, PART_SUM, name + "_sum", labels, millis, sum);
        change(Kind.ADD, PART_COUNT, name + "_count", labels, millis, all);
        for (int i = 0; i < count; i++) {
            observe(name, values[i], weights[i], millis, labels);
        }
    }

    private static String text(double bound) {
        return bound == Double.POSITIVE_INFINITY ? "+Inf" : Double.toString(bound);
    }

    private void summary(
            String name, double value, double weight, long millis, Supplier<Labels> labels) {
        change(Kind.ADD, PART_SUM, name + "_sum", labels, millis, value * weight);
        change(Kind.ADD, PART_COUNT, name + "_count", labels, millis, weight);
        observe(name, value, weight, millis, labels);
        for (int i = 0; i < QUANTILES.length; i++) {
            int series = series(PART_QUANTILE + i, name, "quantile", QUANTILE_TEXTS[i], labels);
            if (series != SeriesResolver.NONE) {
                sink.pushed.add(Kind.QUANTILE, series, millis, QUANTILES[i]);
            }
        }
    }

    private void observe(
            String name, double value, double weight, long millis, Supplier<Labels> labels) {
        int series = series(PART_NATIVE, name, "", "", labels);
        if (series != SeriesResolver.NONE) {
            sink.pushed.observe(series, millis, value, weight);
        }
    }

    private void change(
            Kind kind, int part, String name, Supplier<Labels> labels, long millis, double value) {
        int series = series(part, name, "", "", labels);
        if (series != SeriesResolver.NONE) {
            sink.pushed.add(kind, series, millis, value);
        }
    }

    private int series(
            int part, String name, String label, String labelValue, Supplier<Labels> labels) {
        sink.hash.reset(keyHigh).add(keyLow).add(part);
        int series = sink.find();
        if (series != SeriesResolver.NONE) {
            return series;
        }
        Labels.Builder all;
        try {
            all = new Labels.Builder(labels.get());
        } catch (BelfryException wrong) {
            sink.refuse(wrong.code(), String.valueOf(wrong.getMessage()));
            return SeriesResolver.NONE;
        }
        if (!label.isEmpty()) {
            all.set(label, labelValue);
        }
        return sink.resolve(all.set(Labels.NAME, name).build());
    }
}
