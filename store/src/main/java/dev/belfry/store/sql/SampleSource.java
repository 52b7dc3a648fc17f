package dev.belfry.store.sql;

import dev.belfry.model.series.SeriesSamples;
import java.util.function.Consumer;

/** Where {@code samples(selector, start, end)} of SQL comes from. */
@FunctionalInterface
public interface SampleSource {
    /**
     * Gives the series that {@code selector} names with their samples from {@code startMillis} to
     * {@code endMillis}, both inclusive; what it gives is valid until {@code target} returns.
     *
     * @throws dev.belfry.model.BelfryException VALIDATION_ERROR when it is no selector
     */
    void read(String selector, long startMillis, long endMillis, Consumer<SeriesSamples> target);
}
