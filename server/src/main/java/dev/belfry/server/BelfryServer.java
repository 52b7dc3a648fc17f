package dev.belfry.server;

import com.linecorp.armeria.server.Server;
import dev.belfry.identity.Identity;
import dev.belfry.identity.IdentityConfig;
import dev.belfry.identity.SecurityEvent;
import dev.belfry.metadata.MetadataConfig;
import dev.belfry.metadata.MetadataStore;
import dev.belfry.metadata.SavedQueries;
import dev.belfry.metadata.Settings;
import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.model.disk.Disk;
import dev.belfry.query.Engine;
import dev.belfry.server.config.Config;
import dev.belfry.server.config.ConfigException;
import dev.belfry.server.config.Keys;
import dev.belfry.server.events.TailService;
import dev.belfry.server.health.FigureEndpoints;
import dev.belfry.server.http.Access;
import dev.belfry.server.http.ApiService;
import dev.belfry.server.http.Authentication;
import dev.belfry.server.http.CrossOrigin;
import dev.belfry.server.http.Ending;
import dev.belfry.server.http.Endpoint;
import dev.belfry.server.http.InFlight;
import dev.belfry.server.http.OpenApi;
import dev.belfry.server.http.Reply;
import dev.belfry.server.http.Routes;
import dev.belfry.server.http.Shape;
import dev.belfry.server.http.StaticFiles;
import dev.belfry.server.listen.ListenMetrics;
import dev.belfry.server.listen.Listeners;
import dev.belfry.server.logging.Level;
import dev.belfry.server.logging.Line;
import dev.belfry.server.logging.Log;
import dev.belfry.server.logging.Loggers;
import dev.belfry.server.metrics.MetricsEndpoints;
import dev.belfry.server.metrics.OwnMetrics;
import dev.belfry.server.metrics.Registry;
import dev.belfry.server.metrics.Sampled;
import dev.belfry.server.prometheus.StatusEndpoints;
import dev.belfry.server.receive.OtlpPorts;
import dev.belfry.server.storage.StorageEndpoints;
import dev.belfry.server.tls.Tls;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A running Belfry: everything joined by constructors, closed in reverse order. */
public final class BelfryServer implements AutoCloseable {
    /*
     *  start:   log ─► engine (journal repaired; its stores recover on)  ┐ at the same time
     *                  accounts (metadata, migrations, identity)         ├─► started
     *                  web server (port)                                 ┘
     *  close:   web server (what is in work ends) ─► log ─► engine ─► accounts
     *
     * A request that needs a part which is not open yet waits for it, a few seconds at most.
     */
    private static final long STOPPED_MILLIS = 3_000;

    private final Config config;
    private final Path data;
    private final InstantSource clock;
    private final Log log;
    private final Awaited<Engine> engine;
    private final Awaited<Accounts> accounts;
    private final Registry registry;
    private final OwnMetrics metrics;
    private final AccessParts access;
    private final Authentication authentication;
    private final TailService tail;
    private final ReceiveParts receiving;
    private final Ports ports;
    private final Listeners listeners;
    private final QueryParts queries;
    private final Routes routes;
    private final EventLoopGroup loops;
    private final HealthParts health;
    private final Server web;
    private final OtlpPorts otlp;

    private BelfryServer(
            Config config, Path data, Disk disk, InstantSource clock, Log log, Optional<Tls> tls) {
        this.config = config;
        this.data = data;
        this.clock = clock;
        this.log = log;
        this.engine =
                Awaited.open(
                        "the event store",
                        () -> Engine.open(EngineSettings.of(config, data, disk, clock)));
        this.accounts = Awaited.open("the metadata store", this::openAccounts);
        this.registry =
                new Registry(config.get(Keys.METRICS_PREFIX), config.get(Keys.METRICS_ENABLED));
        this.metrics = new OwnMetrics(registry);
        this.access = new AccessParts(config, log, registry);
        this.authentication = new Authentication(this::identity, this::openedIdentity);
        this.loops = EventLoops.open();
        this.health = new HealthParts(data, engine, accounts, loops, clock);
        Sampled totalEvents = new StorageMetrics(engine::now).register(registry);
        InFlight inFlight = new InFlight(config.get(Keys.INFLIGHT_MAX));
        registry.gauge(
                "http_bodies_in_flight_bytes", "Bytes of bodies in work now.", inFlight::bytes);
        registry.counter(
                "log_lines_dropped_total", "Lines of the own log left out.", log::droppedLines);
        this.receiving =
                new ReceiveParts(
                        config, engine, access, registry, metrics, clock, this::nowNanos, log);
        this.ports = new Ports(config, tls, registry, loops, log);
        this.listeners =
                new Listeners(
                        receiving.receiving(),
                        receiving.metricReceiving(),
                        key -> identity().authenticate(key),
                        this::nowNanos,
                        new ListenMetrics(registry),
                        log,
                        tls.map(Tls::context).orElse(null));
        this.queries =
                new QueryParts(
                        config,
                        engine,
                        this::identity,
                        registry,
                        metrics,
                        access.limiter(),
                        this::nowNanos);
        this.routes = new Routes(declare(totalEvents));
        ApiService api =
                new ApiService(
                        routes,
                        new StaticFiles(BelfryServer.class.getClassLoader()),
                        authentication,
                        inFlight,
                        config.get(Keys.SEND_MAX),
                        new CrossOrigin(config.get(Keys.CORS_ORIGINS)),
                        new ServerTraffic(metrics, log),
                        access.limiter()::headers);
        this.tail = new TailService(engine, authentication, api, metrics, this::nowNanos);
        this.web = ports.main(tail, api);
        this.otlp = new OtlpPorts(ports::at, api);
    }

