package dev.belfry.model.series;

/**
 * Takes away the samples of series that stand before it in the journal.
 *
 * @param series their numbers, ascending; not to be changed
 * @param startMillis from when on, inclusive
 * @param endMillis until when, inclusive
 */
public record SeriesDeletion(int[] series, long startMillis, long endMillis) {}
