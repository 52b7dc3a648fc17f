package dev.belfry.server;

import dev.belfry.metadata.MetadataHealth;
import dev.belfry.query.Engine;
import dev.belfry.query.EngineStatus;
import dev.belfry.server.health.Check;
import dev.belfry.server.health.Checks;
import dev.belfry.server.health.DatabaseCheck;
import dev.belfry.server.health.Health;
import dev.belfry.server.health.HealthEndpoints;
import dev.belfry.server.health.Liveness;
import dev.belfry.server.http.Endpoint;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import java.util.function.Supplier;

/** How the server is, joined: its parts, whether it is ready, whether it lives. */
final class HealthParts implements AutoCloseable {
    private static final Duration RECOVERY_LOOK = Duration.ofMillis(1);

    private final Path data;
    private final Awaited<Engine> engine;
    private final Awaited<Accounts> accounts;
    private final InstantSource clock;
    private final Liveness liveness;
    private volatile boolean firstAppendDone;

    HealthParts(
            Path data,
            Awaited<Engine> engine,
            Awaited<Accounts> accounts,
            EventLoopGroup loops,
            InstantSource clock) {
        this.data = data;
        this.engine = engine;
        this.accounts = accounts;
        this.clock = clock;
        List<ScheduledExecutorService> watched = new ArrayList<>();
        for (EventExecutor loop : loops) {
            watched.add(loop);
        }
        this.liveness = new Liveness(watched);
    }

    List<Endpoint> endpoints() {
        return new HealthEndpoints(health(), this::readiness, liveness::check, clock).endpoints();
    }

    /** Says that a first append was acknowledged. */
    void appended() {
        firstAppendDone = true;
    }

    /** Whether it takes events and answers from all that it has. */
    boolean ready() {
        return readiness().problem() == null;
    }

    @Override
    public void close() {
        liveness.close();
    }

    private Health health() {
        Map<String, Supplier<Check>> checks = new LinkedHashMap<>();
        DatabaseCheck database =
                new DatabaseCheck(limit -> {
                    Accounts open = accounts.now();
                    return open == null
                            ? new MetadataHealth(false, 0, "is being opened")
                            : open.store().healthy(limit);
                });
        checks.put("database", database::check);
        checks.put("disk", () -> Checks.disk(data));
        checks.put("memory", Checks::memory);
        checks.put("ingestion", () -> checkEngine(Checks::ingestion));
        checks.put("metrics", () -> checkEngine(status -> Checks.metrics(status.metrics())));
        return new Health(checks);
    }

    private Check checkEngine(Function<EngineStatus, Check> check) {
        Engine open = engine.now();
        return open == null
                ? Check.down("the journal is being repaired")
                : check.apply(open.status());
    }

    private Check readiness() {
        Engine open = engine.now();
        if (open == null) {
            return Check.down("the journal is being repaired");
        }
        if (accounts.now() == null) {
            return Check.down("the metadata store is being opened");
        }
        if (!firstAppendDone) {
            return Check.down("nothing was appended yet");
        }
        try {
            return open.awaitRecovered(RECOVERY_LOOK)
                    ? Check.UP
                    : Check.down("the event store reads the journal again");
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return Check.down("interrupted");
        }
    }
}
