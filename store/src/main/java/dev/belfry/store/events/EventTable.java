package dev.belfry.store.events;

import dev.belfry.journal.Frame;
import dev.belfry.journal.Journal;
import dev.belfry.journal.JournalReader;
import dev.belfry.journal.Stream;
import dev.belfry.model.BelfryException;
import dev.belfry.model.EventBatch;
import dev.belfry.model.disk.Disk;
import dev.belfry.model.wire.EventBatchCodec;
import dev.belfry.store.AppliedBatch;
import dev.belfry.store.EventStore;
import dev.belfry.store.EventStoreConfig;
import dev.belfry.store.StoreStatus;
import dev.belfry.store.column.RowGroup;
import dev.belfry.store.record.Lag;
import dev.belfry.store.record.Unapplied;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The rows of the event store: reads the journal, keeps them hot, and gives views of them. Safe for
 * many threads.
 */
public final class EventTable implements AutoCloseable {
    /*
     *            applier                 encoder                   maintenance
     *   journal ────────► open chunks ───────────► encoded groups ─────────────► segments ──► merged, expired
     *
     * Each arrow is one thread. The lock of `hot` also guards `segments`, so that a view sees each row once.
     */

    /* What is taken from the journal at once: little enough for a query to wait for. */
    private static final int POLL_FRAMES = 256;
    private static final long POLL_BYTES = 4L << 20;
    private static final Duration POLL_WAIT = Duration.ofMillis(500);

    /* Chunks that may wait for the encoder; then the applier waits, lag grows, and receiving is refused. */
    private static final int ENCODING_MAX = 4;

    /* New bytes that end the delay of recovery: far below what counts as lag. */
    private static final long FIRST_BYTES = 256 << 10;

    private static final Duration BACK_OFF = Duration.ofSeconds(1);

    private final Journal journal;
    private final HotRows hot;
    private final Maintenance maintenance;
    private final BlockingQueue<HotRows.HotGroup> toEncode = new ArrayBlockingQueue<>(ENCODING_MAX);
    private final List<Consumer<AppliedBatch>> listeners = new CopyOnWriteArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final Lag lag = new Lag("event store");
    private final Unapplied unapplied;
    private final long recoveredAt;
    private final Duration recoveryDelay;

    /* Zero when there is no reason any more to leave the processors to others. */
    private final CountDownLatch wanted = new CountDownLatch(1);

    private volatile boolean closed;
    private volatile @Nullable JournalReader reading;

    private EventTable(
            EventStoreConfig config,
            Disk disk,
            Path folder,
            Journal journal,
            InstantSource clock,
            Manifest manifest)
            throws IOException {
        this.journal = journal;
        unapplied = new Unapplied(disk, folder);
        recoveredAt = journal.durableEnd();
        boolean isMuch = recoveredAt > manifest.appliedTo() || !manifest.segments().isEmpty();
        recoveryDelay = isMuch ? config.recoveryDelay() : Duration.ZERO;
        hot = new HotRows(new Router(config.retention()), manifest.appliedTo());
        maintenance = new Maintenance(config, disk, folder, journal, clock, manifest, hot);
    }

    /**
     * Opens the table in {@code folder}, and begins to read from {@code journal} what is not in
     * segments.
     */
    public static EventTable open(
            EventStoreConfig config, Disk disk, Path folder, Journal journal, InstantSource clock)
            throws IOException {
        disk.createFolders(folder);
        Path parent = folder.getParent();
        if (parent != null) {
            disk.forceFolder(parent);
        }
        Manifest manifest = Manifest.open(disk, folder);
        EventTable table = new EventTable(config, disk, folder, journal, clock, manifest);
        journal.pin(EventStore.READER, manifest.appliedTo());
        table.start("belfry-events-apply", table::applyAll);
        table.start("belfry-events-encode", table::encodeWaiting);
        table.start("belfry-events-maintain", table.maintenance::run);
        return table;
    }

    private void start(String name, Runnable work) {
        Runnable later =
                () -> {
                    try {
                        wanted.await(recoveryDelay.toNanos(), TimeUnit.NANOSECONDS);
                        work.run();
                    } catch (InterruptedException stopped) {
                        Thread.currentThread().interrupt();
                    }
                };
        threads.add(Thread.ofPlatform().daemon().name(name).start(later));
    }

