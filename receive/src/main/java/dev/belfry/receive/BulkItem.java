package dev.belfry.receive;

import org.jspecify.annotations.Nullable;

/**
 * What one action of a {@code _bulk} body asked for.
 *
 * @param action {@code create}, {@code index}, {@code update} or {@code delete}
 * @param index where to; empty when neither the action nor the path said
 * @param id the document's id; null when the action has none
 */
public record BulkItem(String action, String index, @Nullable String id) {}
