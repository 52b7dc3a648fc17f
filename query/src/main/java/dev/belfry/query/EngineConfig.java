package dev.belfry.query;

import dev.belfry.journal.JournalConfig;
import dev.belfry.model.disk.Disk;
import dev.belfry.store.EventStoreConfig;
import dev.belfry.store.MetricStoreConfig;
import java.nio.file.Path;
import java.time.InstantSource;

/**
 * What an engine is opened with.
 *
 * @param folder the data folder; made when it is not there
 * @param disk the disk that it lies on
 * @param clock the time
 * @param journal how the journal behaves
 * @param events how the event store behaves
 * @param metrics how the metric store behaves
 */
public record EngineConfig(
        Path folder,
        Disk disk,
        InstantSource clock,
        JournalConfig journal,
        EventStoreConfig events,
        MetricStoreConfig metrics) {
    /** The machine's disk and clock, and the defaults of everything else. */
    public static EngineConfig of(Path folder, InstantSource clock) {
        return new EngineConfig(
                folder,
                Disk.real(),
                clock,
                JournalConfig.defaults(),
                EventStoreConfig.STANDARD,
                MetricStoreConfig.STANDARD);
    }

    /** This with another journal. */
    public EngineConfig withJournal(JournalConfig other) {
        return new EngineConfig(folder, disk, clock, other, events, metrics);
    }

    /** This with another event store. */
    public EngineConfig withEvents(EventStoreConfig other) {
        return new EngineConfig(folder, disk, clock, journal, other, metrics);
    }

    /** This with another metric store. */
    public EngineConfig withMetrics(MetricStoreConfig other) {
        return new EngineConfig(folder, disk, clock, journal, events, other);
    }
}
