package dev.belfry.store.metrics;

import dev.belfry.journal.Journal;
import dev.belfry.store.MetricStoreConfig;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.roaringbitmap.RoaringBitmap;

/**
 * What happens to samples after they are open: flush, merge, expiry; one commit of the manifest
 * each.
 */
final class MetricMaintenance {
    /* How often it looks whether something is due when nobody wakes it. */
    private static final long LOOK_MILLIS = 500;

    /* Journal that a flush is due for: what a restart would read again, and what the disk holds for it. */
    private static final long JOURNAL_BYTES_MAX = 512L << 20;
    private static final long JOURNAL_FLUSH_MILLIS = 60_000;

    /* Samples of a series that make a block worth while, and files to wait for them. */
    private static final int SERIES_SAMPLES = 240;
    private static final int SPILLS_MAX = 8;

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
    private final FlushOrder order;
    private final AppliedEnd applied;

    /* One of flush, merge, expiry at a time; `wake` ends its sleep. */
    private final ReentrantLock work = new ReentrantLock();
    private final ReentrantLock sleep = new ReentrantLock();
    private final Condition woken = sleep.newCondition();

    private final List<String> damage;
    private long lastFlushMillis;
    private long lastMergeMillis;
    private long lastIdleMillis;
    private RoaringBitmap faded = new RoaringBitmap();
    private volatile boolean stopped;
    private volatile String failure = "";
    private final AtomicLong flushes = new AtomicLong();
    private final AtomicLong merges = new AtomicLong();
    private final AtomicLong expired = new AtomicLong();
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
            AppliedEnd applied,
            List<String> damage) {
        this.config = config;
        this.journal = journal;
        this.clock = clock;
        this.manifest = manifest;
        this.index = index;
        this.log = log;
        this.heads = heads;
        this.files = files;
        this.applied = applied;
        this.damage = damage;
        order = new FlushOrder(index);
        lastFlushMillis = clock.millis();
        lastIdleMillis = lastFlushMillis;
    }

    /**
     * Opens the blocks of the manifest, and deletes the files that it does not name.
     *
     * @param damage what cannot be opened is told here
     */
    static List<Stored> open(MetricManifest manifest, BlockFiles files, List<String> damage)
            throws IOException {
        List<Stored> blocks = new ArrayList<>();
        Set<String> named = new HashSet<>();
        for (BlockMeta meta : manifest.blocks()) {
            named.add(meta.name());
            try {
                blocks.add(files.open(meta));
            } catch (IOException unreadable) {
                damage.add("block " + meta.name() + " cannot be opened: " + unreadable);
            }
        }
        if (manifest.damage().isEmpty()) {
            files.deleteOthers(named);
        }
        blocks.sort(Comparator.comparingLong((Stored block) -> block.meta().toOffset()));
        return blocks;
    }

    void run() {
        while (!stopped) {
            try {
                if (flushIsDue()) {
                    flush();
                    mergeDue();
                } else if (clock.millis() - lastMergeMillis > MERGE_MILLIS) {
                    mergeDue();
                }
                expire();
                forgetIdle();
                failure = "";
            } catch (IOException | RuntimeException problem) {
                failed("maintenance", problem);
            }
            pause();
        }
    }

    void failed(String what, Exception problem) {
        failure = what + ": " + problem;
    }

    String failure() {
        return failure;
    }

    List<String> damage() {
        synchronized (damage) {
            return List.copyOf(damage);
        }
    }

    long flushes() {
        return flushes.get();
    }

    long merges() {
        return merges.get();
    }

    /** Samples that retention dropped since the start. */
    long expired() {
        return expired.get();
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

    private boolean flushIsDue() {
        long age = clock.millis() - lastFlushMillis;
        return heads.isCut()
                || heads.activeBytes() >= config.headBytes()
                || age >= config.flushAge().toMillis() && heads.activeSamples() > 0
                || age >= JOURNAL_FLUSH_MILLIS && journal.status().bytes() > JOURNAL_BYTES_MAX;
    }

    /** Writes what is open to a file, and the journal before it can go. */
    void flush() throws IOException {
        work.lock();
        try {
            Heads.Cut cut = cut();
            if (cut.toOffset() == manifest.replayFrom()) {
                heads.committed(cut, List.of());
                return;
            }
            List<Stored> spills =
                    cut.frozen().samples() == 0
                            ? List.of()
                            : List.of(files.spill(cut.frozen(), cut.toOffset()));
            try {
                log.append(new RoaringBitmap());
                manifest.commit(
                        new MetricManifest.Change(
                                spills.stream().map(Stored::meta).toList(),
                                List.of(),
                                cut.deletions(),
                                List.of(),
                                cut.toOffset(),
                                index.end(),
                                manifest.samplesEver() + cut.frozen().samples()));
                heads.committed(cut, spills);
            } finally {
                spills.forEach(Stored::close);
            }
            lastFlushMillis = clock.millis();
            flushes.incrementAndGet();
            journal.pin("metrics", cut.toOffset());
            journal.trim();
        } finally {
            work.unlock();
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
            if (blocksAreDue()) {
                makeBlocks();
            }
            List<StoredBlock> chosen = choose();
            while (!chosen.isEmpty() && !stopped) {
                merge(chosen);
                chosen = choose();
            }
            lastMergeMillis = clock.millis();
        } finally {
            work.unlock();
        }
    }

    private boolean blocksAreDue() {
        View view = heads.view();
        try {
            long samples = 0;
            int series = 0;
            int spills = 0;
            for (Stored one : view.blocks()) {
                if (one instanceof Spill spill) {
                    spills++;
                    samples += spill.meta().samples();
                    series = Math.max(series, spill.meta().series());
                }
            }
            return spills >= SPILLS_MAX || spills > 0 && samples >= SERIES_SAMPLES * (long) series;
        } finally {
            view.release();
        }
    }

    /** Makes blocks of all spills. */
    void makeBlocks() throws IOException {
        work.lock();
        View view = heads.view();
        try {
            List<Spill> spills = new ArrayList<>();
            for (Stored one : view.blocks()) {
                if (one instanceof Spill spill) {
                    spills.add(spill);
                }
            }
            if (!spills.isEmpty()) {
                long deletionsEnd = heads.nextDeletion();
                List<Stored> blocks =
                        files.blocksOf(
                                spills, tombstones(deletionsEnd), deletionsEnd, order, index);
                replace(spills, blocks);
            }
        } finally {
            view.release();
            work.unlock();
        }
    }

    private List<StoredBlock> choose() {
        View view = heads.view();
        try {
            return MergePlan.choose(view.blocks(), view.tombstones(), clock.millis());
        } finally {
            view.release();
        }
    }

    private void merge(List<StoredBlock> chosen) throws IOException {
        View view = heads.view();
        try {
            long deletionsEnd = heads.nextDeletion();
            List<Tombstone> tombstones = tombstones(deletionsEnd);
            StoredBlock merged = files.merge(chosen, tombstones, deletionsEnd);
            List<Stored> added = merged == null ? List.of() : List.of(merged);
            replace(chosen, added);
            merges.incrementAndGet();
        } finally {
            view.release();
        }
    }

    private List<Tombstone> tombstones(long below) {
        View now = heads.view();
        try {
            return now.tombstones().stream().filter(each -> each.number() < below).toList();
        } finally {
            now.release();
        }
    }

    private void replace(List<? extends Stored> gone, List<Stored> added) throws IOException {
        List<BlockMeta> left = new ArrayList<>(manifest.blocks());
        left.removeAll(gone.stream().map(Stored::meta).toList());
        left.addAll(added.stream().map(Stored::meta).toList());
        List<Long> done = new ArrayList<>();
        if (!heads.isCut()) {
            for (Tombstone tombstone : manifest.tombstones()) {
                if (left.stream().noneMatch(tombstone::concerns)) {
                    done.add(tombstone.number());
                }
            }
        }
        try {
            manifest.commit(
                    manifest.change(
                            added.stream().map(Stored::meta).toList(),
                            gone.stream().map(block -> block.meta().name()).toList(),
                            done));
            heads.replaced(gone, added, done);
        } finally {
            added.forEach(Stored::close);
        }
        for (Stored block : gone) {
            files.delete(block.meta());
        }
    }

    /** Drops blocks that are past their time, or makes steps of a tier of their samples. */
    void expire() throws IOException {
        work.lock();
        try {
            List<Stored> gone = new ArrayList<>();
            List<StoredBlock> older = new ArrayList<>();
            View view = heads.view();
            try {
                for (Stored block : view.blocks()) {
                    long distance = distance(block);
                    if (distance == Tiers.GONE) {
                        gone.add(block);
                    } else if (distance > block.meta().tierMillis()
                            && block instanceof StoredBlock stored
                            && view.tombstones().stream()
                                    .noneMatch(each -> each.concerns(block.meta()))) {
                        older.add(stored);
                    }
                }
                if (!gone.isEmpty()) {
                    replace(gone, List.of());
                    gone.forEach(block -> expired.addAndGet(block.meta().samples()));
                }
                for (StoredBlock block : older) {
                    StoredBlock steps = files.downsample(block, distance(block));
                    replace(List.of(block), steps == null ? List.of() : List.of(steps));
                }
            } finally {
                view.release();
            }
        } finally {
            work.unlock();
        }
    }

    private long distance(Stored block) {
        return Tiers.distance(config, clock.millis() - block.meta().newestMillis());
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
            View view = heads.view();
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
            RoaringBitmap again = RoaringBitmap.and(idle, faded);
            RoaringBitmap gone = index.forget(again);
            if (!gone.isEmpty()) {
                forgotten.addAndGet(gone.getCardinality());
                log.append(gone);
            }
            idle.andNot(gone);
            index.fade(idle);
            faded = idle;
        } finally {
            work.unlock();
        }
    }

    void close() throws IOException {
        work.lock();
        try {
            heads.close();
            log.close();
            manifest.close();
        } finally {
            work.unlock();
        }
    }
}
