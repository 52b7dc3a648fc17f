package dev.belfry.server.prometheus;

import dev.belfry.identity.Principal;
import dev.belfry.model.series.LabelMatcher;
import dev.belfry.model.series.Labels;
import dev.belfry.model.series.MetricMetadata;
import dev.belfry.model.series.MetricReader;
import dev.belfry.model.series.SeriesSamples;
import dev.belfry.store.QueryContext;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The series that someone may read, within the bounds of their query: each series that is read
 * looks at its time and at whether its client has left, and lists take its memory. Safe for many
 * threads.
 */
public final class BoundedSeries implements MetricReader {
    /* A list's entry: the labels of a series, or a text. */
    private static final long ENTRY_BYTES = 120;

    private final MetricReader series;
    private final QueryContext context;

    private BoundedSeries(MetricReader series, QueryContext context) {
        this.series = series;
        this.context = context;
    }

    /** What {@code principal} may read of {@code all}, within {@code context}. */
    public static MetricReader of(MetricReader all, Principal principal, QueryContext context) {
        return new BoundedSeries(OwnedSeries.of(all, principal), context);
    }

    private <T extends Collection<?>> T held(T found) {
        context.check();
        context.reserve(ENTRY_BYTES * found.size());
        return found;
    }

    @Override
    public List<String> labelNames(
            List<List<LabelMatcher>> selectors, long startMillis, long endMillis, int limit) {
        context.check();
        return held(series.labelNames(selectors, startMillis, endMillis, limit));
    }

    @Override
    public List<String> labelValues(
            String name,
            List<List<LabelMatcher>> selectors,
            long startMillis,
            long endMillis,
            int limit) {
        context.check();
        return held(series.labelValues(name, selectors, startMillis, endMillis, limit));
    }

    @Override
    public List<Labels> series(
            List<List<LabelMatcher>> selectors, long startMillis, long endMillis, int limit) {
        context.check();
        return held(series.series(selectors, startMillis, endMillis, limit));
    }

    @Override
    public List<MetricMetadata> metadata(@Nullable String family) {
        context.check();
        return held(series.metadata(family));
    }

    @Override
    public List<ExemplarSeries> exemplars(
            List<List<LabelMatcher>> selectors, long startMillis, long endMillis) {
        context.check();
        return held(series.exemplars(selectors, startMillis, endMillis));
    }

    @Override
    public Selection select(
            List<LabelMatcher> matchers, long startMillis, long endMillis, Hints hints) {
        context.check();
        return new Bounded(series.select(matchers, startMillis, endMillis, hints), context);
    }

    private record Bounded(Selection selection, QueryContext context) implements Selection {
        @Override
        public int size() {
            return selection.size();
        }

        @Override
        public Labels labels(int index) {
            return selection.labels(index);
        }

        @Override
        public Cursor cursor(int from, int to) {
            return new BoundedCursor(selection.cursor(from, to), context);
        }

        @Override
        public void close() {
            selection.close();
        }
    }

    private record BoundedCursor(Cursor cursor, QueryContext context) implements Cursor {
        /* What a series costs beside its samples, in steps of work. */
        private static final int SERIES_STEPS = 1_000;

        @Override
        public @Nullable SeriesSamples next() {
            SeriesSamples next = cursor.next();
            context.work(SERIES_STEPS + (next == null ? 0 : next.size()));
            return next;
        }

        @Override
        public void close() {
            cursor.close();
        }
    }
}
