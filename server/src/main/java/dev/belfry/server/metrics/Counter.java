package dev.belfry.server.metrics;

import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** A count that only grows while the process lives; safe for many threads. */
public final class Counter implements Metric {
    private final String name;
    private final String help;
    private final List<String> labelNames;
    private final boolean on;
    private final LabelSets<LongAdder> values;

    Counter(boolean on, String name, String help, int max, List<String> labelNames) {
        this.on = on;
        this.name = name;
        this.help = help;
        this.labelNames = List.copyOf(labelNames);
        this.values = new LabelSets<>(labelNames.size(), max, LongAdder::new);
    }

    /** Adds 1 for {@code labels}. */
    public void increment(String... labels) {
        if (on) {
            values.of(labels).increment();
        }
    }

    /** Adds {@code count}, which is not negative, for {@code labels}. */
    public void add(long count, String... labels) {
        if (on) {
            values.of(labels).add(count);
        }
    }

    /** The count by now for {@code labels}. */
    public long value(String... labels) {
        return values.of(labels).sum();
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
        return "counter";
    }

    @Override
    public List<String> labelNames() {
        return labelNames;
    }

    @Override
    public void writeSamples(Exposition target) {
        values.forEach((labels, value) -> target.sample(name, labelNames, labels, value.sum()));
    }
}
