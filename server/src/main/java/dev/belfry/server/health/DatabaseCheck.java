package dev.belfry.server.health;

import dev.belfry.metadata.MetadataHealth;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether the metadata database answers. Asks in the background, so that health itself answers at
 * once: what is slow to answer counts by its last answer, for a few seconds. Who asks more often
 * than once a second hears the same answer again.
 */
public final class DatabaseCheck {
    private static final Duration PATIENCE = Duration.ofMillis(50);
    private static final Duration FRESH = Duration.ofSeconds(1);
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final Function<Duration, MetadataHealth> probe;
    private final LongSupplier nanoTime;
    private @Nullable CompletableFuture<Check> asked;
    private volatile @Nullable Check last;
    private volatile long askedNanoTime;

    /** Asks by {@code probe}, which gives up after the time that it is given. */
    public DatabaseCheck(Function<Duration, MetadataHealth> probe) {
        this(probe, System::nanoTime);
    }

    /** The same by another clock. */
    DatabaseCheck(Function<Duration, MetadataHealth> probe, LongSupplier nanoTime) {
        this.probe = probe;
        this.nanoTime = nanoTime;
    }

    /** How it is. */
    public Check check() {
        Check known = last;
        if (known != null && nanoTime.getAsLong() - askedNanoTime < FRESH.toNanos()) {
            return known;
        }
        try {
            Duration patience = known == null ? LIMIT : PATIENCE;
            return running().get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException _) {
            boolean young = nanoTime.getAsLong() - askedNanoTime < LIMIT.toNanos();
            return known != null && young
                    ? known
                    : Check.down("no answer for " + LIMIT.toSeconds() + " s");
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return Check.down("interrupted");
        }
    }

    private synchronized CompletableFuture<Check> running() {
        CompletableFuture<Check> known = asked;
        if (known != null && !known.isDone()) {
            return known;
        }
        CompletableFuture<Check> fresh = new CompletableFuture<>();
        asked = fresh;
        askedNanoTime = nanoTime.getAsLong();
        Thread.ofPlatform().name("database-check").daemon().start(() -> ask(fresh));
        return fresh;
    }

    private void ask(CompletableFuture<Check> answer) {
        try {
            Check found = Checks.database(probe.apply(LIMIT));
            last = found;
            answer.complete(found);
        } catch (RuntimeException e) {
            answer.completeExceptionally(e);
        }
    }
}
