package dev.belfry.model.series;

import org.jspecify.annotations.Nullable;

/**
 * Samples of one series in columns, ascending by time without a timestamp twice. The arrays belong
 * to whoever made it, and may be longer than {@code size}; a reader does not change them.
 *
 * @param labels what identifies the series
 * @param timestampsMillis when
 * @param values the values; a staleness marker is {@link StaleNaN}, of histograms too
 * @param histograms null when the series has only numbers; else the histogram at each place that
 *     has one, where the value does not count, and null elsewhere
 * @param size how many samples there are
 */
public record SeriesSamples(
        Labels labels,
        long[] timestampsMillis,
        double[] values,
        @Nullable FloatHistogram @Nullable [] histograms,
        int size) {

    /** The histogram at {@code index}, null when the sample is a number. */
    public @Nullable FloatHistogram histogram(int index) {
        return histograms == null ? null : histograms[index];
    }
}
