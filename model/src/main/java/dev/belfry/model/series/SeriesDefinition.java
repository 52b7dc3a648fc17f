package dev.belfry.model.series;

/**
 * What a series' number stands for.
 *
 * @param series its number, at least 0
 * @param labels what identifies it
 */
public record SeriesDefinition(int series, Labels labels) {}