    /**
     * Starts Belfry; returns when it takes events.
     *
     * @throws StartException when it cannot, in one line
     */
    public static BelfryServer start(Config config, Disk disk, InstantSource clock)
            throws StartException, InterruptedException {
        Path data = Path.of(config.get(Keys.DATA)).toAbsolutePath().normalize();
        try {
            PrivateFolder.make(data);
        } catch (IOException e) {
            throw new StartException(
                    "data: "
                            + data
                            + " cannot be made: "
                            + e.getMessage()
                            + " (expected: a folder that can be written to)");
        }
        Level least = Level.parse(config.get(Keys.LOGGING_LEVEL));
        Log log = new Log(data.resolve("logs"), least, System.err, clock);
        Loggers.into(log);
        Optional<Tls> tls;
        try {
            tls = Tls.of(config, System::nanoTime, line -> log.warn("tls", line, Map.of()));
        } catch (ConfigException e) {
            throw new StartException(String.valueOf(e.getMessage()));
        }
        BelfryServer server = new BelfryServer(config, data, disk, clock, log, tls);
        server.begin();
        return server;
    }

    /**
     * Waits until all series and samples from before the start are readable, or for {@code
     * timeout}.
     */
    public void awaitMetrics(Duration timeout) throws InterruptedException {
        boolean _ = engine.get().awaitMetrics(timeout);
    }

    /** Where the page and the API are. */
    public String address() {
        return ports.url(port());
    }

    /** The port that it listens on. */
    public int port() {
        return web.activeLocalPort();
    }

    /** The data folder. */
    public Path data() {
        return data;
    }

    /** The random password of {@code admin} if this start made it; given once. */
    public Optional<String> takeGeneratedPassword() {
        return identity().takeGeneratedPassword();
    }

    /**
     * The ports of the listeners of syslog, Fluent and StatsD, in the order of the configuration.
     */
    public List<Integer> listenerPorts() {
        return listeners.ports();
    }

    /** Every endpoint. */
    public List<Endpoint> endpoints() {
        return routes.endpoints();
    }

    /** The registry of its own metrics. */
    public Registry registry() {
        return registry;
    }

