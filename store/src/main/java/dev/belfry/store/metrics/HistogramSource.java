package dev.belfry.store.metrics;

import dev.belfry.model.series.FloatHistogram;

/** Where the histograms stand that pages name by their places. */
interface HistogramSource {
    /**
     * The histogram at {@code place}.
     *
     * @throws dev.belfry.model.wire.WireFormatException when it is damaged
     */
    FloatHistogram histogram(long place);
}
