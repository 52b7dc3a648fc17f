package dev.belfry.query;

import dev.belfry.journal.JournalStatus;
import dev.belfry.store.MetricStatus;
import dev.belfry.store.StoreStatus;

/**
 * How the engine is doing.
 *
 * @param journal the write-ahead log
 * @param store the event store
 * @param metrics the metric store
 */
public record EngineStatus(JournalStatus journal, StoreStatus store, MetricStatus metrics) {}
