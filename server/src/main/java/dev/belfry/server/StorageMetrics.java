package dev.belfry.server;

import dev.belfry.query.Engine;
import dev.belfry.query.EngineStatus;
import dev.belfry.server.metrics.Histogram;
import dev.belfry.server.metrics.Registry;
import dev.belfry.server.metrics.Sampled;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** What journal and stores tell about themselves, as metrics. */
final class StorageMetrics {
    private static final long FRESH_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final Supplier<@Nullable Engine> engine;
    private final SourceCount sources;
    private @Nullable EngineStatus status;
    private @Nullable Histogram compactionDuration;
    private long compactionsSeen;
    private long compactionNanosSeen;
    private long readNanoTime;

    /** Of {@code engine}, which is null before it is open. */
    StorageMetrics(Supplier<@Nullable Engine> engine) {
        this.engine = engine;
        this.sources = new SourceCount(engine);
    }

    /** Registers them, and gives the one that stands alone in seed 001's exposition. */
    Sampled register(Registry registry) {
        registerStorage(registry);
        registerJournal(registry);
        registerCompaction(registry);
        return registry.add(
                new Sampled(
                        "monitoring_total_events",
                        "Total number of events in the system",
                        "counter",
                        List.of(),
                        sink -> sink.accept(read(s -> s.store().eventsEver()))));
    }

    private void registerStorage(Registry registry) {
        gauge(registry, "storage_events_total", "Events stored now.", s -> s.store().events());
        gauge(
                registry,
                "storage_entities_total",
                "Sources that have events stored, and series.",
                s -> sources.count() + s.metrics().series());
        gauge(
                registry,
                "storage_size_bytes",
                "Bytes of journal, segments of events and blocks of metrics.",
                s -> s.journal().bytes() + s.store().segmentBytes() + s.metrics().blockBytes());
        gauge(
                registry,
                "parquet_files_total",
                "Parquet files of segments.",
                s -> s.store().segments().size());
        gauge(registry, "wal_segments_total", "Files of the journal.", s -> s.journal().files());
        gauge(
                registry,
                "storage_hot_events",
                "Events that are not in segments yet.",
                s -> s.store().hotRows());
        gauge(
                registry,
                "storage_hot_bytes",
                "Memory of events that are not in segments yet.",
                s -> s.store().hotBytes());
        gauge(
                registry,
                "storage_lag_bytes",
                "Bytes acknowledged and not readable yet.",
                s -> s.store().lagBytes());
        counter(
                registry,
                "storage_seals_total",
                "Times that hot events became segments.",
                s -> s.store().seals());
        counter(
                registry,
                "storage_events_expired_total",
                "Events that retention dropped.",
                s -> s.store().eventsExpired());
        gauge(
                registry,
                "retention_last_success_timestamp_seconds",
                "When retention of events last ran to its end, seconds since 1970.",
                s -> s.store().retentionMillis() / 1e3);
        counter(
                registry,
                "storage_unapplied_total",
                "Batches that could not be applied and were put aside.",
                s -> s.store().unapplied() + s.metrics().unapplied());
        counter(
                registry,
                "storage_damages_total",
                "Damages found in segments, blocks and manifests.",
                s -> s.store().damages() + s.metrics().damages());
        gauge(
                registry,
                "storage_unreadable_events",
                "Events of damaged segments that cannot be read.",
                s -> s.store().unreadableEvents());
        counter(
                registry,
                "events_future_timestamp_total",
                "Events kept although their time was more than an hour ahead.",
                s -> s.store().futureEvents());
    }

    private void registerJournal(Registry registry) {
        counter(
                registry,
                "journal_appends_total",
                "Requests appended to the journal.",
                s -> s.journal().appends());
        counter(
                registry,
                "journal_records_total",
                "Records appended to the journal.",
                s -> s.journal().records());
        counter(
                registry,
                "journal_written_bytes_total",
                "Bytes written to the journal.",
                s -> s.journal().writtenBytes());
        counter(
                registry,
                "journal_forces_total",
                "Times that the journal was forced to the disk.",
                s -> s.journal().forces());
        counter(
                registry,
                "journal_failed_forces_total",
                "Forces that failed.",
                s -> s.journal().failedForces());
        counter(
                registry,
                "journal_refused_full_total",
                "Requests refused because the disk was full.",
                s -> s.journal().refusedFull());
        counter(
                registry,
                "journal_refused_overload_total",
                "Requests refused because too much waited.",
                s -> s.journal().refusedOverload());
        counter(
                registry,
                "journal_damages_total",
                "Damages found in the journal.",
                s -> s.journal().damageCount());
        counter(
                registry,
                "journal_lost_records_total",
                "Records that were durable and are lost by damage.",
                s -> s.journal().lostRecords());
    }

    private void registerCompaction(Registry registry) {
        counter(registry, "compactions_total", "Merges of segments.", s -> s.store().compactions());
        compactionDuration =
                registry.histogram(
                        "compaction_duration_seconds", "Time that a merge of segments took.");
        counter(
                registry,
                "compaction_files_merged",
                "Segments that merges replaced.",
                s -> s.store().filesMerged());
        counter(
                registry,
                "compaction_bytes_saved",
                "Bytes that merges saved.",
                s -> s.store().bytesSaved());
    }

    private void gauge(
            Registry registry, String name, String help, ToDoubleFunction<EngineStatus> value) {
        registry.gauge(name, help, () -> read(value));
    }

    private void counter(
            Registry registry, String name, String help, ToDoubleFunction<EngineStatus> value) {
        registry.counter(name, help, () -> read(value));
    }

    private synchronized double read(ToDoubleFunction<EngineStatus> value) {
        long now = System.nanoTime();
        EngineStatus known = status;
        if (known == null || now - readNanoTime > FRESH_NANOS) {
            Engine open = engine.get();
            known = open == null ? null : open.status();
            observeCompactions(known);
            status = known;
            readNanoTime = now;
        }
        return known == null ? 0 : value.applyAsDouble(known);
    }

    /** Merges since the last look share the time that they took together. */
    private void observeCompactions(@Nullable EngineStatus known) {
        Histogram durations = compactionDuration;
        if (known == null || durations == null) {
            return;
        }
        long count = known.store().compactions() - compactionsSeen;
        long nanos = known.store().compactionNanos() - compactionNanosSeen;
        compactionsSeen += count;
        compactionNanosSeen += nanos;
        for (long merge = 0; merge < count; merge++) {
            durations.observeNanos(nanos / count);
        }
    }
}
