package dev.belfry.metadata;

import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The relational store. Times in it are epoch milliseconds, ids are UUIDs as text, so that the same
 * SQL runs on both databases. Thread-safe; its calls block and do not belong on an event loop.
 */
public final class MetadataStore implements AutoCloseable {
    private final Database database;
    private final MetadataObserver observer;
    private final Connections readers;
    private final Connections writers;
    private final ReentrantLock probeLock = new ReentrantLock();
    private @Nullable CompletableFuture<MetadataHealth> probe;

    private MetadataStore(Database database, MetadataObserver observer) {
        this.database = database;
        this.observer = observer;
        this.readers = new Connections(database.readers());
        this.writers = new Connections(database.writers());
    }

    /** Opens the database that {@code config} names and brings its schema to this version. */
    public static MetadataStore open(MetadataConfig config) {
        return open(config, MetadataObserver.NONE);
    }

    /**
     * As above; {@code observer} is told about every use.
     *
     * @throws MetadataException with the reason: malformed URL, unreachable, locked, corrupt, too
     *     new
     */
    public static MetadataStore open(MetadataConfig config, MetadataObserver observer) {
        String url = config.databaseUrl();
        Database database =
                url == null
                        ? SqliteDatabase.open(config)
                        : PostgresDatabase.open(DatabaseUrl.parse(url), config);
        return new MetadataStore(database, observer);
    }

    /**
     * Runs {@code work}, which only reads; each of its statements sees the newest commit.
     *
     * @throws BelfryException {@code OVERLOADED} when the database does not answer
     */
    public <T extends @Nullable Object> T read(Function<Handle, T> work) {
        return observed(() -> readers.use(work));
    }

    /**
     * Runs {@code work} as one transaction: all of it is kept, or, when it throws, none. On SQLite
     * one runs at a time.
     *
     * @throws BelfryException {@code OVERLOADED} when the database does not answer, {@code
     *     STORAGE_FULL} when there is no room, or what {@code work} throws
     */
    public <T extends @Nullable Object> T write(Function<Handle, T> work) {
        return observed(() -> writers.inTransaction(work));
    }

    /** Reads a row, and gives up after {@code limit}; a second caller shares a running probe. */
    public MetadataHealth healthy(Duration limit) {
        CompletableFuture<MetadataHealth> running = runningProbe();
        try {
            return running.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException _) {
            return new MetadataHealth(
                    false, limit.toNanos(), "no answer within " + limit.toMillis() + " ms");
        } catch (ExecutionException e) {
            return new MetadataHealth(false, 0, Failures.message(e));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return new MetadataHealth(false, 0, "interrupted");
        }
    }

    /** {@code sqlite} or {@code postgresql}. */
    public String kind() {
        return switch (database) {
            case SqliteDatabase _ -> "sqlite";
            case PostgresDatabase _ -> "postgresql";
        };
    }

    /** The connections at this moment. */
    public PoolStatus poolStatus() {
        return database.poolStatus();
    }

    /** Closes all connections; what is not committed is lost. */
    @Override
    public void close() {
        database.close();
    }

    /** Connections that may write, for tests. */
    DataSource source() {
        return database.writers();
    }

    private CompletableFuture<MetadataHealth> runningProbe() {
        probeLock.lock();
        try {
            CompletableFuture<MetadataHealth> running = probe;
            if (running == null || running.isDone()) {
                CompletableFuture<MetadataHealth> started = new CompletableFuture<>();
                Thread.ofVirtual()
                        .name("belfry-metadata-probe")
                        .start(() -> started.complete(probeNow()));
                running = started;
                probe = started;
            }
            return running;
        } finally {
            probeLock.unlock();
        }
    }

    private MetadataHealth probeNow() {
        long startNanos = System.nanoTime();
        try (Connection connection = database.readers().getConnection()) {
            database.probe(connection);
            return new MetadataHealth(true, System.nanoTime() - startNanos, null);
        } catch (SQLException | RuntimeException e) {
            return new MetadataHealth(false, System.nanoTime() - startNanos, Failures.message(e));
        }
    }

    private <T extends @Nullable Object> T observed(Supplier<T> use) {
        long startNanos = System.nanoTime();
        boolean succeeded = false;
        try {
            T result = use.get();
            succeeded = true;
            return result;
        } catch (BelfryException e) {
            // The database did its part; the caller's request was refused.
            succeeded = true;
            throw e;
        } catch (RuntimeException e) {
            if (Failures.isConnectionFailure(e)) {
                database.connectionBroke();
                observer.connectionFailed();
            }
            BelfryException known = Failures.running(e);
            if (known == null) {
                throw e;
            }
            if (known.code() == ErrorCode.STORAGE_FULL) {
                database.diskWasFull();
            }
            throw known;
        } finally {
            observer.used(System.nanoTime() - startNanos, succeeded);
        }
    }
}
