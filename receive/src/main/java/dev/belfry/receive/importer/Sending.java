package dev.belfry.receive.importer;

import java.io.IOException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Sends batches, some of them at a time. Used once. */
final class Sending {
    /** Batches on their way at a time: enough to hide the server's force, few enough to be fair. */
    private static final int IN_FLIGHT_MAX = 4;

    private final Opening opening;
    private final long rawSize;
    private final @Nullable String source;
    private final BelfryClient client;
    private final Acknowledgements acknowledgements;
    private final Progress progress;
    private final Semaphore permits = new Semaphore(IN_FLIGHT_MAX);
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
    private volatile boolean stopped;

    /** Opens what is imported. */
    @FunctionalInterface
    interface Opening {
        /** Its batches behind what {@code start} says. */
        Batches open(ImportState start)
                throws IOException, BelfryClient.FailedException, InterruptedException;
    }

    /**
     * An import.
     *
     * @param source the label of samples; null for none
     * @param rawSize what the whole's size is when it was taken to its end; -1 when unknown
     */
    Sending(
            Opening opening,
            long rawSize,
            @Nullable String source,
            BelfryClient client,
            Acknowledgements acknowledgements,
            Progress progress) {
        this.opening = opening;
        this.rawSize = rawSize;
        this.source = source;
        this.client = client;
        this.acknowledgements = acknowledgements;
        this.progress = progress;
    }

    /** Sends everything behind what is acknowledged. */
    void run() throws IOException, BelfryClient.FailedException, InterruptedException {
        ImportState start = acknowledgements.state();
        try (Batches batches = opening.open(start)) {
            while (failure.get() == null && !stopped) {
                Batch batch = batches.next();
                if (batch == null) {
                    break;
                }
                permits.acquire();
                Thread.startVirtualThread(() -> send(batch));
                progress.at(batches.rawPosition(), acknowledgements.events());
            }
            permits.acquire(IN_FLIGHT_MAX);
            check();
            if (!stopped) {
                acknowledgements.complete(rawSize);
            }
        } finally {
            progress.finish();
            acknowledgements.save();
        }
    }

    /** Takes no further batch; those in flight end. */
    void stop() {
        stopped = true;
    }

    private void send(Batch batch) {
        try {
            acknowledgements.add(
                    batch,
                    client.send(batch, source, acknowledgements.state().referenceSeconds() * 1000));
        } catch (IOException | InterruptedException | BelfryClient.FailedException failed) {
            failure.compareAndSet(null, failed);
        } catch (RuntimeException bug) {
            failure.compareAndSet(null, bug);
            throw bug;
        } finally {
            permits.release();
        }
    }

    private void check() throws IOException, BelfryClient.FailedException, InterruptedException {
        Exception failed = failure.get();
        switch (failed) {
            case null -> {}
            case IOException disk -> throw disk;
            case InterruptedException interrupted -> throw interrupted;
            case BelfryClient.FailedException refused -> throw refused;
            default -> throw new IllegalStateException(failed);
        }
    }
}