    /* A store has no dead letters for I/O: it backs off and tries again from where it stands. */
    private void applyAll() {
        while (!closed) {
            try {
                applyFrom(hot.appliedEnd());
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                return;
            } catch (IOException | RuntimeException failure) {
                if (!closed) {
                    maintenance.failed("reading the journal", failure);
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
        try (JournalReader reader =
                journal.reader(EventStore.READER, Set.of(Stream.EVENTS), offset)) {
            reading = reader;
            while (!closed) {
                for (Frame frame : reader.poll(POLL_FRAMES, POLL_BYTES, POLL_WAIT)) {
                    apply(frame, offset);
                }
                hot.skipTo(reader.position());
                if (hot.rowCount() == 0) {
                    /* What was passed over is of other stores, which need not wait for a seal. */
                    journal.pin(EventStore.READER, reader.position(), Long.MAX_VALUE);
                }
            }
        }
    }

    private void apply(Frame frame, long first) throws InterruptedException, IOException {
        EventBatch batch;
        try {
            batch =
                    frame.decoded() instanceof EventBatch decoded
                            ? decoded
                            : EventBatchCodec.decode(frame.body(), 0, frame.bodyLength());
        } catch (RuntimeException damaged) {
            unapplied.add(frame);
            hot.skipTo(frame.endOffset());
            return;
        }
        if (first < frame.endOffset()) {
            awaitRoom();
            List<HotRows.HotGroup> full =
                    hot.apply(
                            batch,
                            frame.baseOffset(),
                            first,
                            frame.receivedMillis(),
                            frame.principal());
            for (HotRows.HotGroup group : full) {
                toEncode.put(group);
                maintenance.wake();
            }
        }
        if (frame.baseOffset() >= recoveredAt) {
            lag.applied(frame.bodyLength());
        }
        if (!listeners.isEmpty()) {
            AppliedBatch applied =
                    new AppliedBatch(
                            batch,
                            frame.baseOffset(),
                            frame.receivedMillis(),
                            frame.principal(),
                            frame.bodyLength());
            listeners.forEach(listener -> listener.accept(applied));
        }
    }

    /* While seals fail, or are slower than what comes, it stays in the journal: lag grows, and receiving is refused. */
    private void awaitRoom() throws InterruptedException {
        long max = maintenance.hotBytesMax();
        while (!closed && !hot.awaitRoom(max, 0)) {
            maintenance.wake();
            hot.awaitRoom(max, POLL_WAIT.toNanos());
        }
    }

    private void encodeWaiting() {
        while (!closed) {
            try (RowGroupAssembler assembler = maintenance.segments().files().assembler()) {
                while (!closed) {
                    HotRows.HotGroup group = toEncode.poll(200, TimeUnit.MILLISECONDS);
                    if (group != null) {
                        encode(group, assembler);
                    }
                }
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                return;
            } catch (Throwable problem) {
                /* Also an error: without this thread the applier would wait for ever, and nobody would say so. */
                maintenance.failed("encoding", problem);
                backOff();
            }
        }
    }

    /* A group that cannot be encoded stays hot and readable; the next seal tries it again and reports it. */
    private void encode(HotRows.HotGroup group, RowGroupAssembler assembler) {
        try {
            group.encode(assembler);
            hot.encoded();
        } catch (RuntimeException failure) {
            maintenance.failed("encoding", failure);
        }
    }

    /** Calls {@code listener} with each batch once it is readable. */
    public void onApplied(Consumer<AppliedBatch> listener) {
        listeners.add(listener);
    }

    /** Counts bytes that were acknowledged and are to be applied. */
    public void acknowledged(long bytes) {
        if (lag.acknowledged(bytes) > FIRST_BYTES) {
            wanted.countDown();
        }
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
        wanted.countDown();
        long start = System.nanoTime();
        JournalReader reader = reading;
        if (reader != null && hot.appliedEnd() < offset) {
            reader.catchUp();
        }
        return hot.await(offset, nanos)
                && maintenance
                        .segments()
                        .awaitLoaded(Math.max(0, nanos - (System.nanoTime() - start)));
    }

    /** All rows that are readable now. */
    public View view() {
        wanted.countDown();
        maintenance.segments().awaitLoaded();
        synchronized (hot) {
            SegmentSet segments = maintenance.segments().now().retain();
            List<RowGroup> groups = new ArrayList<>(segments.groups().size() + 16);
            long end = hot.snapshot(groups);
            groups.addAll(segments.groups());
            return new View(groups, end, segments);
        }
    }

    /**
     * Finds what of a row group's segment can be read; views from now on leave out the rest.
     *
     * @param group a row group of a view that is still open
     * @param cause why it could not be read
     * @param again whether that was tried before and nothing was found: then the group is given up
     * @return false when everything in it can be read
     */
    public boolean salvage(RowGroup group, IOException cause, boolean again) {
        return maintenance.segments().salvage(group, cause, again);
    }

    /** The rows of one batch as row groups of their own. */
    public static List<RowGroup> rowsOf(
            EventBatch batch, long baseOffset, long receivedMillis, String principal) {
        List<RowGroup> groups = new ArrayList<>();
        for (int from = 0; from < batch.count(); from += Chunk.ROWS_MAX) {
            int first = from;
            int[] events = new int[Math.min(batch.count() - from, Chunk.ROWS_MAX)];
            Arrays.setAll(events, i -> first + i);
            Chunk chunk = new Chunk();
            chunk.append(batch, events, baseOffset, receivedMillis, principal);
            groups.add(chunk.view());
        }
        return groups;
    }

    /** Seals what is hot, merges and expires what is due, now and in the caller's thread. */
    public void maintainNow() throws IOException {
        wanted.countDown();
        maintenance.sealNow();
        maintenance.mergeDue();
        maintenance.expire();
    }

    /** Seals what is hot, in the caller's thread. */
    public void sealNow() throws IOException {
        wanted.countDown();
        maintenance.sealNow();
    }

    /** How the store is doing. */
    public StoreStatus status() {
        List<StoreStatus.SegmentStatus> segments = new ArrayList<>();
        long stored;
        long unreadable = 0;
        synchronized (hot) {
            stored = hot.rowCount() + maintenance.segments().rowsToLoad();
            for (SegmentSet.Segment segment : maintenance.segments().now().segments()) {
                stored += segment.meta.rows() - segment.lostRows();
                segments.add(status(segment.meta));
            }
            for (Loss loss : maintenance.segments().now().losses()) {
                unreadable += loss.rows();
            }
        }
        return maintenance.status(
                hot, stored, unreadable, segments, lag.bytes(), unapplied.count());
    }

    private static StoreStatus.SegmentStatus status(SegmentMeta meta) {
        long day = meta.partition().day();
        return new StoreStatus.SegmentStatus(
                meta.name(),
                day == Partition.LATE ? "late" : LocalDate.ofEpochDay(day).toString(),
                meta.partition().retentionClass(),
                meta.rows(),
                meta.bytes() + meta.filterBytes(),
                meta.minTimestampNanos(),
                meta.maxTimestampNanos());
    }

    @Override
    public void close() throws IOException {
        closed = true;
        wanted.countDown();
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
