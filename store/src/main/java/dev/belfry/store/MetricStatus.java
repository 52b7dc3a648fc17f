package dev.belfry.store;

import java.util.List;

/**
 * How the metric store is doing.
 *
 * @param appliedEnd the journal offset up to which everything is readable
 * @param series series that are known
 * @param samples samples stored now, about: what was written twice may count twice
 * @param samplesEver samples ever applied, restarts included
 * @param headSamples samples not in blocks yet
 * @param headBytes memory that they take
 * @param indexBytes memory of the index, about
 * @param keys keys of requests that are remembered
 * @param lagBytes bytes acknowledged and not readable yet
 * @param blocks how many blocks
 * @param blockBytes size of their files
 * @param flushes flushes since the start
 * @param merges merges since the start
 * @param expired samples that retention dropped since the start
 * @param forgotten series that were forgotten since the start, for they had no samples
 * @param refused new series that were refused since the start, for there are too many
 * @param unapplied frames that could not be applied and were put aside
 * @param damages how much damage was found since the start
 * @param damage what was found damaged, the first 100
 * @param failure what fails now, empty when nothing does
 */
public record MetricStatus(
        long appliedEnd,
        long series,
        long samples,
        long samplesEver,
        long headSamples,
        long headBytes,
        long indexBytes,
        long keys,
        long lagBytes,
        int blocks,
        long blockBytes,
        long flushes,
        long merges,
        long expired,
        long forgotten,
        long refused,
        long unapplied,
        long damages,
        List<String> damage,
        String failure) {
    /** Copies the list. */
    public MetricStatus {
        damage = List.copyOf(damage);
    }
}
