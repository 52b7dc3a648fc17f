package dev.belfry.query.promql;

import org.jspecify.annotations.Nullable;

/**
 * What became of a query, for a log of the slow ones.
 *
 * @param query its text
 * @param startMillis the first time of evaluation
 * @param endMillis the last one
 * @param stepMillis time between two; 0 for an instant query
 * @param durationNanos how long it took
 * @param seriesRead series that selectors found
 * @param samplesRead samples that were read of them
 * @param failure why there was no answer; null when there was one
 */
public record QueryRun(
        String query,
        long startMillis,
        long endMillis,
        long stepMillis,
        long durationNanos,
        long seriesRead,
        long samplesRead,
        @Nullable String failure) {}
