package dev.belfry.server.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** A distribution of seconds in classic buckets; safe for many threads. */
public final class Histogram implements Metric {
    /* Upper bounds in seconds: from what an append takes to the longest query. */
    private static final double[] BOUNDS = {
        0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60
    };

    private final String name;
    private final String help;
    private final List<String> labelNames;
    private final boolean on;
    private final LabelSets<Cells> values;

    Histogram(boolean on, String name, String help, int max, List<String> labelNames) {
        this.on = on;
        this.name = name;
        this.help = help;
        this.labelNames = List.copyOf(labelNames);
        this.values = new LabelSets<>(labelNames.size(), max, Cells::new);
    }

    /** Adds one observation for {@code labels}. */
    public void observeNanos(long nanos, String... labels) {
        if (on) {
            values.of(labels).add(nanos);
        }
    }

    /** How many observations there are for {@code labels}. */
    public long count(String... labels) {
        long count = 0;
        for (LongAdder bucket : values.of(labels).buckets) {
            count += bucket.sum();
        }
        return count;
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
        return "histogram";
    }

    @Override
    public List<String> labelNames() {
        return labelNames;
    }

    @Override
    public void writeSamples(Exposition target) {
        List<String> bucketNames = new ArrayList<>(labelNames);
        bucketNames.add("le");
        values.forEach((labels, cells) -> {
            long count = 0;
            for (int index = 0; index <= BOUNDS.length; index++) {
                count += cells.buckets[index].sum();
                List<String> all = new ArrayList<>(labels);
                all.add(index == BOUNDS.length ? "+Inf" : Exposition.number(BOUNDS[index]));
                target.sample(name + "_bucket", bucketNames, all, count);
            }
            double seconds = cells.nanos.sum() / 1e9;
            target.sample(name + "_sum", labelNames, labels, seconds);
            target.sample(name + "_count", labelNames, labels, count);
        });
    }

    private static final class Cells {
        final LongAdder[] buckets = new LongAdder[BOUNDS.length + 1];
        final LongAdder nanos = new LongAdder();

        Cells() {
            for (int index = 0; index < buckets.length; index++) {
                buckets[index] = new LongAdder();
            }
        }

        void add(long observedNanos) {
            double seconds = observedNanos / 1e9;
            int index = 0;
            while (index < BOUNDS.length && seconds > BOUNDS[index]) {
                index++;
            }
            buckets[index].increment();
            nanos.add(observedNanos);
        }
    }
}
