package dev.belfry.store.metrics;

import dev.belfry.model.series.FloatHistogram;
import org.jspecify.annotations.Nullable;

/** Where the histograms stand that pages name by their places. */
interface HistogramSource {
    /** The histogram at {@code place}; null when it is damaged, which was told. */
    @Nullable FloatHistogram histogram(long place);
}
