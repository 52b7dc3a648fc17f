package dev.belfry.store.metrics;

import dev.belfry.journal.Journal;
import dev.belfry.store.MetricStore;
import dev.belfry.store.MetricStoreConfig;
import dev.belfry.store.record.Step;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/**
 * What happens to samples after they are open: flush, merge, expiry; one commit of the manifest
 * each.
 */
final class MetricMaintenance {
    private static final System.Logger LOGGER = System.getLogger(MetricMaintenance.class.getName());

    /* How often it looks whether something is due when nobody wakes it. */
    private static final long LOOK_MILLIS = 500;

    /* Journal that a flush is due for, with what is of other stores. */
    private static final long JOURNAL_BYTES_MAX = 512L << 20;
    private static final long JOURNAL_FLUSH_MILLIS = 60_000;

    /* The same while the disk is full. */
    private static final long FULL_JOURNAL_BYTES_MAX = 8L << 20;

    /*
     * Samples of each series that make a good block: two hours of them at 15 s. Who brings them faster does not leave
     * more of them in the journal, where one takes 20 times as much, unless it is little.
     */
    private static final long SERIES_SAMPLES = 480;
    private static final long FLUSH_BYTES_MIN = 4 << 20;

    /* What would be read again by the next start: less takes it no time. */
    private static final long END_BYTES_MIN = 1 << 20;

    private static final long MERGE_MILLIS = 60_000;

    /* How often series without samples are looked for; one that is idle twice goes. */
    private static final long IDLE_MILLIS = 3_600_000;

    private final MetricStoreConfig config;
    private final Journal journal;
    private final InstantSource clock;
    private final MetricManifest manifest;
    private final SeriesIndex index;
    private final SeriesLog log;
    private final Heads heads;
    private final BlockFiles files;
    private final BlockUpkeep blocks;
    private final AppliedEnd applied;
    private final Lull lull;

    /* One of flush, merge, expiry at a time; `wake` ends its sleep. */
    private final ReentrantLock work = new ReentrantLock();
    private final ReentrantLock sleep = new ReentrantLock();
    private final Condition woken = sleep.newCondition();

    private long lastFlushMillis;
    private long lastMergeMillis;
    private long lastIdleMillis;
    private RoaringBitmap faded = new RoaringBitmap();

    /* Where the journal ended when they began to fade. */
    private long fadedEnd;

    /* The file of the cut that waits for its commit: who tries again need not write it again. */
    private @Nullable Spill spilled;

    /*
     * Where the journal ended at the start when much of it was held: a server that ends within its first minute again
     * and again would never trim it.
     */
    private volatile long dueAt;

    private volatile boolean stopped;
    private final List<Step> steps =
            List.of(
                    new Step("making blocks", this::settleInLull),
                    new Step("flush", this::flushDue),
                    new Step("merge", this::mergeNow),
                    new Step("expiry", this::expire),
                    new Step("forgetting", this::forgetIdle));
    private final AtomicLong flushes = new AtomicLong();
    private final AtomicLong forgotten = new AtomicLong();

    /** Says up to where the journal is applied; asked with the lock of the heads. */
    @FunctionalInterface
    interface AppliedEnd {
        long offset();
    }

    MetricMaintenance(
            MetricStoreConfig config,
            Journal journal,
            InstantSource clock,
            MetricManifest manifest,
            SeriesIndex index,
            SeriesLog log,
            Heads heads,
            BlockFiles files,
            BlockUpkeep blocks,
            AppliedEnd applied) {
        this.config = config;
        this.journal = journal;
        this.clock = clock;
        this.manifest = manifest;
        this.index = index;
        this.log = log;
        this.heads = heads;
        this.files = files;
        this.applied = applied;
        this.blocks = blocks;
        lastFlushMillis = clock.millis();
        lastIdleMillis = lastFlushMillis;
        lull = new Lull(lastFlushMillis);
        boolean isMuch = journal.bytesFrom(manifest.replayFrom()) > 2 * config.tailBytes();
        dueAt = isMuch ? journal.durableEnd() : Long.MAX_VALUE;
    }

