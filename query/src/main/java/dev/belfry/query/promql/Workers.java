package dev.belfry.query.promql;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/**
 * Threads that help the threads of queries, one less than there are processors. Whoever has tasks
 * works at them too, so that a query goes on when all others are busy.
 */
final class Workers implements AutoCloseable {
    private static final int HELPERS =
            Math.min(Limits.HELPERS_MAX, Runtime.getRuntime().availableProcessors() - 1);

    private final AtomicInteger count = new AtomicInteger();
    private final ThreadPoolExecutor pool =
            new ThreadPoolExecutor(
                    0,
                    Math.max(1, HELPERS),
                    10,
                    TimeUnit.SECONDS,
                    new SynchronousQueue<>(),
                    this::thread);

    private Thread thread(Runnable work) {
        return Thread.ofPlatform()
                .daemon()
                .name("promql-" + count.incrementAndGet())
                .unstarted(work);
    }

    /** Ends the threads when their work is done; whoever has tasks works alone from now on. */
    @Override
    public void close() {
        pool.shutdown();
    }

    /** Runs {@code task} with each number below {@code tasks}; it must not throw. */
    void run(int tasks, IntConsumer task) {
        AtomicInteger next = new AtomicInteger();
        int helpers = Math.min(HELPERS, tasks - 1);
        CountDownLatch done = new CountDownLatch(Math.max(0, helpers));
        Runnable work =
                () -> {
                    for (int i = next.getAndIncrement(); i < tasks; i = next.getAndIncrement()) {
                        task.accept(i);
                    }
                };
        for (int i = 0; i < helpers; i++) {
            try {
                pool.execute(() -> {
                    try {
                        work.run();
                    } finally {
                        done.countDown();
                    }
                });
            } catch (RejectedExecutionException busy) {
                done.countDown();
            }
        }
        work.run();
        await(done);
    }

    /* Helpers look at the budget often: an interrupted query still waits for its own. */
    private static void await(CountDownLatch done) {
        boolean interrupted = false;
        while (true) {
            try {
                done.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
