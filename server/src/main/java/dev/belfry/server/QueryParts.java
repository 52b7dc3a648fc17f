package dev.belfry.server;

import dev.belfry.identity.Identity;
import dev.belfry.metadata.SavedQueries;
import dev.belfry.query.Engine;
import dev.belfry.query.Promql;
import dev.belfry.query.PromqlBounds;
import dev.belfry.server.config.Config;
import dev.belfry.server.config.Keys;
import dev.belfry.server.events.CompareEndpoint;
import dev.belfry.server.events.ContextEndpoint;
import dev.belfry.server.events.ExportEndpoint;
import dev.belfry.server.events.InsightEndpoints;
import dev.belfry.server.events.PatternEndpoint;
import dev.belfry.server.events.QueryDesk;
import dev.belfry.server.events.QuerySchedule;
import dev.belfry.server.events.Rehearsal;
import dev.belfry.server.events.RunningEndpoints;
import dev.belfry.server.events.SavedQueryEndpoints;
import dev.belfry.server.events.SearchEndpoints;
import dev.belfry.server.events.SqlEndpoint;
import dev.belfry.server.events.TailService;
import dev.belfry.server.http.Endpoint;
import dev.belfry.server.limits.RateLimiter;
import dev.belfry.server.metrics.OwnMetrics;
import dev.belfry.server.metrics.Registry;
import dev.belfry.server.metrics.Sampled;
import dev.belfry.server.prometheus.FederateEndpoint;
import dev.belfry.server.prometheus.QueryEndpoints;
import dev.belfry.server.prometheus.ReadEndpoint;
import dev.belfry.server.prometheus.SeriesEndpoints;
import dev.belfry.server.series.ExpositionEndpoints;
import dev.belfry.server.series.MetricEndpoints;
import dev.belfry.store.QueryMemory;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** All questions about what is stored, joined: events, metrics, saved queries. */
final class QueryParts implements AutoCloseable {
    /* All queries together hold 3/16 of the heap at most: 96 MiB of 512. */
    private static final int HEAP_SIXTEENTHS = 3;

    private final Config config;
    private final Awaited<Engine> engine;
    private final Supplier<Identity> identity;
    private final LongSupplier nowNanos;
    private final QueryMemory memory;
    private final QueryDesk desk;
    private final QuerySchedule schedule;
    private final Rehearsal rehearsal;
    private final Promql promql = new Promql(System::nanoTime);

    QueryParts(
            Config config,
            Awaited<Engine> engine,
            Supplier<Identity> identity,
            Registry registry,
            OwnMetrics metrics,
            RateLimiter limiter,
            LongSupplier nowNanos) {
        this.config = config;
        this.engine = engine;
        this.identity = identity;
        this.nowNanos = nowNanos;
        this.memory =
                new QueryMemory(
                        Math.max(
                                config.get(Keys.QUERY_MEMORY),
                                Runtime.getRuntime().maxMemory() / 16 * HEAP_SIXTEENTHS));
        registry.gauge(
                "query_memory_used_bytes",
                "Memory that queries, and answers of PromQL that are not sent yet, hold now.",
                memory::takenBytes);
        registry.gauge(
                "query_memory_max_bytes",
                "Memory that all queries together may hold.",
                memory::maxBytes);
        this.desk =
                new QueryDesk(
                        config.get(Keys.QUERY_CONCURRENCY).intValue(),
                        config.get(Keys.QUERY_TIMEOUT),
                        config.get(Keys.QUERY_MEMORY),
                        memory,
                        config.get(Keys.QUERY_ROWS).intValue(),
                        metrics,
                        limiter,
                        nowNanos);
        this.schedule = new QuerySchedule(engine, desk, identity, nowNanos);
        this.rehearsal = new Rehearsal(engine::now);
    }

    /**
     * The declarations.
     *
     * @param shown own metrics that the exposition of what was sent begins with
     */
    List<Endpoint> endpoints(
            Supplier<SavedQueries> saved, List<Sampled> shown, InstantSource clock) {
        List<Endpoint> all = new ArrayList<>();
        all.addAll(new MetricEndpoints(engine, desk, nowNanos).endpoints());
        all.addAll(new ExpositionEndpoints(engine, desk, shown, clock).endpoints());
        all.addAll(prometheus());
        all.addAll(new SearchEndpoints(engine, desk, nowNanos).endpoints());
        all.add(new ContextEndpoint(engine, desk).endpoint());
        all.add(new PatternEndpoint(engine, desk, nowNanos).endpoint());
        all.add(new ExportEndpoint(engine, desk, identity, nowNanos).endpoint());
        all.add(new CompareEndpoint(engine, desk, nowNanos).endpoint());
        all.addAll(new InsightEndpoints(engine, desk, identity, nowNanos).endpoints());
        all.addAll(new RunningEndpoints(desk, identity).endpoints());
        all.addAll(new SavedQueryEndpoints(saved, identity, nowNanos).endpoints());
        all.add(TailService.declare());
        all.add(
                new SqlEndpoint(
                                (text, context) -> engine.get().events().sql(text, context),
                                identity,
                                desk)
                        .endpoint());
        return all;
    }

    private List<Endpoint> prometheus() {
        PromqlBounds bounds =
                new PromqlBounds(
                        PromqlBounds.DEFAULT.lookbackMillis(),
                        PromqlBounds.DEFAULT.samplesMax(),
                        memory.maxBytes(),
                        config.get(Keys.QUERY_TIMEOUT).toMillis());
        List<Endpoint> all = new ArrayList<>();
        all.addAll(new QueryEndpoints(engine, promql, desk, nowNanos, bounds).endpoints());
        all.addAll(new SeriesEndpoints(engine, desk, identity).endpoints());
        all.addAll(new ReadEndpoint(engine, desk).endpoints());
        all.addAll(new FederateEndpoint(engine, desk, nowNanos).endpoints());
        return all;
    }

    /** Begins to run the queries that are scheduled, and to rehearse others. */
    void start(SavedQueries saved) {
        schedule.start(saved);
        rehearsal.start();
    }

    @Override
    public void close() {
        rehearsal.close();
        schedule.close();
        promql.close();
    }
}
