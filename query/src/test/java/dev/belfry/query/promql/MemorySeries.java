package dev.belfry.query.promql;

import dev.belfry.model.series.FloatHistogram;
import dev.belfry.model.series.FloatHistogram.ResetHint;
import dev.belfry.model.series.LabelMatcher;
import dev.belfry.model.series.Labels;
import dev.belfry.model.series.SeriesSamples;
import dev.belfry.model.series.SeriesSource;
import dev.belfry.store.QueryContext;
import dev.belfry.testkit.PromqlTarget;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Series in memory, and the engine over them. */
final class MemorySeries implements SeriesSource, PromqlTarget {
    record Sample(double value, @Nullable FloatHistogram histogram) {}

    private final Map<Labels, TreeMap<Long, Sample>> series = new TreeMap<>();
    private final PromqlEngine engine = new PromqlEngine(System::nanoTime);
    QueryOptions options = QueryOptions.DEFAULT;
    int selections;

    @Override
    public void clear() {
        series.clear();
    }

    @Override
    public void load(List<SeriesSamples> loaded) {
        for (SeriesSamples samples : loaded) {
            TreeMap<Long, Sample> all =
                    series.computeIfAbsent(samples.labels(), key -> new TreeMap<>());
            for (int i = 0; i < samples.size(); i++) {
                FloatHistogram histogram = samples.histogram(i);
                all.put(samples.timestampsMillis()[i], new Sample(samples.values()[i], histogram));
            }
            hint(all);
        }
    }

    /* A store knows of each histogram whether it follows the one before. */
    private static void hint(TreeMap<Long, Sample> samples) {
        FloatHistogram before = null;
        for (Map.Entry<Long, Sample> entry : samples.entrySet()) {
            FloatHistogram histogram = entry.getValue().histogram();
            if (histogram != null && before != null && histogram.hint() == ResetHint.UNKNOWN) {
                boolean reset = histogram.resetSince(before);
                FloatHistogram hinted =
                        histogram.withHint(reset ? ResetHint.RESET : ResetHint.NOT_RESET);
                entry.setValue(new Sample(0, hinted));
            }
            before = histogram;
        }
    }

    @Override
    public Selection select(
            List<LabelMatcher> matchers, long startMillis, long endMillis, Hints hints) {
        selections++;
        List<Labels> matching =
                series.keySet().stream()
                        .filter(labels -> matchers.stream().allMatch(m -> m.matches(labels)))
                        .toList();
        return new Selection() {
            @Override
            public int size() {
                return matching.size();
            }

            @Override
            public Labels labels(int index) {
                return matching.get(index);
            }

            @Override
            public Cursor cursor(int from, int to) {
                Iterator<Labels> left = matching.subList(from, to).iterator();
                return () ->
                        left.hasNext() ? read(left.next(), startMillis, endMillis, hints) : null;
            }
        };
    }

    /* Of every other series only what lies in the windows that are hinted at, as a store may do. */
    private SeriesSamples read(Labels labels, long startMillis, long endMillis, Hints hints) {
        Map<Long, Sample> found =
                new TreeMap<>(series.get(labels).subMap(startMillis, true, endMillis, true));
        if (hints.windowMillis() > 0 && labels.hashCode() % 2 == 0) {
            found.keySet()
                    .removeIf(time ->
                            (time - startMillis) % hints.stepMillis() > hints.windowMillis());
        }
        return samples(labels, found);
    }

    private static SeriesSamples samples(Labels labels, Map<Long, Sample> samples) {
        long[] times = new long[samples.size()];
        double[] values = new double[samples.size()];
        FloatHistogram[] histograms = new FloatHistogram[samples.size()];
        boolean any = false;
        int at = 0;
        for (Map.Entry<Long, Sample> entry : samples.entrySet()) {
            times[at] = entry.getKey();
            values[at] = entry.getValue().value();
            histograms[at] = entry.getValue().histogram();
            any |= histograms[at++] != null;
        }
        return new SeriesSamples(labels, times, values, any ? histograms : null, at);
    }

    // ---- as a target of scripts

    /** Somebody who waits, with all memory there is. */
    static QueryContext asker() {
        return new QueryContext(Duration.ofHours(1), Long.MAX_VALUE, Integer.MAX_VALUE, false);
    }

    @Override
    public Answer instant(String query, long timeMillis) {
        try {
            return answer(engine.instant(this, query, timeMillis, options, asker()));
        } catch (PromqlException e) {
            return new Answer("error", List.of(), e.getMessage(), List.of(), List.of());
        }
    }

    @Override
    public Answer range(String query, long startMillis, long endMillis, long stepMillis) {
        try {
            return answer(
                    engine.range(
                            this, query, startMillis, endMillis, stepMillis, options, asker()));
        } catch (PromqlException e) {
            return new Answer("error", List.of(), e.getMessage(), List.of(), List.of());
        }
    }

    private static Answer answer(QueryResult result) {
        return switch (result.value()) {
            case QueryResult.ScalarValue(long time, double value) ->
                    new Answer(
                            "scalar",
                            List.of(
                                    new SeriesSamples(
                                            Labels.EMPTY,
                                            new long[] {time},
                                            new double[] {value},
                                            null,
                                            1)),
                            null,
                            result.warnings(),
                            result.infos());
            case QueryResult.StringValue(long _, String value) ->
                    new Answer("string", List.of(), value, result.warnings(), result.infos());
            case QueryResult.VectorValue(List<QueryResult.Series> found) ->
                    answer("vector", found, result);
            case QueryResult.MatrixValue(List<QueryResult.Series> found) ->
                    answer("matrix", found, result);
        };
    }

    private static Answer answer(String kind, List<QueryResult.Series> found, QueryResult result) {
        List<SeriesSamples> all = new ArrayList<>();
        for (QueryResult.Series one : found) {
            int size = one.timestampsMillis().length;
            FloatHistogram[] histograms =
                    one.histograms() == null ? null : Arrays.copyOf(one.histograms(), size);
            all.add(
                    new SeriesSamples(
                            one.labels(), one.timestampsMillis(), one.values(), histograms, size));
        }
        return new Answer(kind, all, null, result.warnings(), result.infos());
    }
}