    void run() {
        while (!stopped) {
            steps.forEach(Step::run);
            pause();
        }
    }

    /** What failed the last time that it was tried; empty when nothing did. */
    String failure() {
        return steps.stream()
                .map(Step::failure)
                .filter(each -> !each.isEmpty())
                .findFirst()
                .orElse("");
    }

    long flushes() {
        return flushes.get();
    }

    /** Series that were forgotten since the start. */
    long forgotten() {
        return forgotten.get();
    }

    private void pause() {
        sleep.lock();
        try {
            if (!stopped) {
                woken.awaitNanos(Duration.ofMillis(LOOK_MILLIS).toNanos());
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
            stopped = true;
        } finally {
            sleep.unlock();
        }
    }

    /** Looks at once whether something is due. */
    void wake() {
        sleep.lock();
        try {
            woken.signalAll();
        } finally {
            sleep.unlock();
        }
    }

    void stop() {
        stopped = true;
        wake();
    }

    /* Nothing waits for more of its kind when there is little to come. */
    private void settleInLull() throws IOException {
        long now = clock.millis();
        if (!lull.isToLook(now)) {
            return;
        }
        if (!lull.isOn(now, heads.samplesEver())) {
            return;
        }
        BlockUpkeep.Spilled waiting = blocks.spilled();
        long samples = heads.activeSamples() + waiting.samples();
        work.lock();
        try {
            if (Lull.isWorthABlock(samples, Math.max(heads.activeSeries(), waiting.series()))) {
                flush();
                blocks.makeBlocks();
            }
            blocks.mergeAll(() -> stopped || flushIsDue());
        } finally {
            work.unlock();
        }
    }

    private void flushDue() throws IOException {
        if (flushIsDue()) {
            flush();
            lastMergeMillis = 0;
        }
    }

    private void mergeNow() throws IOException {
        if (clock.millis() - lastMergeMillis > MERGE_MILLIS) {
            mergeDue();
        }
    }

    private boolean flushIsDue() {
        long age = clock.millis() - lastFlushMillis;
        return heads.isCut()
                || isFull()
                || isRipe()
                || age >= config.flushAge().toMillis() && heads.activeSamples() > 0
                || dueAt < Long.MAX_VALUE && appliedEnd() >= dueAt
                || heads.activeSamples() > 0
                        && journal.isFull()
                        && journal.bytesFrom(manifest.replayFrom()) > FULL_JOURNAL_BYTES_MAX
                || age >= JOURNAL_FLUSH_MILLIS
                        && journal.bytesFrom(manifest.replayFrom()) > JOURNAL_BYTES_MAX;
    }

    private boolean isRipe() {
        return heads.tailBytes() >= FLUSH_BYTES_MIN
                && heads.activeSamples() >= SERIES_SAMPLES * heads.activeSeries();
    }

    /** Whether what is open takes so much memory, or so much of the journal, that it must go. */
    boolean isFull() {
        return heads.activeBytes() >= config.headBytes() || heads.tailBytes() >= config.tailBytes();
    }

    /** Writes what is open to a file, and the journal before it can go. */
    void flush() throws IOException {
        work.lock();
        try {
            blocks.settle();
            /* Else what comes next would keep up to 64 MiB of what is in files then. */
            journal.endFile();
            Heads.Cut cut = cut();
            lastFlushMillis = clock.millis();
            if (cut.toOffset() >= dueAt) {
                dueAt = Long.MAX_VALUE;
            }
            if (cut.toOffset() == manifest.replayFrom()) {
                heads.committed(cut, List.of());
                return;
            }
            if (spilled == null && cut.frozen().samples() > 0) {
                spilled = files.spill(cut.frozen(), cut.toOffset());
            }
            Spill spill = spilled;
            List<Stored> spills = spill == null ? List.of() : List.of(spill);
            log.append(new RoaringBitmap());
            manifest.commit(
                    new MetricManifest.Change(
                            spills.stream().map(Stored::meta).toList(),
                            List.of(),
                            cut.deletions(),
                            List.of(),
                            cut.toOffset(),
                            index.end(),
                            manifest.samplesEver() + cut.frozen().samples(),
                            log.end()));
            heads.committed(cut, spills);
            spills.forEach(Stored::close);
            spilled = null;
            flushes.incrementAndGet();
            journal.pin(MetricStore.READER, cut.toOffset());
            journal.trim();
        } finally {
            work.unlock();
        }
    }

    private long appliedEnd() {
        heads.lock().lock();
        try {
            return applied.offset();
        } finally {
            heads.lock().unlock();
        }
    }

    private Heads.Cut cut() {
        heads.lock().lock();
        try {
            return heads.cut(applied.offset());
        } finally {
            heads.lock().unlock();
        }
    }

    /** Makes blocks of spills, and merges blocks, where there are enough of them. */
    void mergeDue() throws IOException {
        work.lock();
        try {
            blocks.mergeDue(() -> stopped);
            lastMergeMillis = clock.millis();
        } finally {
            work.unlock();
        }
    }

    /** Takes what was deleted out of all files. */
    void carryOutDeletions() throws IOException {
        work.lock();
        try {
            blocks.carryOutDeletions(() -> stopped);
        } finally {
            work.unlock();
        }
    }

    /** Makes blocks of all spills. */
    void makeBlocks() throws IOException {
        work.lock();
        try {
            blocks.makeBlocks();
        } finally {
            work.unlock();
        }
    }

    /** Drops blocks that are past their time, or makes steps of a tier of their samples. */
    void expire() throws IOException {
        work.lock();
        try {
            blocks.expire();
        } finally {
            work.unlock();
        }
    }

    /* A series without samples for an hour, of which nobody spoke meanwhile, is forgotten. */
    private void forgetIdle() throws IOException {
        long now = clock.millis();
        if (now - lastIdleMillis < IDLE_MILLIS) {
            return;
        }
        forgetIdleNow();
        lastIdleMillis = now;
    }

    void forgetIdleNow() throws IOException {
        work.lock();
        try {
            RoaringBitmap idle = index.allSeries();
            long reached;
            View view;
            heads.lock().lock();
            try {
                reached = applied.offset();
                view = heads.view();
            } finally {
                heads.lock().unlock();
            }
            try {
                view.generations().forEach(each -> idle.andNot(each.series()));
                for (Stored block : view.blocks()) {
                    RoaringBitmap found = new RoaringBitmap();
                    idle.forEach((int series) -> {
                        if (block.mayHave(series, Long.MIN_VALUE, Long.MAX_VALUE)) {
                            found.add(series);
                        }
                    });
                    idle.andNot(found);
                }
            } finally {
                view.release();
            }
            /* Until what was durable then is applied, samples of one that looks idle may be on their way. */
            RoaringBitmap again =
                    reached < fadedEnd ? new RoaringBitmap() : RoaringBitmap.and(idle, faded);
            RoaringBitmap gone = index.forget(again);
            if (!gone.isEmpty()) {
                forgotten.addAndGet(gone.getCardinality());
                log.append(gone);
            }
            idle.andNot(gone);
            index.fade(idle);
            faded = idle;
            fadedEnd = journal.durableEnd();
        } finally {
            work.unlock();
        }
    }

    /** Writes what is open to a file, if it is much; what fails is in the journal all the same. */
    private void flushAtEnd() {
        if (heads.tailBytes() >= END_BYTES_MIN) {
            try {
                flush();
            } catch (IOException | RuntimeException failure) {
                LOGGER.log(Level.WARNING, "metric store: last flush", failure);
            }
        }
    }

    void close() throws IOException {
        flushAtEnd();
        work.lock();
        try {
            heads.close();
            Spill open = spilled;
            if (open != null) {
                open.close();
            }
            log.close();
            manifest.close();
        } finally {
            work.unlock();
        }
    }
}
