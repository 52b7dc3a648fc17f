package dev.belfry.testkit;

import dev.belfry.model.series.SeriesSamples;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a script of PromQL runs against: an engine in this process, or a server. */
public interface PromqlTarget {
    /**
     * What a query gave.
     *
     * @param kind {@code scalar}, {@code string}, {@code vector}, {@code matrix} or {@code error}
     * @param series the series of a vector or matrix; a scalar is a series without labels
     * @param text the text, or the error's message
     */
    record Answer(
            String kind,
            List<SeriesSamples> series,
            @Nullable String text,
            List<String> warnings,
            List<String> infos) {
        /** Copies the lists. */
        public Answer {
            series = List.copyOf(series);
            warnings = List.copyOf(warnings);
            infos = List.copyOf(infos);
        }
    }

    /**
     * Whether the histograms of answers tell no more than bounds and counts of buckets, as the HTTP
     * API does: each has custom bounds then.
     */
    default boolean showsOnlyBuckets() {
        return false;
    }

    /** Forgets all samples. */
    void clear();

    /** Keeps samples; those of one series may come in several calls. */
    void load(List<SeriesSamples> series);

    /** Evaluates {@code query} at a time. */
    Answer instant(String query, long timeMillis);

    /** Evaluates {@code query} over a range. */
    Answer range(String query, long startMillis, long endMillis, long stepMillis);
}
