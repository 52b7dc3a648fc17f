package dev.belfry.model.series;

/**
 * An observation that stands for others, with what leads to it (mostly {@code trace_id}).
 *
 * @param labels of its own, without those of its series
 * @param value what was observed
 * @param timestampMillis when
 */
public record Exemplar(Labels labels, double value, long timestampMillis) {}
