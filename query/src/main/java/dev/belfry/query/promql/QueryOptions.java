package dev.belfry.query.promql;

/**
 * The bounds of one query.
 *
 * @param lookbackMillis how old a sample may be to stand for an instant
 * @param samplesMax samples in memory at once
 * @param seriesMax series that selectors read
 * @param memoryMaxBytes memory of all vectors, about
 * @param timeoutMillis time until it is given up
 * @param subqueryStepMillis step of a subquery that has none
 */
public record QueryOptions(
        long lookbackMillis,
        long samplesMax,
        long seriesMax,
        long memoryMaxBytes,
        long timeoutMillis,
        long subqueryStepMillis) {
    /** Prometheus' bounds: 5 minutes back, 50 million samples, 2 minutes; and 1 GiB. */
    public static final QueryOptions DEFAULT =
            new QueryOptions(300_000, 50_000_000, 10_000_000, 1L << 30, 120_000, 60_000);
}
