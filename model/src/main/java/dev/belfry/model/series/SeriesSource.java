package dev.belfry.model.series;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** Where samples come from. Safe for several threads. */
public interface SeriesSource {
    /**
     * What a query will do with the series; a source may use it to read less, and may ignore it.
     *
     * @param stepMillis time between evaluations, 0 when there is one
     * @param rangeMillis the range that each evaluation reads, 0 for an instant vector
     * @param function the function or aggregation around the selector, empty when there is none
     * @param grouping labels of the aggregation around it
     * @param by whether {@code grouping} are those kept
     */
    record Hints(
            long stepMillis, long rangeMillis, String function, List<String> grouping, boolean by) {
        /** Copies the grouping. */
        public Hints {
            grouping = List.copyOf(grouping);
        }
    }

    /** The series of a selection, one after the other. */
    interface Cursor extends AutoCloseable {
        /**
         * The next series, null after the last one. Its arrays are valid until the next call. It
         * has no samples outside of the range that was asked for, but may have none at all.
         */
        @Nullable SeriesSamples next();

        @Override
        default void close() {}
    }

    /**
     * The series that pass all {@code matchers}, in the order of their labels, with their samples
     * from {@code startMillis} to {@code endMillis}, both inclusive; staleness markers included.
     */
    Cursor select(List<LabelMatcher> matchers, long startMillis, long endMillis, Hints hints);
}
