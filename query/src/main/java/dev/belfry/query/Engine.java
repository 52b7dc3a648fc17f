package dev.belfry.query;

import dev.belfry.journal.Append;
import dev.belfry.journal.Appended;
import dev.belfry.journal.DataFolder;
import dev.belfry.journal.Idempotency;
import dev.belfry.journal.Journal;
import dev.belfry.journal.Stream;
import dev.belfry.model.EventBatch;
import dev.belfry.model.EventId;
import dev.belfry.model.series.LabelMatcher;
import dev.belfry.model.series.SampleBatch;
import dev.belfry.model.series.SeriesResolver;
import dev.belfry.model.wire.EventBatchCodec;
import dev.belfry.model.wire.WireWriter;
import dev.belfry.store.AppliedBatch;
import dev.belfry.store.EventStore;
import dev.belfry.store.MetricStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A telemetry database in a folder, without server, users or rules: what is appended is durable
 * when the call returns, and every query after it sees it. Safe for many threads.
 */
public final class Engine implements AutoCloseable {
    private final DataFolder folder;
    private final Journal journal;
    private final EventStore events;
    private final MetricStore metrics;
    private final EventQueries queries;

    private Engine(DataFolder folder, Journal journal, EventStore events, MetricStore metrics) {
        this.folder = folder;
        this.journal = journal;
        this.events = events;
        this.metrics = metrics;
        this.queries = new EventQueries(events, metrics);
    }

    /** Opens the engine in {@code folder} with the defaults; makes it when it is not there. */
    public static Engine open(Path folder) throws IOException {
        return open(EngineConfig.of(folder, Clock.systemUTC()));
    }

    /**
     * Opens an engine: repairs the journal's tail and begins to read again what the stores have not
     * sealed. Appending is possible when this returns; queries wait until the stores have caught
     * up.
     *
     * @throws IOException when the folder is held by another process, is of a newer release, or
     *     cannot be read
     */
    public static Engine open(EngineConfig config) throws IOException {
        DataFolder folder = DataFolder.open(config.folder(), config.disk(), config.clock());
        Journal journal = null;
        EventStore events = null;
        try {
            journal =
                    Journal.open(
                            config.journal(),
                            config.disk(),
                            config.folder().resolve("journal"),
                            config.clock());
            /* Neither store may let the journal go before the other has said what it needs. */
            journal.pin(EventStore.READER, 0, Long.MAX_VALUE);
            journal.pin(MetricStore.READER, 0, Long.MAX_VALUE);
            events =
                    EventStore.open(
                            config.events(),
                            config.disk(),
                            config.folder().resolve("events"),
                            journal,
                            config.clock());
            MetricStore metrics =
                    MetricStore.open(
                            config.metrics(),
                            config.disk(),
                            config.folder().resolve("metrics"),
                            journal,
                            config.clock());
            return new Engine(folder, journal, events, metrics);
        } catch (IOException | RuntimeException failure) {
            if (events != null) {
                events.close();
            }
            if (journal != null) {
                journal.close();
            }
            folder.close();
            throw failure;
        }
    }

    /**
     * Appends the events of {@code batch}; durable when this returns.
     *
     * @param principal who sends them, such as {@code user:<uuid>}; empty when nobody is known
     * @param idempotency the request's key, null when it has none
     * @return where they stand: event {@code i} has the id {@link #id(Appended, int)}
     * @throws dev.belfry.model.BelfryException OVERLOADED when the stores are behind, STORAGE_FULL
     *     when there is no room, QUERY_LIMIT when the key was used with another body
     */
    public Appended append(EventBatch batch, String principal, @Nullable Idempotency idempotency) {
        events.checkCapacity();
        WireWriter writer = new WireWriter(EventBatchCodec.estimate(batch));
        EventBatchCodec.encode(batch, writer);
        Appended appended =
                journal.append(
                        new Append(
                                Stream.EVENTS,
                                0,
                                EventBatchCodec.VERSION,
                                writer.array(),
                                writer.size(),
                                batch.count(),
                                principal,
                                idempotency,
                                batch));
        if (!appended.replayed()) {
            events.acknowledged(writer.size());
        }
        return appended;
    }

    /**
     * Appends the samples of {@code batch}, whose series {@link #seriesResolver} gave; durable when
     * this returns.
     *
     * @param principal who sends them, such as {@code user:<uuid>}; empty when nobody is known
     * @throws dev.belfry.model.BelfryException OVERLOADED when the store is behind, STORAGE_FULL
     *     when there is no room, VALIDATION_ERROR when a time is before 1970
     */
    public Appended append(SampleBatch batch, String principal) {
        return append(batch, principal, null);
    }

    /**
     * As above, once for all requests of the same key.
     *
     * @param idempotency what makes sending it again harmless; null for none
     */
    public Appended append(SampleBatch batch, String principal, @Nullable Idempotency idempotency) {
        Append append = metrics.appendOf(batch, principal, idempotency);
        Appended appended = journal.append(append);
        if (!appended.replayed()) {
            metrics.acknowledged(append);
        }
        return appended;
    }

    /**
     * Deletes the samples that are there now, from {@code startMillis} to {@code endMillis}
     * (inclusive), of the series that pass one of {@code selectors}; no query sees them when this
     * returns.
     *
     * @throws dev.belfry.model.BelfryException OVERLOADED when the store is behind, STORAGE_FULL
     *     when there is no room
     */
    public void deleteSeries(
            List<List<LabelMatcher>> selectors,
            long startMillis,
            long endMillis,
            String principal) {
        Append deletion = metrics.deletionOf(selectors, startMillis, endMillis, principal);
        if (deletion != null) {
            journal.append(deletion);
            metrics.awaitApplied();
        }
    }

    /** Gives series their numbers, before their samples are appended. */
    public SeriesResolver seriesResolver() {
        return metrics.resolver();
    }

    /** The questions about series, and what is done with them behind the scenes. */
    public MetricStore metrics() {
        return metrics;
    }

    /** The id of event {@code index} of an appended batch. */
    public static UUID id(Appended appended, int index) {
        return new EventId(
                        appended.receivedMillis(),
                        appended.partition(),
                        appended.baseOffset() + index)
                .uuid();
    }

    /** The questions about events. */
    public EventQueries events() {
        return queries;
    }

    /** The piped language over events. */
    public Insights insights() {
        return new Insights(events);
    }

    /** The event store's front door for plans. */
    public EventStore store() {
        return events;
    }

    /**
     * Waits until the stores have applied what the journal held at the start; false when not within
     * {@code timeout}.
     */
    public boolean awaitRecovered(Duration timeout) throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        return events.awaitRecovered(timeout)
                && metrics.awaitRecovered(
                        Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
    }

    /** As {@link #awaitRecovered}, of the metric store, which does not delay its recovery. */
    public boolean awaitMetrics(Duration timeout) throws InterruptedException {
        return metrics.awaitRecovered(timeout);
    }

    /**
     * Calls {@code listener} with each batch when it has become readable; it must be quick and must
     * not throw.
     */
    public void onApplied(Consumer<AppliedBatch> listener) {
        events.onApplied(listener);
    }

    /** How it is doing. */
    public EngineStatus status() {
        return new EngineStatus(journal.status(), events.status(), metrics.status());
    }

    /** Tells this data folder from all others. */
    public UUID instanceId() {
        return folder.instanceId();
    }

    /** Ends it: what was acknowledged is durable already, so that nothing is lost. */
    @Override
    public void close() throws IOException {
        try (folder;
                journal;
                metrics) {
            events.close();
        }
    }
}
