package dev.belfry.store.block;

import dev.belfry.model.series.FloatHistogram;
import org.jspecify.annotations.Nullable;

/** Takes samples that were read. */
public interface SampleSink {
    /**
     * Takes the samples {@code [from .. to)}, ascending by time, after those of earlier calls. The
     * arrays are the reader's, and valid until this returns.
     *
     * @param histograms null when all are numbers; else null at the places of numbers
     */
    void take(
            long[] timesMillis,
            double[] values,
            @Nullable FloatHistogram @Nullable [] histograms,
            int from,
            int to);
}
