package dev.belfry.receive.series;

import dev.belfry.model.series.KeyHash;
import dev.belfry.model.series.Labels;
import dev.belfry.model.series.MetricType;
import dev.belfry.model.series.SampleBatch;

/** Where a decoder finds series and puts samples; for one thread. */
public interface SeriesSink {
    /** Begins the next metric of a message, for those who count. */
    default void item() {}

    /** Begins the hash of a series. */
    KeyHash begin();

    /**
     * The series that is known by the hash as it is now; NONE when there is none, another negative
     * number when it is not wanted.
     */
    int find();

    /**
     * The series of {@code labels}, to be known by the hash as it is now; a negative number when it
     * is refused or not wanted.
     */
    int resolve(Labels labels);

    /** Where samples and exemplars go. */
    SampleBatch.Builder samples();

    /** Begins the hash of what is said of a family. */
    default KeyHash beginFamily() {
        return begin();
    }

    /** Whether what is under the hash as it is now was not told of a family before. */
    boolean isNewFamily();

    /** Tells of a family. */
    void family(String name, MetricType type, String unit, String help);
}
