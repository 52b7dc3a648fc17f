package dev.belfry.model.series;

import java.util.List;

/**
 * What one frame of the journal holds: samples, and ahead of them the series among theirs that the
 * journal did not know for certain.
 *
 * @param definitions of series, any of them maybe not for the first time
 * @param batch the samples
 */
public record SampleFrame(List<SeriesDefinition> definitions, SampleBatch batch) {
    /** Copies the list. */
    public SampleFrame {
        definitions = List.copyOf(definitions);
    }
}
