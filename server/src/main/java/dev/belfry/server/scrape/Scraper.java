package dev.belfry.server.scrape;

import dev.belfry.model.series.SampleBatch;
import dev.belfry.model.series.SeriesResolver;
import dev.belfry.receive.KnownFamilies;
import dev.belfry.server.config.Documents;
import dev.belfry.server.outgoing.OutgoingHttp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Scrapes what {@code scrape_configs} say, and follows the file. Safe for many threads. */
public final class Scraper implements AutoCloseable {
    private static final long LOOK_MILLIS = 1_000;
    private static final Set<String> PARTS =
            Set.of(
                    "global",
                    "scrape_configs",
                    "scrape_config_files",
                    "rule_files",
                    "alerting",
                    "remote_write",
                    "remote_read",
                    "storage",
                    "tracing",
                    "otlp",
                    "runtime");
    private static final Set<String> GLOBAL =
            Set.of(
                    "scrape_interval",
                    "scrape_timeout",
                    "scrape_protocols",
                    "scrape_native_histograms",
                    "always_scrape_classic_histograms",
                    "convert_classic_histograms_to_nhcb",
                    "evaluation_interval",
                    "rule_query_offset",
                    "external_labels",
                    "query_log_file",
                    "scrape_failure_log_file",
                    "body_size_limit",
                    "sample_limit",
                    "label_limit",
                    "label_name_length_limit",
                    "label_value_length_limit",
                    "target_limit",
                    "keep_dropped_targets",
                    "metric_name_validation_scheme",
                    "metric_name_escaping_scheme");

    private final @Nullable Path file;
    private final List<Map<?, ?>> inline;
    private final Path base;
    private final Requests requests;
    private final Supplier<SeriesResolver> resolver;
    private final Consumer<SampleBatch> store;
    private final InstantSource clock;
    private final Consumer<String> warn;
    private final KnownFamilies families = new KnownFamilies();
    private volatile Map<String, Pool> pools = Map.of();
    private @Nullable FileTime read;
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
        this.file = file;
        this.inline = List.copyOf(inline);
        this.base = base;
        this.requests = new Requests(guard::check);
        this.resolver = resolver;
        this.store = store;
        this.clock = clock;
        this.warn = warn;
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
        thread = Thread.ofVirtual().name("belfry-discovery").start(this::run);
    }

    /** The jobs with their targets, by name. */
    List<Pool> pools() {
        return List.copyOf(pools.values());
    }

    private void run() {
        while (!closed) {
            for (Pool pool : pools.values()) {
                pool.look();
            }
            try {
                Thread.sleep(LOOK_MILLIS);
            } catch (InterruptedException _) {
                return;
            }
            follow();
        }
    }

    /* A file that has changed is read again; one that is wrong changes nothing. */
    private void follow() {
        try {
            if (file == null || Files.getLastModifiedTime(file).equals(read)) {
                return;
            }
            load();
        } catch (IOException | ScrapeException e) {
            warn.accept("scrape.file: " + e.getMessage() + " (what was read before holds)");
        }
    }

    private void load() throws ScrapeException {
        List<Job> jobs = new ArrayList<>();
        Settings none = new Settings("global", null, GLOBAL);
        for (Map<?, ?> each : inline) {
            String place = "scrape_configs[" + jobs.size() + "]";
            jobs.add(Job.read(place, each, none, base, requests));
        }
        if (file != null) {
            jobs.addAll(document(file));
        }
        Map<String, Pool> next = new LinkedHashMap<>();
        for (Job job : jobs) {
            Pool pool = new Pool(job, requests, resolver, families, store, clock, warn);
            if (next.putIfAbsent(job.name(), pool) != null) {
                throw new ScrapeException("job_name: " + job.name() + " twice (expected: once)");
            }
        }
        Map<String, Pool> before = pools;
        pools = next;
        before.values().forEach(pool -> pool.end(!next.containsKey(pool.job().name())));
    }

    private List<Job> document(Path path) throws ScrapeException {
        Object value;
        try {
            read = Files.getLastModifiedTime(path);
            value = Documents.yaml(Files.readString(path));
        } catch (IOException e) {
            throw new ScrapeException(path + ": " + e.getMessage());
        }
        Settings document = new Settings(path.toString(), value, PARTS);
        Settings global = new Settings(path + ": global", document.raw("global"), GLOBAL);
        Path folder = path.toAbsolutePath().getParent();
        List<Job> jobs = new ArrayList<>();
        for (Object each : document.list("scrape_configs")) {
            String place = path + ": scrape_configs[" + jobs.size() + "]";
            jobs.add(Job.read(place, each, global, folder == null ? base : folder, requests));
        }
        return jobs;
    }

    /** Ends it; series go on when Belfry starts again, so none is marked as ended. */
    @Override
    public void close() {
        closed = true;
        if (thread != null) {
            thread.interrupt();
        }
        pools.values().forEach(pool -> pool.end(false));
    }
}
