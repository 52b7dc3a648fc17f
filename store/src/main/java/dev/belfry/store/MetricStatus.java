package dev.belfry.store;

/**
 * How the metric store is doing.
 *
 * @param appliedEnd the journal offset up to which everything is readable
 * @param series series that are known
 * @param samplesEver samples applied since the start
 * @param headSamples samples not in blocks yet
 * @param headBytes memory that they take
 * @param indexBytes memory of the index, about
 * @param keys keys of requests that are remembered
 * @param lagBytes bytes acknowledged and not readable yet
 * @param unapplied frames that could not be applied and were put aside
 * @param failure what fails now, empty when nothing does
 */
public record MetricStatus(
        long appliedEnd,
        long series,
        long samplesEver,
        long headSamples,
        long headBytes,
        long indexBytes,
        long keys,
        long lagBytes,
        long unapplied,
        String failure) {}
