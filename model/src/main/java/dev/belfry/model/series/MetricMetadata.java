package dev.belfry.model.series;

/**
 * What is known of a family of series.
 *
 * @param family the metric's name, without {@code _bucket}, {@code _sum}, {@code _count}
 * @param type what kind it is
 * @param unit its unit, empty when nobody said
 * @param help what it means, empty when nobody said
 */
public record MetricMetadata(String family, MetricType type, String unit, String help) {}
