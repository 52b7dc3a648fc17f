package dev.belfry.server.scrape;

import dev.belfry.model.series.SampleBatch;
import dev.belfry.model.series.SeriesResolver;
import dev.belfry.receive.FamilyTexts;
import dev.belfry.receive.KnownFamilies;
import dev.belfry.server.outgoing.OutgoingHttp;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Scrapes what {@code scrape_configs} say, and follows the file. Safe for many threads. */
public final class Scraper implements AutoCloseable {
    private static final long LOOK_MILLIS = 1_000;

    private final @Nullable ScrapeFile file;
    private final List<Map<?, ?>> inline;
    private final Path base;
    private final Requests requests;
    private final TargetLoop.Scope scope;
    private final Consumer<String> warn;
    private volatile Map<String, Pool> pools = Map.of();
    private @Nullable Thread thread;
    private volatile boolean closed;

    /**
     * A scraper that does nothing yet.
     *
     * @param file a prometheus.yml; null for none
     * @param inline jobs of Belfry's own configuration
     * @param base what their files are relative to
     * @param guard says where it may ask
     * @param resolver gives series their numbers, waited for
     * @param store makes samples durable
     * @param warn takes a line for the log
     */
    public Scraper(
            @Nullable Path file,
            List<Map<?, ?>> inline,
            Path base,
            OutgoingHttp guard,
            Supplier<SeriesResolver> resolver,
            Consumer<SampleBatch> store,
            InstantSource clock,
            Consumer<String> warn) {
        this.inline = List.copyOf(inline);
        this.base = base;
        this.requests = new Requests(guard::check);
        this.file = file == null ? null : new ScrapeFile(file, requests, warn);
        this.warn = warn;
        this.scope =
                new TargetLoop.Scope(
                        requests,
                        resolver,
                        new KnownFamilies(),
                        new FamilyTexts(),
                        new GatheredStore(store),
                        clock,
                        warn);
    }

    /**
     * Begins.
     *
     * @throws ScrapeException when the configuration cannot be used
     */
    public void start() throws ScrapeException {
        if (file == null && inline.isEmpty()) {
            return;
        }
        load();
        requests.start();
        thread = Thread.ofVirtual().name("belfry-discovery").start(this::run);
    }

    /** The jobs with their targets, ordered by name. */
    List<Pool> pools() {
        return List.copyOf(new TreeMap<>(pools).values());
    }

    private void run() {
        while (!closed) {
            for (Pool pool : pools.values()) {
                try {
                    pool.look();
                } catch (RuntimeException | Error e) {
                    warn.accept(pool.job().name() + ": " + e);
                }
            }
            try {
                Thread.sleep(LOOK_MILLIS);
            } catch (InterruptedException _) {
                return;
            }
            follow();
        }
    }

    /* A file that has changed is read again; one that is wrong changes nothing, and is told of once. */
    void follow() {
        try {
            if (file != null && file.hasChanged()) {
                load();
            }
        } catch (ScrapeException | RuntimeException | Error e) {
            warn.accept(
                    "scrape.file: " + ScrapeException.told(e) + " (what was read before holds)");
        }
    }

    private void load() throws ScrapeException {
        List<Job> jobs = new ArrayList<>();
        Settings none = new Settings("global", null, Set.of());
        for (Map<?, ?> each : inline) {
            String place = "scrape_configs[" + jobs.size() + "]";
            jobs.add(Job.read(place, each, none, base, requests, warn));
        }
        if (file != null) {
            jobs.addAll(file.jobs());
        }
        Map<String, Job> wanted = new LinkedHashMap<>();
        for (Job job : jobs) {
            if (wanted.putIfAbsent(job.name(), job) != null) {
                throw new ScrapeException("job_name: " + job.name() + " twice (expected: once)");
            }
        }
        Map<String, Pool> before = pools;
        Map<String, Pool> next = new LinkedHashMap<>();
        wanted.forEach((name, job) -> {
            Pool pool = before.get(name);
            if (pool == null) {
                pool = new Pool(job, scope);
            } else {
                pool.reload(job);
            }
            next.put(name, pool);
        });
        pools = next;
        before.forEach((name, pool) -> {
            if (!next.containsKey(name)) {
                pool.end(true);
            }
        });
    }

    /** Ends it; series go on when Belfry starts again, so none is marked as ended. */
    @Override
    public void close() {
        closed = true;
        if (thread != null) {
            thread.interrupt();
        }
        pools.values().forEach(pool -> pool.end(false));
        requests.close();
    }
}
