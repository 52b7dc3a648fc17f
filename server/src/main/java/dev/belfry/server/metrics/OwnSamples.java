package dev.belfry.server.metrics;

import dev.belfry.model.BelfryException;
import dev.belfry.model.series.KeyHash;
import dev.belfry.model.series.Labels;
import dev.belfry.model.series.SampleBatch;
import dev.belfry.model.series.SeriesResolver;
import dev.belfry.receive.ExpositionFormat;
import dev.belfry.receive.FamilyTexts;
import dev.belfry.receive.KnownFamilies;
import dev.belfry.receive.ScrapeLimits;
import dev.belfry.receive.SeriesIntake;
import dev.belfry.receive.TargetSamples;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Puts Belfry's own metrics into its own store, as a scrape of itself would. */
public final class OwnSamples implements AutoCloseable {
    private static final long INTERVAL_MILLIS = 15_000;
    private static final String JOB = "belfry";

    private final Registry registry;
    private final Supplier<SeriesResolver> resolver;
    private final Consumer<SampleBatch> store;
    private final InstantSource clock;
    private final Consumer<String> warn;
    private @Nullable Thread thread;
    private volatile @Nullable Collector collector;
    private boolean failed;

    /**
     * Does nothing yet.
     *
     * @param resolver gives series their numbers
     * @param store makes samples durable
     * @param warn hears when they cannot be kept, once until they can be again
     */
    public OwnSamples(
            Registry registry,
            Supplier<SeriesResolver> resolver,
            Consumer<SampleBatch> store,
            InstantSource clock,
            Consumer<String> warn) {
        this.registry = registry;
        this.resolver = resolver;
        this.store = store;
        this.clock = clock;
        this.warn = warn;
    }

    /**
     * Begins.
     *
     * @param instance the address that tells this process from others
     */
    public synchronized void start(String instance) {
        thread = Thread.ofVirtual().name("belfry-own-samples").start(() -> run(instance));
    }

    /** Ends it. */
    @Override
    public synchronized void close() {
        if (thread != null) {
            thread.interrupt();
        }
    }

    private void run(String instance) {
        Collector fresh = new Collector(instance);
        collector = fresh;
        while (!Thread.currentThread().isInterrupted()) {
            keep(fresh);
            try {
                Thread.sleep(INTERVAL_MILLIS);
            } catch (InterruptedException _) {
                return;
            }
        }
    }

    /**
     * Puts them there now, durable when it returns.
     *
     * @return how many samples there were; 0 when it does nothing
     * @throws BelfryException OVERLOADED, STORAGE_FULL
     */
    public int collect() {
        Collector running = collector;
        return running == null ? 0 : running.collect();
    }

    private static Labels labelled(Labels own, String instance) {
        return new Labels.Builder(own).set("job", JOB).set("instance", instance).build();
    }

    /* A full disk or too much at once costs a point of the own lines, and nobody else's. */
    private void keep(Collector fresh) {
        try {
            fresh.collect();
            failed = false;
        } catch (BelfryException refused) {
            if (!failed) {
                warn.accept("own metrics are not kept: " + refused.getMessage());
            }
            failed = true;
        }
    }

    /** Reads the registry; one at a time. */
    private final class Collector {
        private final String instance;
        private final SeriesResolver series;
        private final KeyHash hash;
        private final TargetSamples samples;
        private final ReentrantLock lock = new ReentrantLock();

        Collector(String instance) {
            this.instance = instance;
            this.series = resolver.get();
            this.hash = new KeyHash(series.seed());
            this.samples =
                    new TargetSamples(
                            SeriesIntake.of(series, Set.of()),
                            new KnownFamilies(),
                            own -> labelled(own, instance),
                            ScrapeLimits.NONE,
                            new FamilyTexts(),
                            JOB.hashCode());
        }

        int collect() {
            lock.lock();
            try {
                byte[] text = registry.expose();
                long millis = clock.millis();
                TargetSamples.Scrape read =
                        samples.read(text, text.length, ExpositionFormat.TEXT, millis, false);
                for (Metric metric : registry.metrics()) {
                    if (metric instanceof Histogram histogram) {
                        add(histogram, millis, read.samples());
                    }
                }
                SampleBatch batch = read.samples().build();
                if (batch.records() > 0) {
                    store.accept(batch);
                    read.told().kept();
                }
                return batch.count();
            } finally {
                lock.unlock();
            }
        }

        /* Text has no native histograms. */
        private void add(Histogram histogram, long millis, SampleBatch.Builder into) {
            histogram.forEachNative((values, buckets) -> {
                Labels.Builder labels = new Labels.Builder(Labels.EMPTY);
                for (int i = 0; i < values.size(); i++) {
                    labels.set(histogram.labelNames().get(i), values.get(i));
                }
                Labels own = labelled(labels.set(Labels.NAME, histogram.name()).build(), instance);
                into.add(number(own), millis, buckets);
            });
        }

        private int number(Labels own) {
            byte[] key = own.toString().getBytes(StandardCharsets.UTF_8);
            hash.reset(JOB.hashCode()).add(key, 0, key.length);
            int known = series.find(hash.high(), hash.low());
            return known == SeriesResolver.NONE
                    ? series.resolve(hash.high(), hash.low(), own)
                    : known;
        }
    }
}
