package dev.belfry.store.metrics;

import dev.belfry.journal.Frame;
import dev.belfry.journal.Journal;
import dev.belfry.journal.JournalReader;
import dev.belfry.journal.Stream;
import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.model.disk.Disk;
import dev.belfry.model.series.SampleBatch;
import dev.belfry.model.series.SeriesDeletion;
import dev.belfry.model.wire.SampleBatchCodec;
import dev.belfry.model.wire.SeriesDeletionCodec;
import dev.belfry.model.wire.WireFormatException;
import dev.belfry.model.wire.WireReader;
import dev.belfry.store.Cardinality;
import dev.belfry.store.MetricStatus;
import dev.belfry.store.MetricStore;
import dev.belfry.store.MetricStoreConfig;
import dev.belfry.store.record.DamageReport;
import dev.belfry.store.record.Lag;
import dev.belfry.store.record.Unapplied;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The samples of the metric store: reads the journal, keeps them, and gives them back. Safe for
 * many threads.
 */
public final class MetricTable implements AutoCloseable {
    /** The kind of a frame of {@link Stream#CONTROL} that holds a deletion of series. */
    public static final int DELETION = 1;

    private static final int POLL_FRAMES = 256;
    private static final long POLL_BYTES = 4L << 20;
    private static final Duration POLL_WAIT = Duration.ofMillis(500);

    private static final Duration BACK_OFF = Duration.ofSeconds(1);
    private static final Duration ROOM_WAIT = Duration.ofMillis(5);

    /* What comes meanwhile is applied at once: to be woken for each request costs more than its samples. */
    private static final long GATHER_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final MetricStoreConfig config;
    private final Journal journal;
    private final SeriesIndex index;

    /* Of the batch at hand, when the journal's file is read. */
    private final SampleBatchCodec.Columns columns = new SampleBatchCodec.Columns();
    private final PagePool pool;
    private final Families families = new Families();
    private final ExemplarRing exemplars;
    private final Heads heads;
    private final BlockUpkeep upkeep;
    private final MetricMaintenance maintenance;
    private final long samplesBefore;
    private final List<Thread> threads = new ArrayList<>();
    private final Lag lag = new Lag("metric store");
    private final Unapplied unapplied;
    private final DamageReport damage = new DamageReport("metric store");
    private final long recoveredAt;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition applied = lock.newCondition();
    private final Condition wanted = lock.newCondition();

    /* The lowest offset that somebody waits for; guarded by the lock. */
    private long awaited = Long.MAX_VALUE;
    private volatile long appliedEnd;
    private volatile String failure = "";
    private volatile boolean closed;
    private volatile @Nullable JournalReader reading;

    private MetricTable(
            MetricStoreConfig config, Disk disk, Path folder, Journal journal, InstantSource clock)
            throws IOException {
        this.config = config;
        this.journal = journal;
        unapplied = new Unapplied(disk, folder);
        recoveredAt = journal.durableEnd();
        pool = new PagePool(config.headBytes());
        index = new SeriesIndex(config.limits(), new SecureRandom().nextLong(), this::recovered);
        exemplars = new ExemplarRing(config.exemplarsMax());
        MetricManifest manifest = MetricManifest.open(disk, folder);
        index.expect(manifest.seriesEnd());
        SeriesLog log =
                SeriesLog.open(disk, folder, index, families, exemplars, manifest.seriesLog());
        manifest.damage().forEach(damage::add);
        log.damage().forEach(damage::add);
        BlockFiles files =
                new BlockFiles(
                        disk, folder, found -> damage.add(String.valueOf(found.getMessage())));
        List<Stored> blocks = BlockUpkeep.open(manifest, files, damage);
        heads = new Heads(pool, manifest.replayFrom(), blocks, manifest.tombstones());
        blocks.forEach(Stored::close);
        /* What is trimmed already was of other stores: this one held the rest. */
        appliedEnd = Math.max(manifest.replayFrom(), journal.firstOffset());
        samplesBefore = manifest.samplesEver();
        upkeep = new BlockUpkeep(config, clock, manifest, index, heads, files);
        maintenance =
                new MetricMaintenance(
                        config,
                        journal,
                        clock,
                        manifest,
                        index,
                        log,
                        heads,
                        files,
                        upkeep,
                        () -> appliedEnd);
    }

    /**
     * Opens the table in {@code folder}, and begins to read from {@code journal} what is not in
     * blocks.
     */
    public static MetricTable open(
            MetricStoreConfig config, Disk disk, Path folder, Journal journal, InstantSource clock)
            throws IOException {
        disk.createFolders(folder);
        Path parent = folder.getParent();
        if (parent != null) {
            disk.forceFolder(parent);
        }
        MetricTable table = new MetricTable(config, disk, folder, journal, clock);
        journal.pin(MetricStore.READER, table.appliedEnd);
        table.start("belfry-metrics-apply", table::run);
        table.start("belfry-metrics-maintain", table.maintenance::run);
        return table;
    }

