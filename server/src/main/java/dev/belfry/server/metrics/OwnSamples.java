package dev.belfry.server.metrics;

import dev.belfry.model.BelfryException;
import dev.belfry.model.series.Labels;
import dev.belfry.model.series.SampleBatch;
import dev.belfry.model.series.SeriesResolver;
import dev.belfry.receive.ExpositionFormat;
import dev.belfry.receive.KnownFamilies;
import dev.belfry.receive.ScrapeLimits;
import dev.belfry.receive.SeriesIntake;
import dev.belfry.receive.TargetSamples;
import java.time.InstantSource;
import java.util.Set;
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
        TargetSamples samples =
                new TargetSamples(
                        SeriesIntake.of(resolver.get(), Set.of()),
                        new KnownFamilies(),
                        own -> labelled(own, instance),
                        ScrapeLimits.NONE,
                        JOB.hashCode());
        while (!Thread.currentThread().isInterrupted()) {
            keep(samples);
            try {
                Thread.sleep(INTERVAL_MILLIS);
            } catch (InterruptedException _) {
                return;
            }
        }
    }

    private static Labels labelled(Labels own, String instance) {
        return new Labels.Builder(own).set("job", JOB).set("instance", instance).build();
    }

    /* A full disk or too much at once costs a point of the own lines, and nobody else's. */
    private void keep(TargetSamples samples) {
        byte[] text = registry.expose();
        try {
            TargetSamples.Scrape read =
                    samples.read(text, text.length, ExpositionFormat.TEXT, clock.millis(), false);
            if (!read.samples().isEmpty()) {
                store.accept(read.samples().build());
                read.told().kept();
            }
            failed = false;
        } catch (BelfryException refused) {
            if (!failed) {
                warn.accept("own metrics are not kept: " + refused.getMessage());
            }
            failed = true;
        }
    }
}