    /** Ends it: what is in work is answered, and what was acknowledged is kept. */
    @Override
    public void close() {
        log.info("server", "Belfry ends", Map.of());
        listeners.close();
        queries.close();
        receiving.stop();
        tail.close();
        health.close();
        CompletableFuture.allOf(otlp.stop(), Ending.of(web))
                .orTimeout(STOPPED_MILLIS, TimeUnit.MILLISECONDS)
                .handle((_, _) -> null)
                .join();
        log.close();
        Loggers.into(null);
        receiving.close();
        quietly(engine.now());
        Accounts open = accounts.now();
        quietly(open == null ? null : open.store());
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    private static void quietly(@Nullable AutoCloseable part) {
        try {
            if (part != null) {
                part.close();
            }
        } catch (Exception e) {
            System.err.println("belfry: while ending: " + e.getMessage());
        }
    }

    private void begin() throws StartException, InterruptedException {
        log.start();
        ports.warnOfOpenNetwork();
        try {
            CompletableFuture<Void> started = web.start();
            List<Ports.Opening> openings =
                    List.of(
                            ports.open(otlp, Keys.OTLP_GRPC_PORT),
                            ports.open(otlp, Keys.OTLP_HTTP_PORT));
            started.get();
            Engine open = engine.join();
            open.onApplied(tail::accept);
            Scratch.empty(data.resolve("tmp"));
            Accounts opened = accounts.join();
            access.restore(new Settings(opened.store(), clock))
                    .forEach(line -> log.warn("server", "left out: " + line, Map.of()));
            appendFirst(open);
            health.appended();
            for (Ports.Opening opening : openings) {
                ports.await(opening);
            }
            listeners.open(config);
            queries.start(new SavedQueries(opened.store()));
            receiving.start(config.get(Keys.SERVER_LISTEN) + ":" + port());
            if (config.get(Keys.LOGGING_STORE)) {
                log.storeInto(
                        lines -> open.append(OwnLines.batch(lines), OwnLines.PRINCIPAL, null));
            }
        } catch (InterruptedException e) {
            close();
            throw e;
        } catch (Exception e) {
            StartException failure = StartException.of(e, config);
            close();
            throw failure;
        }
    }

    /* On a full disk what is stored can be asked for, and retention makes room. */
    private void appendFirst(Engine open) {
        Line first =
                new Line(
                        nowNanos(),
                        Line.BELFRY,
                        Level.INFO,
                        Line.APPLICATION,
                        "server",
                        "Belfry " + Version.TEXT + " takes events",
                        Map.of("version", Version.TEXT),
                        null);
        try {
            open.append(OwnLines.batch(List.of(first)), OwnLines.PRINCIPAL, null);
        } catch (BelfryException refused) {
            if (refused.code() != ErrorCode.STORAGE_FULL) {
                throw refused;
            }
            log.warn("server", "no events are taken: " + refused.getMessage(), Map.of());
        }
    }

    private Accounts openAccounts() throws IOException {
        MetadataStore store =
                MetadataStore.open(
                        MetadataConfig.of(data, config.find(Keys.DATABASE_URL).orElse(null)));
        try {
            IdentityConfig settings =
                    IdentityConfig.defaults()
                            .withAdminPassword(config.find(Keys.ADMIN_PASSWORD).orElse(null))
                            .withPasswordLogin(config.get(Keys.PASSWORD_LOGIN));
            Identity identity = Identity.open(store, settings, clock);
            identity.listen(this::said);
            LocalKey.ensure(data, identity);
            return new Accounts(store, identity);
        } catch (IOException | RuntimeException e) {
            store.close();
            throw e;
        }
    }

    private void said(SecurityEvent event) {
        Map<String, Object> tags = new HashMap<>();
        tags.put("action", event.action().text());
        tags.put("ip_address", event.address());
        if (event.userId() != null) {
            tags.put("user_id", event.userId().toString());
        }
        if (event.requestId() != null) {
            tags.put("request_id", event.requestId());
        }
        Level level =
                switch (event.action().level()) {
                    case "error" -> Level.ERROR;
                    case "warning" -> Level.WARN;
                    default -> Level.INFO;
                };
        log.security(level, event.message(), tags);
    }

    private Identity identity() {
        return accounts.get().identity();
    }

    private Optional<Identity> openedIdentity() {
        return Optional.ofNullable(accounts.now()).map(Accounts::identity);
    }

    private SavedQueries savedQueries() {
        return new SavedQueries(accounts.get().store());
    }

    private Settings settings() {
        return new Settings(accounts.get().store(), clock);
    }

    private long nowNanos() {
        Instant now = clock.instant();
        return now.getEpochSecond() * 1_000_000_000L + now.getNano();
    }

    private List<Endpoint> declare(Sampled totalEvents) {
        Supplier<Identity> who = this::identity;
        List<Endpoint> all = new ArrayList<>(receiving.endpoints());
        all.addAll(queries.endpoints(this::savedQueries, List.of(totalEvents), clock));
        all.addAll(access.endpoints(who, this::settings, clock, metrics));
        all.addAll(health.endpoints());
        all.addAll(new FigureEndpoints(engine, this::nowNanos).endpoints());
        all.addAll(
                new StatusEndpoints(
                                engine,
                                health::ready,
                                access.live(),
                                data,
                                Version.TEXT,
                                config.get(Keys.METRIC_RETENTION_DAYS) + "d",
                                clock)
                        .endpoints());
        all.addAll(
                new StorageEndpoints(
                                engine,
                                EngineSettings.retention(config),
                                data,
                                Version.TEXT,
                                clock.instant())
                        .endpoints());
        boolean open = config.get(Keys.METRICS_ACCESS).equals("open");
        all.addAll(new MetricsEndpoints(registry, open).endpoints());
        all.add(
                Endpoint.of(
                                "GET",
                                "/api/v1/openapi.json",
                                Access.PUBLIC,
                                "About",
                                "This API as an OpenAPI 3.1 document",
                                _ -> Reply.json(200, OpenApi.document(endpoints(), Version.TEXT)))
                        .answersRaw(200, Shape.FREE)
                        .hushed());
        return all;
    }
}
