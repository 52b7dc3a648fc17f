package dev.belfry.model.series;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The questions that a store of series answers. Selectors are lists of matchers; a series is meant
 * when it passes all matchers of at least one of them. Safe for many threads.
 */
public interface MetricReader extends SeriesSource {
    /**
     * The names of labels of the series with samples from {@code startMillis} to {@code endMillis}
     * (inclusive; whole blocks may count), sorted.
     *
     * @param selectors empty for all series
     * @param limit at most so many, 0 for all
     */
    List<String> labelNames(
            List<List<LabelMatcher>> selectors, long startMillis, long endMillis, int limit);

    /** The values of label {@code name}, sorted; otherwise as {@link #labelNames}. */
    List<String> labelValues(
            String name,
            List<List<LabelMatcher>> selectors,
            long startMillis,
            long endMillis,
            int limit);

    /** The series themselves, sorted by labels; otherwise as {@link #labelNames}. */
    List<Labels> series(
            List<List<LabelMatcher>> selectors, long startMillis, long endMillis, int limit);

    /**
     * What is known of families, sorted by name; several of one family when senders disagree.
     *
     * @param family only this one, null for all
     */
    List<MetricMetadata> metadata(@Nullable String family);

    /** The exemplars of the series, by series in the order of labels, then by time. */
    List<ExemplarSeries> exemplars(
            List<List<LabelMatcher>> selectors, long startMillis, long endMillis);

    /**
     * Exemplars of a series.
     *
     * @param labels what identifies the series
     * @param exemplars by time
     */
    record ExemplarSeries(Labels labels, List<Exemplar> exemplars) {
        /** Copies the list. */
        public ExemplarSeries {
            exemplars = List.copyOf(exemplars);
        }
    }
}