    private void start(String name, Runnable work) {
        threads.add(Thread.ofPlatform().daemon().name(name).start(work));
    }

    /* A series that only the journal's tail defines must not get a second number. */
    private void recovered() {
        if (appliedEnd >= recoveredAt) {
            return;
        }
        try {
            if (!awaitRecovered(config.waitMax().toNanos())) {
                throw new BelfryException(
                        ErrorCode.OVERLOADED,
                        "metric store: still reading the journal (expected: done; try again in a"
                                + " second)");
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new BelfryException(ErrorCode.OVERLOADED, "request: cancelled", stopped);
        }
    }

    /** The series. */
    public SeriesIndex index() {
        return index;
    }

    /** What is known of families. */
    public Families families() {
        return families;
    }

    /** The newest exemplars. */
    public ExemplarRing exemplars() {
        return exemplars;
    }

    /** A view of everything that is readable, to be released. */
    View view() {
        return heads.view();
    }

    /* A store has no dead letters for I/O: it backs off and tries again from where it stands. */
    private void run() {
        while (!closed) {
            try {
                applyFrom(appliedEnd);
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                return;
            } catch (Throwable problem) {
                /* Also an error: a thread that ended would leave the store behind for ever. */
                if (!closed) {
                    failure = "reading the journal: " + problem;
                    backOff();
                }
            }
        }
    }

    private void backOff() {
        try {
            Thread.sleep(BACK_OFF);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            closed = true;
        }
    }

    private void applyFrom(long offset) throws InterruptedException, IOException {
        Set<Stream> streams = Set.of(Stream.METRICS, Stream.CONTROL);
        try (JournalReader reader = journal.reader(MetricStore.READER, streams, offset)) {
            reading = reader;
            long lost = 0;
            while (!closed) {
                List<Frame> frames = reader.poll(POLL_FRAMES, POLL_BYTES, POLL_WAIT);
                if (reader.lostRecords() > lost) {
                    lost = reader.lostRecords();
                    damage.add(
                            "journal: "
                                    + lost
                                    + " records below "
                                    + reader.position()
                                    + " are gone");
                }
                awaitRoom();
                heads.lock().lock();
                try {
                    for (Frame frame : frames) {
                        apply(frame, offset);
                        reached(frame.endOffset());
                    }
                    reached(reader.position());
                    if (heads.isEmpty()) {
                        /* What was passed over is of other stores, which need not wait for a spill. */
                        journal.pin(MetricStore.READER, appliedEnd, Long.MAX_VALUE);
                    }
                } finally {
                    heads.lock().unlock();
                }
                if (maintenance.isFull()) {
                    maintenance.wake();
                }
                failure = "";
                if (!frames.isEmpty()) {
                    gather();
                }
            }
        }
    }

    /* Lets more come, unless the journal's tail is still read or somebody waits for what is there. */
    private void gather() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = appliedEnd < recoveredAt ? 0 : GATHER_NANOS;
            while (awaited == Long.MAX_VALUE && left > 0) {
                left = wanted.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    /* While a flush does not get on, what is open must not grow: then lag does, and receiving is refused. */
    private void awaitRoom() throws InterruptedException {
        while (heads.isCut() && heads.activeBytes() >= config.headBytes() && !closed) {
            Thread.sleep(ROOM_WAIT);
        }
    }

    private void reached(long offset) {
        if (offset <= appliedEnd) {
            return;
        }
        lock.lock();
        try {
            appliedEnd = offset;
            if (offset >= awaited) {
                awaited = Long.MAX_VALUE;
                applied.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    private void apply(Frame frame, long first) throws IOException {
        if (frame.endOffset() <= first) {
            return;
        }
        try {
            if (frame.stream() == Stream.METRICS) {
                applySamples(frame);
            } else if (frame.kind() == DELETION) {
                heads.begin(frame.bodyLength());
                apply(
                        SeriesDeletionCodec.decode(
                                new WireReader(frame.body(), 0, frame.bodyLength())));
            }
        } catch (WireFormatException | IllegalArgumentException damaged) {
            unapplied.add(frame);
        }
        if (frame.stream() == Stream.METRICS && frame.baseOffset() >= recoveredAt) {
            lag.applied(frame.bodyLength());
        }
    }

    private void applySamples(Frame frame) {
        heads.begin(frame.bodyLength());
        SampleBatch batch;
        if (frame.decoded() instanceof Appending appending) {
            for (int series : appending.defined()) {
                index.define(series);
            }
            batch = appending.batch();
        } else {
            batch =
                    SampleBatchCodec.decode(
                            frame.body(), 0, frame.bodyLength(), index::define, columns);
        }
        int highest = -1;
        int[] series = batch.series();
        for (int i = 0; i < batch.count(); i++) {
            highest = Math.max(highest, series[i]);
        }
        /* One whose definition is damaged has no labels, but keeps its number. */
        index.reserve(highest + 1);
        heads.add(batch, frame.receivedMillis());
        batch.exemplars().forEach(exemplars::add);
        batch.metadata().forEach(families::add);
    }

    private void apply(SeriesDeletion deletion) {
        heads.delete(deletion);
        exemplars.remove(deletion);
    }

    /**
     * What is being appended to the journal, as it is.
     *
     * @param defined the series whose labels stand ahead of the samples
     * @param batch the samples
     */
    public record Appending(int[] defined, SampleBatch batch) {}

    /** The batch with those of its series that the journal does not know for certain. */
    public Appending appending(SampleBatch batch) {
        return new Appending(index.known().missing(batch), batch);
    }

    /** Tells that the journal defines the series. */
    public void known(int series) {
        index.known().add(series);
    }

    /** Counts bytes that were acknowledged and are to be applied. */
    public void acknowledged(long bytes) {
        lag.acknowledged(bytes);
    }

    /**
     * Refuses when the store is behind.
     *
     * @throws BelfryException OVERLOADED when more than 64 MiB, or for 2 s more than 8 MiB, of what
     *     was acknowledged are not readable yet
     */
    public void checkCapacity() {
        lag.check();
    }

    /**
     * Waits until everything durable now is readable; false when it is not within {@code nanos}.
     */
    public boolean awaitApplied(long nanos) throws InterruptedException {
        return awaitApplied(journal.durableEnd(), nanos);
    }

    /**
     * Waits until everything that was durable at the start is readable; false when it is not within
     * {@code nanos}.
     */
    public boolean awaitRecovered(long nanos) throws InterruptedException {
        return awaitApplied(recoveredAt, nanos);
    }

    private boolean awaitApplied(long offset, long nanos) throws InterruptedException {
        if (appliedEnd >= offset) {
            return true;
        }
        JournalReader reader = reading;
        if (reader != null) {
            reader.catchUp();
        }
        lock.lockInterruptibly();
        try {
            long left = nanos;
            while (appliedEnd < offset && left > 0) {
                awaited = Math.min(awaited, offset);
                wanted.signal();
                left = applied.awaitNanos(left);
            }
            return appliedEnd >= offset;
        } finally {
            lock.unlock();
        }
    }

    /** What takes how many series; the first {@code limit} of each list. */
    public Cardinality cardinality(int limit) {
        return index.cardinality(limit);
    }

    /** Flushes what is open, merges and expires what is due, now and in the caller's thread. */
    public void maintainNow() throws IOException {
        maintenance.flush();
        maintenance.makeBlocks();
        maintenance.mergeDue();
        maintenance.expire();
    }

    /** Takes what was deleted out of all files, in the caller's thread. */
    public void carryOutDeletions() throws IOException {
        maintenance.carryOutDeletions();
    }

    /** Writes what is open to a file, in the caller's thread. */
    public void flushNow() throws IOException {
        maintenance.flush();
    }

    /** Begins to forget series without samples, and forgets those that were found so before. */
    public void forgetIdleNow() throws IOException {
        maintenance.forgetIdleNow();
    }

    /** How the store is doing. */
    public MetricStatus status() {
        View view = heads.view();
        try {
            long stored = heads.activeSamples();
            long blockBytes = 0;
            for (Stored block : view.blocks()) {
                stored += block.meta().samples();
                blockBytes += block.meta().bytes();
            }
            return new MetricStatus(
                    appliedEnd,
                    index.count(),
                    stored,
                    samplesBefore + heads.samplesEver(),
                    heads.activeSamples(),
                    heads.bytes(),
                    index.bytes(),
                    index.keyCount(),
                    lag.bytes(),
                    view.blocks().size(),
                    blockBytes,
                    maintenance.flushes(),
                    upkeep.merges(),
                    upkeep.expired(),
                    maintenance.forgotten(),
                    index.refused(),
                    unapplied.count(),
                    damage.count(),
                    damage.named(),
                    failure.isEmpty() ? maintenance.failure() : failure);
        } finally {
            view.release();
        }
    }

    @Override
    public void close() throws IOException {
        closed = true;
        JournalReader reader = reading;
        if (reader != null) {
            reader.wake();
        }
        maintenance.stop();
        boolean interrupted = false;
        for (Thread thread : threads) {
            try {
                thread.join(Duration.ofSeconds(3));
            } catch (InterruptedException stopped) {
                interrupted = true;
            }
        }
        maintenance.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
