package dev.belfry.metadata;

import org.jspecify.annotations.Nullable;

/**
 * The answer of one probe.
 *
 * @param up whether a row could be read within the limit
 * @param durationNanos how long the probe took
 * @param problem why it is down, without secrets; null when up
 */
public record MetadataHealth(boolean up, long durationNanos, @Nullable String problem) {}
