package dev.belfry.query;

/**
 * What a query cost.
 *
 * @param samplesRead samples that were read for it
 * @param samplesPeak the most samples that it held at once
 * @param prepareNanos from its text to its plan
 * @param evaluateNanos until it had its series, reading them included
 * @param sortNanos until they were in the order of their labels
 */
public record QueryCost(
        long samplesRead, long samplesPeak, long prepareNanos, long evaluateNanos, long sortNanos) {
    /** All of its time. */
    public long totalNanos() {
        return prepareNanos + evaluateNanos + sortNanos;
    }
}
