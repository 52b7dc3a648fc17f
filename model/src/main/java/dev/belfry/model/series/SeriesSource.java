package dev.belfry.model.series;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where samples come from. Safe for several threads. */
public interface SeriesSource {
    /**
     * What a query will do with the series; a source may use it to read less, and may ignore it.
     *
     * @param stepMillis time between evaluations, or between groups of them; 0 when there is one
     * @param rangeMillis the range that each evaluation reads, 0 for an instant vector
     * @param windowMillis how long the times are in which samples matter, of which the first one
     *     begins with the selection, the next one a step later; samples between them may be left
     *     out. 0 when all are wanted
     * @param function the function or aggregation around the selector, empty when there is none
     * @param grouping labels of the aggregation around it
     * @param by whether {@code grouping} are those kept
     */
    record Hints(
            long stepMillis,
            long rangeMillis,
            long windowMillis,
            String function,
            List<String> grouping,
            boolean by) {
        /** Of who wants all samples as they are. */
        public static final Hints NONE = new Hints(0, 0, 0, "", List.of(), false);

        /** Copies the grouping. */
        public Hints {
            grouping = List.copyOf(grouping);
        }
    }

    /**
     * The series that pass all {@code matchers} and may have samples from {@code startMillis} to
     * {@code endMillis}, both inclusive.
     */
    Selection select(List<LabelMatcher> matchers, long startMillis, long endMillis, Hints hints);

    /**
     * Series that were found, numbered from 0 on in an order that depends on nothing but the series
     * that are stored: two selections of the same are in the same order. What it shows does not
     * change while it is open. Safe for several threads, as long as none closes it.
     */
    interface Selection extends AutoCloseable {
        /** How many series there are. */
        int size();

        /** What identifies the series {@code index}. */
        Labels labels(int index);

        /**
         * Reads the series from {@code from}, inclusive, to {@code to}, exclusive. Several cursors
         * may be open at once, each for one thread.
         */
        Cursor cursor(int from, int to);

        @Override
        default void close() {}
    }

    /** Reads some series of a selection, one after the other. Not safe for several threads. */
    interface Cursor extends AutoCloseable {
        /**
         * The next series, null after the last one: none is left out. Its arrays are valid until
         * the next call, or until the cursor is closed. It has no samples outside of the range that
         * was asked for, but may have none at all; staleness markers are among them.
         */
        @Nullable SeriesSamples next();

        @Override
        default void close() {}
    }
}
