package dev.belfry.query;

/**
 * The bounds of one query in PromQL.
 *
 * @param lookbackMillis how old a sample may be to stand for an instant
 * @param samplesMax samples in memory at once
 * @param memoryMaxBytes memory of all vectors, about
 * @param timeoutMillis time until it is given up
 */
public record PromqlBounds(
        long lookbackMillis, long samplesMax, long memoryMaxBytes, long timeoutMillis) {
    /** Prometheus' bounds: 5 minutes back, 50 million samples, 2 minutes; and 1 GiB. */
    public static final PromqlBounds DEFAULT =
            new PromqlBounds(300_000, 50_000_000, 1L << 30, 120_000);

    /** With another lookback. */
    public PromqlBounds withLookback(long millis) {
        return new PromqlBounds(millis, samplesMax, memoryMaxBytes, timeoutMillis);
    }

    /** With another timeout. */
    public PromqlBounds withTimeout(long millis) {
        return new PromqlBounds(lookbackMillis, samplesMax, memoryMaxBytes, millis);
    }
}
