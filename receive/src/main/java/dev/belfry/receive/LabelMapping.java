package dev.belfry.receive;

import dev.belfry.model.series.Labels;
import org.jspecify.annotations.Nullable;

/** What becomes of the labels that a target gives; asked about once per series. */
@FunctionalInterface
public interface LabelMapping {
    /** As they are. */
    LabelMapping NONE = labels -> labels;

    /** The labels that {@code scraped} become; null when the series is not wanted. */
    @Nullable Labels map(Labels scraped);
}
