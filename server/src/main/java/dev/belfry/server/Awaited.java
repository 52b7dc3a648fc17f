package dev.belfry.server;

import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A part that is being opened: who needs it waits a little, then is asked to come back. */
final class Awaited<T> implements Supplier<T> {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final String name;
    private final CompletableFuture<T> part;

    private Awaited(String name, CompletableFuture<T> part) {
        this.name = name;
        this.part = part;
    }

    /** Begins to open a part on a thread of its own. */
    static <T> Awaited<T> open(String name, Opening<T> opening) {
        CompletableFuture<T> part = new CompletableFuture<>();
        Thread.ofPlatform()
                .name("open-" + name)
                .daemon()
                .start(() -> {
                    try {
                        part.complete(opening.open());
                    } catch (Exception | LinkageError e) {
                        part.completeExceptionally(e);
                    }
                });
        return new Awaited<>(name, part);
    }

    /** Opens a part. */
    @FunctionalInterface
    interface Opening<T> {
        T open() throws Exception;
    }

    /**
     * The part.
     *
     * @throws BelfryException OVERLOADED when it is not open yet
     */
    @Override
    public T get() {
        T known = now();
        if (known != null) {
            return known;
        }
        try {
            return part.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException _) {
            throw starting();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw starting();
        }
    }

    /** The part if it is open, else null. */
    @Nullable T now() {
        return part.isDone() && !part.isCompletedExceptionally() ? part.join() : null;
    }

    /** Waits until it is open; what made it fail is thrown. */
    T join() throws Exception {
        try {
            return part.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw e;
        }
    }

    private BelfryException starting() {
        return new BelfryException(
                ErrorCode.OVERLOADED,
                name + ": is being opened (expected: to be asked again in a moment)",
                Map.of("retry_after_seconds", 1));
    }
}
