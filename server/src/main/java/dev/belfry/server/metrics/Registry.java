package dev.belfry.server.metrics;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.regex.Pattern;

/** All of Belfry's own metrics; safe for many threads. */
public final class Registry {
    /*
     * Not a client library: those refuse names that the seeds give (a gauge `parquet_files_total`, a counter
     * `events_ingested_by_type`), since OpenMetrics reserves the suffix.
     */
    private static final Pattern NAME = Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:]*");

    private final String prefix;
    private final boolean on;
    private final Map<String, Metric> metrics = Collections.synchronizedMap(new TreeMap<>());

    /** A registry whose metrics' names begin with {@code prefix} unless told otherwise. */
    public Registry(String prefix) {
        this(prefix, true);
    }

    /** As above; when not {@code on}, nothing is counted, and only what is asked for has values. */
    public Registry(String prefix, boolean on) {
        this.prefix = prefix;
        this.on = on;
    }

    /** Registers a counter. */
    public Counter counter(String name, String help, String... labelNames) {
        return add(new Counter(on, prefix + name, help, LabelSets.MAX, List.of(labelNames)));
    }

    /** Registers a counter of at most {@code max} label sets. */
    public Counter cappedCounter(String name, String help, int max, String... labelNames) {
        return add(new Counter(on, prefix + name, help, max, List.of(labelNames)));
    }

    /** Registers a counter whose name has no prefix. */
    public Counter bareCounter(String name, String help, String... labelNames) {
        return add(new Counter(on, name, help, LabelSets.MAX, List.of(labelNames)));
    }

    /** Registers a gauge. */
    public Gauge gauge(String name, String help, String... labelNames) {
        return add(new Gauge(on, prefix + name, help, List.of(labelNames)));
    }

    /** Registers a gauge whose value is asked for. */
    public void gauge(String name, String help, DoubleSupplier value) {
        add(new Sampled(prefix + name, help, "gauge", List.of(), one(value)));
    }

    /** Registers a counter whose value is asked for, and never falls. */
    public void counter(String name, String help, DoubleSupplier value) {
        add(new Sampled(prefix + name, help, "counter", List.of(), one(value)));
    }

    /** The name by which a metric called {@code name} is exposed. */
    public String name(String name) {
        return prefix + name;
    }

    /** Registers a metric as it is. */
    public <M extends Metric> M add(M metric) {
        if (!NAME.matcher(metric.name()).matches()) {
            throw new IllegalStateException("BUG: metric name " + metric.name());
        }
        if (metrics.putIfAbsent(metric.name(), metric) != null) {
            throw new IllegalStateException("BUG: metric registered twice: " + metric.name());
        }
        return metric;
    }

    /** Registers a histogram of seconds. */
    public Histogram histogram(String name, String help, String... labelNames) {
        return add(new Histogram(on, prefix + name, help, LabelSets.MAX, List.of(labelNames)));
    }

    /** Registers a histogram of seconds whose name has no prefix. */
    public Histogram bareHistogram(String name, String help, String... labelNames) {
        return add(new Histogram(on, name, help, LabelSets.MAX, List.of(labelNames)));
    }

    /** All metrics, by name. */
    public List<Metric> metrics() {
        synchronized (metrics) {
            List<Metric> all = new ArrayList<>(metrics.values());
            all.sort(Comparator.comparing(Metric::name));
            return all;
        }
    }

    /** The page of all metrics; throws when one of them cannot be had. */
    public byte[] expose() {
        Exposition exposition = new Exposition();
        metrics().forEach(exposition::metric);
        return exposition.bytes();
    }

    private static Consumer<Sampled.Sink> one(DoubleSupplier value) {
        return sink -> sink.accept(value.getAsDouble());
    }
}
