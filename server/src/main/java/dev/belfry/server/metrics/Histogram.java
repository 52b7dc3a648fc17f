package dev.belfry.server.metrics;

import dev.belfry.model.series.FloatHistogram;
import dev.belfry.model.series.FloatHistogram.ResetHint;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;

/** A distribution of seconds, in classic and in native buckets; safe for many threads. */
public final class Histogram implements Metric {
    /*
     * The text of /metrics has the classic buckets only. The native ones go into Belfry's own store: schema 3, eight
     * to a power of two, as those of pushed observations. What took less than a microsecond counts as zero.
     */
    /* Upper bounds in seconds: from what an append takes to the longest query. */
    private static final double[] BOUNDS = {
        0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60
    };

    private static final int SCHEMA = 3;
    private static final int INDEX_MIN = -20 << SCHEMA;
    private static final int INDEX_MAX = 14 << SCHEMA;
    private static final double ZERO_THRESHOLD = 0x1p-20;
    private static final double[] NO_BOUNDS = {};
    private static final double[] FRACTIONS =
            IntStream.range(0, 1 << SCHEMA)
                    .mapToDouble(step -> FloatHistogram.exponentialBound(step, SCHEMA))
                    .toArray();

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

    /** Gives each label set with its native histogram. */
    public void forEachNative(BiConsumer<List<String>, FloatHistogram> consumer) {
        values.forEach((labels, cells) -> consumer.accept(labels, cells.exponential()));
    }

    /* The bucket of a value above zero: (bound(index - 1), bound(index)]. */
    private static int index(double value) {
        int exponent = Math.getExponent(value);
        double fraction = Math.scalb(value, -exponent);
        int index = exponent << SCHEMA;
        for (double bound : FRACTIONS) {
            index += fraction > bound ? 1 : 0;
        }
        return index;
    }

    private static final class Cells {
        final LongAdder[] buckets = new LongAdder[BOUNDS.length + 1];
        final LongAdder nanos = new LongAdder();
        final LongAdder zero = new LongAdder();
        final AtomicLongArray exponential = new AtomicLongArray(INDEX_MAX - INDEX_MIN + 1);

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
            if (seconds <= ZERO_THRESHOLD) {
                zero.increment();
            } else {
                exponential.incrementAndGet(Math.min(INDEX_MAX, index(seconds)) - INDEX_MIN);
            }
        }

        FloatHistogram exponential() {
            int[] indexes = new int[exponential.length()];
            double[] counts = new double[indexes.length];
            int filled = 0;
            double count = zero.sum();
            double zeros = count;
            for (int at = 0; at < exponential.length(); at++) {
                long bucket = exponential.get(at);
                if (bucket > 0) {
                    indexes[filled] = INDEX_MIN + at;
                    counts[filled++] = bucket;
                    count += bucket;
                }
            }
            return new FloatHistogram(
                    SCHEMA,
                    ResetHint.UNKNOWN,
                    count,
                    nanos.sum() / 1e9,
                    ZERO_THRESHOLD,
                    zeros,
                    Arrays.copyOf(indexes, filled),
                    Arrays.copyOf(counts, filled),
                    new int[0],
                    new double[0],
                    NO_BOUNDS);
        }
    }
}
