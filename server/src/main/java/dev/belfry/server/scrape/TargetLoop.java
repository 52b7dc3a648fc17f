package dev.belfry.server.scrape;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import dev.belfry.model.series.KeyHash;
import dev.belfry.model.series.Labels;
import dev.belfry.model.series.MetricMetadata;
import dev.belfry.model.series.SampleBatch;
import dev.belfry.model.series.SeriesResolver;
import dev.belfry.model.series.StaleNaN;
import dev.belfry.receive.FamilyTexts;
import dev.belfry.receive.KnownFamilies;
import dev.belfry.receive.SeriesIntake;
import dev.belfry.receive.TargetSamples;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Scrapes one target again and again, on a thread of its own. */
final class TargetLoop {
    /*
     * Each target has its place within the interval, by the hash of its labels, so that a thousand do not answer at
     * once. A scrape that fails writes up 0 and ends the series of the one before. Whatever goes wrong in a scrape
     * is its error, which the targets page shows: the loop goes on.
     */
    private static final String[] REPORTS = {
        "up",
        "scrape_duration_seconds",
        "scrape_samples_scraped",
        "scrape_samples_post_metric_relabeling",
        "scrape_series_added"
    };

    /*
     * A scrape is written with the time of its place when it begins nearly then, as Prometheus does: equal
     * distances take the least room.
     */
    private static final long PLACE_MILLIS = 2;

    private final Scope scope;
    private final int[] reports = new int[REPORTS.length];
    private final Thread thread;
    private volatile Target target;
    private volatile boolean replaced;
    private volatile boolean ended;
    private volatile boolean marksEnd;
    private volatile State state = new State("unknown", "", 0, 0);

    /* Of the thread: what the samples are read by, and the target that they are of. */
    private volatile @Nullable TargetSamples samples;
    private @Nullable Target read;
    private final Requests.Session session = new Requests.Session();

    /**
     * What all targets share.
     *
     * @param resolver gives series their numbers, waited for
     * @param store makes samples durable
     * @param warn takes a line for the log
     */
    record Scope(
            Requests requests,
            Supplier<SeriesResolver> resolver,
            KnownFamilies families,
            FamilyTexts texts,
            Consumer<SampleBatch> store,
            InstantSource clock,
            Consumer<String> warn) {}

    /**
     * How the last scrape went.
     *
     * @param health {@code up}, {@code down}, {@code unknown}
     * @param error empty when it went well
     * @param millis when it was, epoch milliseconds, 0 for never
     * @param seconds how long it took
     */
    record State(String health, String error, long millis, double seconds) {}

