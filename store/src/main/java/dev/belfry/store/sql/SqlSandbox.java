package dev.belfry.store.sql;

import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.model.disk.Disk;
import dev.belfry.model.disk.DiskFullException;
import dev.belfry.store.QueryContext;
import dev.belfry.store.ResultTable;
import dev.belfry.store.events.View;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Answers SQL of administrators: one SELECT over the rows of a view, in an instance of DuckDB that
 * is made for it, sees nothing else, and is gone afterwards. Safe for many threads.
 */
public final class SqlSandbox {
    /*
     *   caller ── place ── files of the view ── thread ── instance ── gate ── view ── lock ── query ── gone
     *      └──────── looks at time and client every 20 ms, and interrupts ────────┘
     *
     * The native call has a thread of its own: on a virtual one it would hold a carrier for as long as it runs.
     */
    private final Disk disk;
    private final Path folder;
    private final SqlBounds bounds;
    private final Semaphore places;
    private final AtomicLong number = new AtomicLong();
    private volatile boolean unpacked;

    /**
     * A sandbox that keeps hot rows and what does not fit into memory in {@code folder} while a
     * query runs, and deletes what an earlier process left there.
     */
    public SqlSandbox(Disk disk, Path folder, SqlBounds bounds) throws IOException {
        this.disk = disk;
        this.folder = folder.toAbsolutePath().normalize();
        this.bounds = bounds;
        this.places = new Semaphore(bounds.atOnceMax(), true);
        deleteAll(this.folder);
    }

    /**
     * Answers {@code text} over the rows of {@code view}, which stays open meanwhile.
     *
     * @param samples what its calls of {@code samples} give
     * @throws BelfryException VALIDATION_ERROR for what is not one harmless SELECT or fails in
     *     itself, QUERY_LIMIT over a bound of time or memory, STORAGE_FULL without room for DuckDB
     *     or for the newest rows
     */
    public ResultTable run(String text, View view, SampleSource samples, QueryContext context) {
        if (text.length() > Limits.TEXT_MAX) {
            throw SqlGate.refused(
                    text.length() + " characters (expected: at most " + Limits.TEXT_MAX + ")");
        }
        long startNanoTime = System.nanoTime();
        try {
            enter(context);
            boolean left = false;
            try {
                disk.createFolders(folder);
                checkRoom();
                Path own = folder.resolve(Long.toString(number.getAndIncrement()));
                disk.createFolders(own);
                SqlInstance instance =
                        new SqlInstance(bounds, own, text, view.endOffset(), samples, context);
                FutureTask<ResultTable> work =
                        new FutureTask<>(() -> answer(instance, view, own, startNanoTime));
                Thread.ofPlatform()
                        .daemon()
                        .name("belfry-sql")
                        .stackSize(Limits.STACK_BYTES)
                        .start(work);
                left = true;
                return await(work, instance, context);
            } finally {
                if (!left) {
                    places.release();
                }
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new BelfryException(ErrorCode.QUERY_LIMIT, "query: cancelled", stopped);
        } catch (IOException failure) {
            throw new BelfryException(
                    ErrorCode.INTERNAL_SERVER_ERROR, "sql: its folder cannot be used", failure);
        }
    }

    /* What cannot be unpacked cannot be tried again by the same process; and what is left belongs to the journal. */
    private void checkRoom() throws IOException {
        long usable = disk.usableBytes(folder);
        if (!unpacked && usable < Limits.UNPACKING_ROOM_BYTES) {
            throw new BelfryException(
                    ErrorCode.STORAGE_FULL,
                    "sql: %d bytes usable on the disk (expected: at least %d, for DuckDB's library)"
                            .formatted(usable, Limits.UNPACKING_ROOM_BYTES));
        }
    }

    private void enter(QueryContext context) throws InterruptedException {
        context.check();
        while (!places.tryAcquire(Limits.WATCH_MILLIS, TimeUnit.MILLISECONDS)) {
            context.check();
        }
    }

    /* In the query's own thread: everything that it took is given back when the instance is gone. */
    private ResultTable answer(SqlInstance instance, View view, Path own, long startNanoTime)
            throws IOException {
        try {
            return instance.answer(
                    () -> {
                        unpacked = true;
                        return view.files(disk, own);
                    },
                    startNanoTime);
        } finally {
            places.release();
            deleteAll(own);
        }
    }

    private static ResultTable await(
            FutureTask<ResultTable> work, SqlInstance instance, QueryContext context)
            throws InterruptedException {
        BelfryException ended = null;
        long endedNanoTime = 0;
        boolean interrupted = false;
        while (true) {
            try {
                ResultTable table = work.get(Limits.WATCH_MILLIS, TimeUnit.MILLISECONDS);
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
                return table;
            } catch (ExecutionException failed) {
                throw ended != null ? ended : asBelfry(failed.getCause());
            } catch (InterruptedException stopped) {
                interrupted = true;
                context.cancel();
            } catch (TimeoutException running) {
                ended = ended != null ? ended : over(context);
            }
            if (ended != null) {
                instance.interrupt();
                endedNanoTime = endedNanoTime == 0 ? System.nanoTime() : endedNanoTime;
                long waited = System.nanoTime() - endedNanoTime;
                if (waited > TimeUnit.SECONDS.toNanos(Limits.GIVE_UP_SECONDS)) {
                    throw ended;
                }
            }
        }
    }

    /* What is wrong with the query's bounds by now, or null. */
    private static @Nullable BelfryException over(QueryContext context) {
        try {
            context.check();
            return null;
        } catch (BelfryException over) {
            return over;
        }
    }

    private static BelfryException asBelfry(@Nullable Throwable cause) {
        return switch (cause) {
            case BelfryException known -> known;
            case DiskFullException full ->
                    new BelfryException(
                            ErrorCode.STORAGE_FULL,
                            "sql: no room for the newest rows (expected: room on the disk)",
                            full);
            case null, default ->
                    new BelfryException(
                            ErrorCode.INTERNAL_SERVER_ERROR,
                            "sql: failed",
                            new IllegalStateException(cause));
        };
    }

    private void deleteAll(Path path) throws IOException {
        if (disk.exists(path)) {
            for (Path inside : disk.list(path)) {
                deleteAll(inside);
            }
            disk.delete(path);
        }
    }
}
