package dev.belfry.server.scrape;

import dev.belfry.model.BelfryException;
import dev.belfry.model.series.SampleBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Brings what many targets gave to the store together. Safe for many threads. */
final class GatheredStore implements Consumer<SampleBatch> {
    /*
     * Nobody waits for an acknowledgement of scraped samples, and each batch of its own would be a frame of the
     * journal and mostly a force of the disk: most of what a small scrape costs. So the first to come waits a little
     * for others, stores for all, and tells them.
     *
     *   first   ──opens a group── waits ──takes it── stores ──────┬─→ returns
     *   others       ──join it── wait ───────────────────────────┘
     */
    private final Consumer<SampleBatch> store;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition full = lock.newCondition();
    private @Nullable Group open;

    /** Brings batches to {@code store}. */
    GatheredStore(Consumer<SampleBatch> store) {
        this.store = store;
    }

    /** Batches that are stored together. */
    private static final class Group {
        final List<SampleBatch> batches = new ArrayList<>();
        final CountDownLatch done = new CountDownLatch(1);
        int samples;
        boolean failed;

        SampleBatch all() {
            if (batches.size() == 1) {
                return batches.getFirst();
            }
            SampleBatch.Builder all = new SampleBatch.Builder(samples);
            batches.forEach(all::add);
            return all.build();
        }
    }

    /**
     * Returns when {@code batch} is stored.
     *
     * @throws BelfryException as the store does
     */
    @Override
    public void accept(SampleBatch batch) {
        Group group;
        boolean first;
        lock.lock();
        try {
            first = open == null;
            group = open == null ? new Group() : open;
            open = group;
            group.batches.add(batch);
            group.samples += batch.count();
            if (group.samples >= Limits.GROUP_SAMPLES) {
                open = null;
                full.signalAll();
            }
        } finally {
            lock.unlock();
        }
        if (first) {
            gather(group);
            store(group);
        } else {
            await(group);
        }
        if (group.failed) {
            /* What is wrong with one batch is not the others' fault. */
            store.accept(batch);
        }
    }

    /* Who is interrupted is to end: then there is no more waiting. */
    private void gather(Group group) {
        lock.lock();
        try {
            long nanos = TimeUnit.MILLISECONDS.toNanos(Limits.GATHER_MILLIS);
            while (open == group && nanos > 0) {
                nanos = full.awaitNanos(nanos);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            if (open == group) {
                open = null;
            }
            lock.unlock();
        }
    }

    private void store(Group group) {
        /* Others wait for it: an interrupt is for what comes behind. */
        boolean interrupted = Thread.interrupted();
        try {
            store.accept(group.all());
        } catch (BelfryException e) {
            group.failed = true;
            if (group.batches.size() == 1) {
                throw e;
            }
        } catch (RuntimeException | Error e) {
            group.failed = true;
            throw e;
        } finally {
            group.done.countDown();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static void await(Group group) {
        boolean interrupted = false;
        while (true) {
            try {
                group.done.await();
                break;
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
