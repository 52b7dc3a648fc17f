package dev.belfry.server.scrape;

import dev.belfry.model.BelfryException;
import dev.belfry.model.series.KeyHash;
import dev.belfry.model.series.Labels;
import dev.belfry.model.series.SampleBatch;
import dev.belfry.model.series.SeriesResolver;
import dev.belfry.model.series.StaleNaN;
import dev.belfry.receive.ExpositionFormat;
import dev.belfry.receive.KnownFamilies;
import dev.belfry.receive.SeriesIntake;
import dev.belfry.receive.TargetSamples;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Scrapes one target again and again, on a thread of its own. */
final class TargetLoop {
    /*
     * Each target has its place within the interval, by the hash of its labels, so that a thousand do not answer at
     * once. A scrape that fails writes up 0 and ends the series of the one before.
     */
    private static final String[] REPORTS = {
        "up",
        "scrape_duration_seconds",
        "scrape_samples_scraped",
        "scrape_samples_post_metric_relabeling",
        "scrape_series_added"
    };

    private final Target target;
    private final Requests requests;
    private final InstantSource clock;
    private final Consumer<SampleBatch> store;
    private final TargetSamples samples;
    private final int[] reports = new int[REPORTS.length];
    private final Thread thread;
    private volatile boolean ended;
    private volatile boolean marksEnd;
    private volatile State state = new State("unknown", "", 0, 0);

    /**
     * How the last scrape went.
     *
     * @param health {@code up}, {@code down}, {@code unknown}
     * @param error empty when it went well
     * @param millis when it was, epoch milliseconds, 0 for never
     * @param seconds how long it took
     */
    record State(String health, String error, long millis, double seconds) {}

    /** Begins to scrape {@code target} into {@code store}. */
    TargetLoop(
            Target target,
            Requests requests,
            SeriesResolver resolver,
            KnownFamilies families,
            Consumer<SampleBatch> store,
            InstantSource clock) {
        this.target = target;
        this.requests = requests;
        this.clock = clock;
        this.store = store;
        byte[] key = target.key().getBytes(StandardCharsets.UTF_8);
        KeyHash hash = new KeyHash(resolver.seed()).add(key, 0, key.length);
        hash.add(target.job().metricRelabel().hashCode()).add(target.job().honorLabels() ? 1 : 0);
        this.samples =
                new TargetSamples(
                        SeriesIntake.of(resolver, Set.of()),
                        families,
                        target.mapping(),
                        target.job().limits(),
                        hash.low());
        for (int i = 0; i < REPORTS.length; i++) {
            Labels labels = target.labels().with(Labels.NAME, REPORTS[i]);
            byte[] text = labels.toString().getBytes(StandardCharsets.UTF_8);
            hash.reset(1).add(text, 0, text.length);
            reports[i] = resolver.resolve(hash.high(), hash.low(), labels);
        }
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

    /** Ends it; {@code marks} when its series end too. */
    void end(boolean marks) {
        marksEnd = marks;
        ended = true;
        thread.interrupt();
    }

    private void run() {
        long interval = target.interval().toMillis();
        long offset = Math.floorMod(target.labels().stableHash(), interval);
        long next = (clock.millis() / interval) * interval + offset;
        while (!ended) {
            long now = clock.millis();
            if (next < now) {
                next += (now - next + interval - 1) / interval * interval;
            }
            if (!sleep(next - now)) {
                break;
            }
            scrape();
            next += interval;
        }
        if (marksEnd) {
            mark();
        }
    }

    private boolean sleep(long millis) {
        try {
            Thread.sleep(millis);
            return !ended;
        } catch (InterruptedException _) {
            return !ended;
        }
    }

    private void scrape() {
        long millis = clock.millis();
        long startNanoTime = System.nanoTime();
        SampleBatch.Builder batch;
        KnownFamilies.Told told = null;
        double[] values = new double[REPORTS.length];
        String error = "";
        try {
            Requests.Answer answer =
                    requests.get(
                            target.uri(),
                            target.job().http(),
                            Map.of(
                                    "Accept",
                                    target.job().accept(),
                                    "X-Prometheus-Scrape-Timeout-Seconds",
                                    Double.toString(target.timeout().toMillis() / 1e3)),
                            target.timeout(),
                            target.job().bodyBytesMax());
            TargetSamples.Scrape scrape =
                    samples.read(
                            answer.body(),
                            answer.length(),
                            ExpositionFormat.of(answer.contentType()),
                            millis,
                            target.job().honorTimes());
            batch = scrape.samples();
            told = scrape.told();
            values[0] = 1;
            values[2] = scrape.scraped();
            values[3] = scrape.wanted();
            values[4] = scrape.added();
        } catch (IOException | BelfryException e) {
            error = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
            batch = new SampleBatch.Builder(64);
            samples.end(batch, millis);
        }
        values[1] = (System.nanoTime() - startNanoTime) / 1e9;
        if (ended) {
            return;
        }
        for (int i = 0; i < REPORTS.length; i++) {
            batch.add(reports[i], millis, values[i]);
        }
        String kept = keep(batch);
        if (told != null && kept.isEmpty()) {
            told.kept();
        }
        error = error.isEmpty() ? kept : error;
        state = new State(error.isEmpty() ? "up" : "down", error, millis, values[1]);
    }

    /* The message when it could not be kept, else empty. */
    private String keep(SampleBatch.Builder batch) {
        try {
            store.accept(batch.build());
            return "";
        } catch (BelfryException e) {
            return "not stored: " + e.getMessage();
        }
    }

    private void mark() {
        SampleBatch.Builder batch = new SampleBatch.Builder(64);
        long millis = clock.millis();
        samples.end(batch, millis);
        for (int report : reports) {
            batch.add(report, millis, StaleNaN.VALUE);
        }
        keep(batch);
    }
}
