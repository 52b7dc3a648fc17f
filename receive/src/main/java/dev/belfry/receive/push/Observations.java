package dev.belfry.receive.push;

import dev.belfry.model.BelfryException;
import dev.belfry.model.series.Labels;
import dev.belfry.model.series.MetricType;
import dev.belfry.model.series.PushBatch.Kind;
import dev.belfry.model.series.SeriesResolver;
import dev.belfry.receive.series.SampleSink;
import java.util.function.Supplier;

/** Turns increments, values and observations into what the store adds up; for one thread. */
final class Observations {
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
    private long keyHigh;
    private long keyLow;

    Observations(SampleSink sink) {
        this.sink = sink;
    }

    /** Takes the hash of the metric from the sink. */
    void key() {
        keyHigh = sink.hash.high();
        keyLow = sink.hash.low();
    }

    /**
     * Adds one value of the metric whose {@link #key} was taken.
     *
     * @param weight how many observations it stands for; of a counter it is in the value
     * @param labels asked for when a series is new
     */
    void add(
            String name,
            MetricType type,
            double value,
            double weight,
            long millis,
            Supplier<Labels> labels) {
        switch (type) {
            case COUNTER -> change(Kind.ADD, 0, name, labels, millis, value);
            case HISTOGRAM -> histogram(name, value, weight, millis, labels);
            case SUMMARY -> summary(name, value, weight, millis, labels);
            default -> {
                int series = series(0, name, "", "", labels);
                if (series != SeriesResolver.NONE) {
                    sink.samples.add(series, millis, value);
                }
            }
        }
        if (!sink.isRefused()) {
            sink.pushed.observed();
        }
    }

    /** Adds to a gauge. */
    void shift(String name, double value, long millis, Supplier<Labels> labels) {
        change(Kind.ADD, 0, name, labels, millis, value);
        sink.pushed.observed();
    }

    private void histogram(
            String name, double value, double weight, long millis, Supplier<Labels> labels) {
        for (int i = 0; i < BOUNDS.length; i++) {
            int series = series(PART_BUCKET + i, name + "_bucket", "le", BOUND_TEXTS[i], labels);
            if (series == SeriesResolver.NONE) {
                return;
            }
            sink.pushed.add(Kind.ADD, series, millis, value <= BOUNDS[i] ? weight : 0);
        }
        change(Kind.ADD, PART_SUM, name + "_sum", labels, millis, value * weight);
        change(Kind.ADD, PART_COUNT, name + "_count", labels, millis, weight);
        observe(name, value, weight, millis, labels);
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
