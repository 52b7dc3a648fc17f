package dev.belfry.server;

import dev.belfry.identity.Principal;
import dev.belfry.journal.Idempotency;
import dev.belfry.model.EventBatch;
import dev.belfry.query.Engine;
import dev.belfry.query.PushWriter;
import dev.belfry.receive.JsonEventsConfig;
import dev.belfry.receive.Preparation;
import dev.belfry.server.config.Config;
import dev.belfry.server.config.Keys;
import dev.belfry.server.config.MetricKeys;
import dev.belfry.server.config.ReceiveKeys;
import dev.belfry.server.events.ReceiveEndpoint;
import dev.belfry.server.http.Endpoint;
import dev.belfry.server.logging.Log;
import dev.belfry.server.metrics.CollectEndpoint;
import dev.belfry.server.metrics.OwnMetrics;
import dev.belfry.server.metrics.OwnSamples;
import dev.belfry.server.metrics.Registry;
import dev.belfry.server.prometheus.WriteEndpoint;
import dev.belfry.server.receive.DatadogEndpoints;
import dev.belfry.server.receive.ElasticEndpoints;
import dev.belfry.server.receive.LokiEndpoints;
import dev.belfry.server.receive.MetricReceiving;
import dev.belfry.server.receive.OtlpEndpoints;
import dev.belfry.server.receive.Receiving;
import dev.belfry.server.receive.SplunkEndpoints;
import dev.belfry.server.scrape.ScrapeException;
import dev.belfry.server.scrape.Scraper;
import dev.belfry.server.scrape.TargetEndpoints;
import dev.belfry.server.series.ImportEndpoints;
import dev.belfry.server.series.InfluxEndpoints;
import dev.belfry.server.series.PushEndpoints;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * All ways in, joined: events and metrics by every protocol, what is scraped, Belfry's own samples.
 */
final class ReceiveParts implements AutoCloseable {
    private final Config config;
    private final Receiving receiving;
    private final PushWriter pushes;
    private final MetricReceiving metricReceiving;
    private final Scraper scraper;
    private final OwnSamples ownSamples;

    ReceiveParts(
            Config config,
            Awaited<Engine> engine,
            AccessParts access,
            Registry registry,
            OwnMetrics metrics,
            InstantSource clock,
            LongSupplier nowNanos,
            Log log) {
        this.config = config;
        this.receiving =
                new Receiving(
                        engine,
                        metrics,
                        nowNanos,
                        Math.toIntExact(config.get(Keys.BODY_MAX)),
                        Preparation.of(
                                ReceiveKeys.preparation(config),
                                (kind, count) -> metrics.redactions.add(count, kind)),
                        access.limiter(),
                        this::appendMetrics);
        this.pushes = new PushWriter(engine, clock);
        this.metricReceiving =
                new MetricReceiving(
                        receiving,
                        () -> engine.get().seriesResolver(),
                        (batch, pushed, principal, idempotency) -> {
                            if (pushed.isEmpty() && idempotency == null) {
                                engine.get().append(batch, principal);
                            } else {
                                pushes.append(batch, pushed, principal, idempotency);
                            }
                        },
                        access.limiter(),
                        nowNanos,
                        metrics);
        this.scraper =
                new Scraper(
                        config.find(MetricKeys.SCRAPE_FILE).map(Path::of).orElse(null),
                        config.get(MetricKeys.SCRAPE_CONFIGS),
                        Path.of("").toAbsolutePath(),
                        access.outgoing(),
                        () -> engine.get().seriesResolver(),
                        batch -> engine.get().append(batch, "scrape"),
                        clock,
                        line -> log.warn("scrape", line, Map.of()));
        this.ownSamples =
                new OwnSamples(
                        registry,
                        () -> engine.get().seriesResolver(),
                        batch -> engine.get().append(batch, OwnLines.PRINCIPAL),
                        clock,
                        line -> log.warn("metrics", line, Map.of()));
    }

    private void appendMetrics(
            EventBatch events, Principal principal, @Nullable Idempotency idempotency) {
        metricReceiving.append(events, principal, idempotency);
    }

    /** The way of events, for the listeners too. */
    Receiving receiving() {
        return receiving;
    }

    /** The way of metrics, for the listeners too. */
    MetricReceiving metricReceiving() {
        return metricReceiving;
    }

    List<Endpoint> endpoints() {
        JsonEventsConfig limits =
                new JsonEventsConfig(
                        Math.toIntExact(config.get(Keys.BODY_MAX)),
                        config.get(Keys.BATCH_MAX).intValue(),
                        Math.toIntExact(config.get(Keys.EVENT_MAX)));
        boolean anonymous = config.get(Keys.OTLP_ANONYMOUS).equals("loopback");
        List<Endpoint> all = new ArrayList<>();
        all.add(new ReceiveEndpoint(receiving, limits).endpoint());
        all.addAll(
                new OtlpEndpoints(
                                receiving,
                                limits,
                                metricReceiving,
                                MetricKeys.otlp(config),
                                anonymous)
                        .endpoints());
        all.addAll(new PushEndpoints(metricReceiving).endpoints());
        all.add(new CollectEndpoint(ownSamples).endpoint());
        all.addAll(new TargetEndpoints(scraper).endpoints());
        all.addAll(new InfluxEndpoints(metricReceiving).endpoints());
        all.addAll(new ImportEndpoints(metricReceiving).endpoints());
        all.addAll(new LokiEndpoints(receiving, limits).endpoints());
        all.addAll(new ElasticEndpoints(receiving, limits).endpoints());
        all.addAll(new SplunkEndpoints(receiving, limits).endpoints());
        all.addAll(new DatadogEndpoints(receiving, limits).endpoints());
        all.addAll(new WriteEndpoint(metricReceiving).endpoints());
        return all;
    }

    /**
     * Begins to scrape what is configured, and itself.
     *
     * @param instance the address that tells this process from others
     * @throws ScrapeException when what is to be scraped is not configured right
     */
    void start(String instance) throws ScrapeException {
        scraper.start();
        if (config.get(Keys.METRICS_ENABLED) && config.get(MetricKeys.STORE)) {
            ownSamples.start(instance);
        }
    }

    /** Takes nothing by itself from here on; what callers send is still taken. */
    void stop() {
        scraper.close();
        ownSamples.close();
    }

    /** Writes what was pushed and waits; nobody may send any more. */
    @Override
    public void close() {
        pushes.close();
    }
}