    /** A loop of {@code target} that has not begun. */
    TargetLoop(Target target, Scope scope) {
        this.target = target;
        this.scope = scope;
        this.thread = Thread.ofVirtual().name("belfry-scrape").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    Target target() {
        return target;
    }

    State state() {
        return state;
    }

    /** What the target said of its families when it was read last. */
    List<MetricMetadata> families() {
        TargetSamples now = samples;
        return now == null ? List.of() : now.families();
    }

    /** Goes on with {@code next}, which has the same labels and URL, from the next scrape on. */
    void replace(Target next) {
        target = next;
        replaced = true;
        LockSupport.unpark(thread);
    }

    /** Ends it; {@code marks} when its series end too. */
    void end(boolean marks) {
        marksEnd = marks;
        ended = true;
        thread.interrupt();
    }

    /** Waits until it has ended, not for ever. */
    void join() throws InterruptedException {
        thread.join(Duration.ofSeconds(1));
    }

    private void run() {
        Target now = target;
        long next = place(now, scope.clock().millis());
        while (!ended) {
            long millis = scope.clock().millis();
            if (replaced || next - millis > now.interval().toMillis()) {
                replaced = false;
                now = target;
                next = place(now, millis);
            }
            if (next > millis) {
                LockSupport.parkNanos(MILLISECONDS.toNanos(next - millis));
                continue;
            }
            scrape(now, millis - next <= PLACE_MILLIS ? next : millis);
            next = place(now, Math.max(next + 1, scope.clock().millis()));
        }
        if (marksEnd) {
            mark();
        }
        try {
            session.close();
        } catch (IOException e) {
            scope.warn().accept(target.key() + ": " + ScrapeException.told(e));
        }
    }

    /* The first time of the target's place in the interval from millis on. */
    private static long place(Target target, long millis) {
        long interval = target.interval().toMillis();
        long offset = Math.floorMod(target.labels().stableHash(), interval);
        return millis + Math.floorMod(offset - millis, interval);
    }

    private void scrape(Target of, long millis) {
        long startNanoTime = System.nanoTime();
        double[] values = new double[REPORTS.length];
        SampleBatch.Builder batch = null;
        KnownFamilies.Told told = null;
        String error = "";
        try {
            TargetSamples.Scrape scrape = read(of, millis);
            batch = scrape.samples();
            told = scrape.told();
            values[0] = 1;
            values[2] = scrape.scraped();
            values[3] = scrape.wanted();
            values[4] = scrape.added();
        } catch (IOException | RuntimeException | Error e) {
            error = ScrapeException.told(e);
        }
        values[1] = (System.nanoTime() - startNanoTime) / 1e9;
        if (ended) {
            return;
        }
        String kept = keep(batch, values, millis);
        if (told != null && kept.isEmpty()) {
            told.kept();
        }
        error = error.isEmpty() ? kept : error;
        state = new State(error.isEmpty() ? "up" : "down", error, millis, values[1]);
    }

    private TargetSamples.Scrape read(Target of, long millis) throws IOException {
        Job job = of.job();
        TargetSamples reader = reader(of);
        Requests.Request request =
                new Requests.Request(
                        of.uri(),
                        job.http(),
                        Map.of(
                                "Accept",
                                job.formats().accept(),
                                "X-Prometheus-Scrape-Timeout-Seconds",
                                Double.toString(of.timeout().toMillis() / 1e3)),
                        job.compressed(),
                        of.timeout(),
                        job.bodyBytesMax());
        try (Requests.Answer answer = scope.requests().get(session, request)) {
            return reader.read(
                    answer.body(),
                    answer.length(),
                    job.formats().of(answer.contentType()),
                    millis,
                    job.honorTimes(),
                    job.timedEnds());
        }
    }

    /* What reads the answers of the target; another one that goes on where its rules have changed. */
    private TargetSamples reader(Target of) {
        TargetSamples before = samples;
        if (before != null && read != null && read.job().mapsAs(of.job())) {
            return before;
        }
        SeriesResolver resolver = scope.resolver().get();
        /* Of all that decides which labels the same bytes mean: targets and rules that differ do not meet. */
        KeyHash hash = new KeyHash(resolver.seed());
        add(hash, of.key());
        add(hash, of.job().limits().toString());
        hash.add(of.job().honorLabels() ? 1 : 0);
        of.job().metricRelabel().forEach(rule -> rule.addTo(hash));
        TargetSamples fresh =
                new TargetSamples(
                        SeriesIntake.of(resolver, Set.of()),
                        scope.families(),
                        of.mapping(),
                        of.job().limits(),
                        scope.texts(),
                        hash.low());
        for (int i = 0; i < REPORTS.length; i++) {
            Labels labels = of.labels().with(Labels.NAME, REPORTS[i]);
            add(hash.reset(1), labels.toString());
            reports[i] = resolver.resolve(hash.high(), hash.low(), labels);
        }
        samples = before == null ? fresh : fresh.after(before);
        read = of;
        return fresh;
    }

    private static void add(KeyHash hash, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        hash.add(bytes, 0, bytes.length);
    }

    /*
     * Stores what was read, or, when there is nothing, the end of what there was. The message when it could not be
     * kept, else empty.
     */
    private String keep(SampleBatch.@Nullable Builder given, double[] values, long millis) {
        TargetSamples reader = samples;
        if (reader == null) {
            return "";
        }
        try {
            SampleBatch.Builder batch = given == null ? new SampleBatch.Builder(64) : given;
            if (given == null) {
                reader.end(batch, millis);
            }
            for (int i = 0; i < REPORTS.length; i++) {
                batch.add(reports[i], millis, values[i]);
            }
            scope.store().accept(batch.build());
            return "";
        } catch (RuntimeException | Error e) {
            return "not stored: " + ScrapeException.told(e);
        }
    }

    /* Ends all series. The thread was interrupted to end; storing must not be. */
    private void mark() {
        double[] ends = new double[REPORTS.length];
        Arrays.fill(ends, StaleNaN.VALUE);
        boolean interrupted = Thread.interrupted();
        String problem = keep(null, ends, scope.clock().millis());
        if (!problem.isEmpty()) {
            scope.warn().accept(target.key() + ": its end is " + problem);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
