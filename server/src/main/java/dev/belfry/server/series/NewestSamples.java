package dev.belfry.server.series;

import dev.belfry.model.series.FloatHistogram;
import dev.belfry.model.series.LabelMatcher;
import dev.belfry.model.series.Labels;
import dev.belfry.model.series.MetricMetadata;
import dev.belfry.model.series.MetricReader;
import dev.belfry.model.series.MetricType;
import dev.belfry.model.series.SeriesSamples;
import dev.belfry.model.series.SeriesSource;
import dev.belfry.model.series.StaleNaN;
import dev.belfry.store.QueryContext;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.LongConsumer;

/** The newest samples of a selection; for one thread, used once. */
final class NewestSamples {
    private static final long FRESH_MILLIS = 86_400_000;

    /* A sample, with its place and a share of its labels. */
    private static final long SAMPLE_BYTES = 80;

    private static final Comparator<Sample> OLDEST_FIRST =
            Comparator.comparingLong(Sample::millis)
                    .thenComparing(Sample::labels, Comparator.reverseOrder());

    private final MetricReader reader;
    private final String type;
    private final long start;
    private final long end;
    private final int max;
    private final QueryContext context;
    private final Map<String, MetricType> types = new HashMap<>();
    private final PriorityQueue<Sample> newest = new PriorityQueue<>(OLDEST_FIRST);
    private long total;

    /**
     * A sample.
     *
     * @param labels with the name
     * @param type of its metric
     * @param value of a native histogram, how many observations it has
     * @param millis when
     */
    record Sample(Labels labels, String type, double value, long millis) {}

    /**
     * The newest {@code max}.
     *
     * @param type only of metrics of this type; empty for all
     * @param start inclusive, epoch milliseconds; 0 for the last day, or all when it has nothing
     * @param end exclusive
     * @param context whose memory is taken
     */
    NewestSamples(
            MetricReader reader, String type, long start, long end, int max, QueryContext context) {
        this.reader = reader;
        this.type = type;
        this.start = start;
        this.end = end;
        this.max = max;
        this.context = context;
        for (MetricMetadata known : reader.metadata(null)) {
            if (known.type() != MetricType.UNKNOWN) {
                types.putIfAbsent(known.family(), known.type());
            }
        }
    }

    /** Takes all samples of the metric {@code name}; of a histogram, of its sum and count too. */
    void of(String name, List<LabelMatcher> matchers) {
        List<String> names = new ArrayList<>(List.of(name));
        MetricType known = types.getOrDefault(name, MetricType.UNKNOWN);
        if (known == MetricType.HISTOGRAM || known == MetricType.SUMMARY) {
            names.add(name + "_sum");
            names.add(name + "_count");
        }
        inRange(from -> names.forEach(each -> each(each, matchers, from, false)));
    }

    /** Takes the newest sample of each series. */
    void ofEachSeries(List<LabelMatcher> matchers) {
        inRange(from -> each("", matchers, from, true));
    }

    private void inRange(LongConsumer read) {
        read.accept(start > 0 ? start : Math.max(0, end - FRESH_MILLIS));
        if (start == 0 && total == 0) {
            read.accept(0);
        }
    }

    private void each(String name, List<LabelMatcher> matchers, long fromMillis, boolean onlyLast) {
        List<LabelMatcher> all = new ArrayList<>(matchers);
        all.add(
                name.isEmpty()
                        ? LabelMatcher.notEqual(Labels.NAME, "")
                        : LabelMatcher.equal(Labels.NAME, name));
        try (SeriesSource.Selection found =
                        reader.select(all, fromMillis, end - 1, SeriesSource.Hints.NONE);
                SeriesSource.Cursor cursor = found.cursor(0, found.size())) {
            for (SeriesSamples samples = cursor.next(); samples != null; samples = cursor.next()) {
                take(samples, onlyLast);
            }
        }
    }

    private void take(SeriesSamples samples, boolean onlyLast) {
        String of = type(samples.labels().metricName());
        if (!type.isEmpty() && !type.equalsIgnoreCase(of)) {
            return;
        }
        for (int i = samples.size() - 1; i >= 0; i--) {
            FloatHistogram histogram = samples.histogram(i);
            double value = histogram != null ? histogram.count() : samples.values()[i];
            if (StaleNaN.is(value)) {
                continue;
            }
            total++;
            if (newest.size() < max) {
                context.reserve(SAMPLE_BYTES);
            }
            newest.add(new Sample(samples.labels(), of, value, samples.timestampsMillis()[i]));
            if (newest.size() > max) {
                newest.remove();
            }
            if (onlyLast) {
                return;
            }
        }
    }

    private String type(String name) {
        MetricType known = types.get(name);
        for (String suffix : List.of("_bucket", "_sum", "_count")) {
            if (known == null && name.endsWith(suffix)) {
                known = types.get(name.substring(0, name.length() - suffix.length()));
            }
        }
        return known == null ? "unknown" : known.text();
    }

    /** How many samples there are in all. */
    long total() {
        return total;
    }

    /** A page of them, newest first. */
    List<Sample> page(int offset, int limit) {
        List<Sample> sorted = new ArrayList<>(newest);
        sorted.sort(OLDEST_FIRST.reversed());
        return sorted.subList(
                Math.min(offset, sorted.size()), Math.min(offset + limit, sorted.size()));
    }
}
