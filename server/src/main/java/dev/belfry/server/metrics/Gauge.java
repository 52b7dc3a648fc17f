package dev.belfry.server.metrics;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** A number that goes up and down; safe for many threads. */
public final class Gauge implements Metric {
    private final String name;
    private final String help;
    private final List<String> labelNames;
    private final boolean on;
    private final LabelSets<AtomicLong> values;

    Gauge(boolean on, String name, String help, List<String> labelNames) {
        this.on = on;
        this.name = name;
        this.help = help;
        this.labelNames = List.copyOf(labelNames);
        this.values = new LabelSets<>(labelNames.size(), LabelSets.MAX, AtomicLong::new);
    }

    /** Adds {@code difference}, which may be negative, for {@code labels}. */
    public void add(long difference, String... labels) {
        if (on) {
            values.of(labels).addAndGet(difference);
        }
    }

    /** Makes it {@code value} for {@code labels}. */
    public void set(long value, String... labels) {
        if (on) {
            values.of(labels).set(value);
        }
    }

    /** The number now for {@code labels}. */
    public long value(String... labels) {
        return values.of(labels).get();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String help() {
        return help;
    }

    @Override
    public String type() {
        return "gauge";
    }

    @Override
    public List<String> labelNames() {
        return labelNames;
    }

    @Override
    public void writeSamples(Exposition target) {
        values.forEach((labels, value) -> target.sample(name, labelNames, labels, value.get()));
    }
}
