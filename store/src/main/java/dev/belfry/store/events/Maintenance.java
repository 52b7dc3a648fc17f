package dev.belfry.store.events;

import dev.belfry.journal.Journal;
import dev.belfry.model.disk.Disk;
import dev.belfry.model.disk.DiskFullException;
import dev.belfry.store.EventStore;
import dev.belfry.store.EventStoreConfig;
import dev.belfry.store.StoreStatus;
import dev.belfry.store.parquet.EncodedRowGroup;
import dev.belfry.store.record.Step;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * What happens to rows after they are hot: seal, merge, expiry; one commit of the manifest each.
 */
final class Maintenance {
    /* How often it looks whether something is due when nobody wakes it. */
    private static final long LOOK_MILLIS = 1000;

    /*
     * Journal of other stores that a few events may keep from being trimmed, and for how long. An event takes a
     * few hundred bytes of it.
     */
    private static final long JOURNAL_BYTES_MAX = 8L << 20;
    private static final long JOURNAL_SEAL_MILLIS = 60_000;
    private static final long EVENT_BYTES = 1024;

    /* What a seal takes of the disk beside its row groups, about: footers and its record in the manifest. */
    private static final long SEAL_EXTRA_BYTES = 1L << 20;

    private final EventStoreConfig config;
    private final Disk disk;
    private final Path folder;
    private final Journal journal;
    private final InstantSource clock;
    private final HotRows hot;
    private final Segments segments;
    private final Merger merger;

    /* One of seal, merge, expiry at a time; `wake` ends its sleep. */
    private final ReentrantLock work = new ReentrantLock();
    private final ReentrantLock sleep = new ReentrantLock();
    private final Condition woken = sleep.newCondition();

    /* What frees room does not wait for what takes some. */
    private final Step expiry = new Step("expiry", this::expire);
    private final Step upkeep = new Step("maintenance", this::sealAndMerge);

    private volatile boolean stopped;
    private final AtomicLong seals = new AtomicLong();
    private final AtomicLong expired = new AtomicLong();
    private volatile long expiryMillis;
    private volatile String failure = "";

    Maintenance(
            EventStoreConfig config,
            Disk disk,
            Path folder,
            Journal journal,
            InstantSource clock,
            Manifest manifest,
            HotRows hot)
            throws IOException {
        this.config = config;
        this.disk = disk;
        this.folder = folder;
        this.journal = journal;
        this.clock = clock;
        this.hot = hot;
        segments = new Segments(config, disk, folder, manifest, hot, this::failed);
        merger = new Merger(config, disk, folder, segments);
    }

    /** The segments that it makes. */
    Segments segments() {
        return segments;
    }

    void run() {
        try {
            segments.load();
        } catch (IOException | RuntimeException problem) {
            failed("opening segments", problem);
            return;
        }
        while (!stopped) {
            expiry.run();
            upkeep.run();
            failure = "";
            pause();
            readFilters();
        }
    }

    /* Those of the newest segments; whatever closes files has the lock as well. */
    private void readFilters() {
        work.lock();
        try {
            List<SegmentSet.Segment> newestLast = segments.opened();
            for (int i = newestLast.size() - 1; i >= 0 && !stopped; i--) {
                if (!newestLast.get(i).file.readFilters()) {
                    return;
                }
            }
        } finally {
            work.unlock();
        }
    }

    void failed(String what, Throwable problem) {
        failure = what + ": " + problem;
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

    /** Memory of hot rows, encoded or not, at which what comes waits for a seal. */
    long hotBytesMax() {
        return config.seal().bytes() / 2 * 5;
    }

    private boolean sealIsDue() {
        Long oldest = hot.oldestMillis();
        long rows = hot.rowCount();
        long age = oldest == null ? 0 : clock.millis() - oldest;
        return rows >= config.seal().rows()
                || hot.encodedBytes() >= config.seal().bytes()
                || hot.memoryBytes() >= hotBytesMax()
                || oldest != null && age >= config.seal().age().toMillis()
                || rows > 0
                        && journal.isFull()
                        && journal.bytesFrom(segments.appliedTo()) > JOURNAL_BYTES_MAX
                || age >= JOURNAL_SEAL_MILLIS
                        && journal.bytesHeldBy(EventStore.READER)
                                > JOURNAL_BYTES_MAX + EVENT_BYTES * rows;
    }

    private void sealAndMerge() throws IOException {
        if (sealIsDue()) {
            sealNow();
            mergeDue();
        }
    }

    /**
     * Makes segments of all that is hot; nothing when nothing is. Where the disk has no room for
     * all, of a part: with that the journal gets shorter, which makes room for the next.
     *
     * @throws DiskFullException when there is no room for a part
     */
    void sealNow() throws IOException {
        segments.awaitLoaded();
        work.lock();
        try {
            segments.settle();
            HotRows.Cut left = hot.cut();
            try (RowGroupAssembler assembler = segments.files().assembler()) {
                for (HotRows.HotGroup group : left.groups()) {
                    group.encode(assembler);
                }
            }
            while (!left.groups().isEmpty() || left.appliedEnd() != segments.appliedTo()) {
                HotRows.Cut part = fitting(left);
                seal(part);
                left = left.after(part);
            }
        } finally {
            work.unlock();
        }
    }

    private HotRows.Cut fitting(HotRows.Cut cut) throws IOException {
        long room = disk.usableBytes(folder) - SEAL_EXTRA_BYTES;
        HotRows.Cut part = cut.oldest(room);
        if (!part.groups().isEmpty() && part.bytes() > room) {
            throw new DiskFullException(
                    "seal: %d bytes usable (expected: at least %d)"
                            .formatted(room + SEAL_EXTRA_BYTES, part.bytes() + SEAL_EXTRA_BYTES));
        }
        return part;
    }

    private void seal(HotRows.Cut cut) throws IOException {
        segments.seal(write(cut), cut);
        seals.incrementAndGet();
        journal.pin(EventStore.READER, cut.appliedEnd());
        journal.trim();
    }

    private List<SegmentSet.Segment> write(HotRows.Cut cut) throws IOException {
        Map<Partition, List<HotRows.HotGroup>> parts = new LinkedHashMap<>();
        for (HotRows.HotGroup group : cut.groups()) {
            parts.computeIfAbsent(group.partition, _ -> new ArrayList<>()).add(group);
        }
        List<SegmentSet.Segment> written = new ArrayList<>();
        try {
            for (Map.Entry<Partition, List<HotRows.HotGroup>> part : parts.entrySet()) {
                long received = 0;
                List<EncodedRowGroup> groups = new ArrayList<>();
                for (HotRows.HotGroup group : part.getValue()) {
                    received = Math.max(received, group.maxReceivedMillis);
                    groups.add(group.encoded());
                }
                written.add(segments.files().write(part.getKey(), groups, received));
            }
            return written;
        } catch (IOException | RuntimeException failure) {
            for (SegmentSet.Segment each : written) {
                segments.files().delete(each);
            }
            throw failure;
        }
    }

    /** Merges small segments of a partition where there are enough of them. */
    void mergeDue() throws IOException {
        segments.awaitLoaded();
        work.lock();
        try {
            segments.settle();
            merger.mergeDue(() -> stopped);
        } finally {
            work.unlock();
        }
    }

    /** Drops segments whose newest row is past its retention. */
    void expire() throws IOException {
        segments.awaitLoaded();
        work.lock();
        try {
            long now = clock.millis();
            Set<String> past = new HashSet<>();
            long rows = 0;
            for (SegmentSet.Segment segment : segments.opened()) {
                if (isPast(segment.meta, now)) {
                    past.add(segment.meta.name());
                    rows += segment.meta.rows();
                }
            }
            for (SegmentMeta meta : segments.unopened()) {
                if (isPast(meta, now)) {
                    past.add(meta.name());
                }
            }
            if (!past.isEmpty()) {
                segments.replace(past, List.of());
                expired.addAndGet(rows);
            }
            expiryMillis = now;
        } finally {
            work.unlock();
        }
    }

    private boolean isPast(SegmentMeta meta, long now) {
        Duration age = config.retention().age(meta.partition().retentionClass());
        return now - meta.newestMillis() > age.toMillis();
    }

    StoreStatus status(
            HotRows rows,
            long stored,
            long unreadable,
            List<StoreStatus.SegmentStatus> list,
            long lagBytes,
            long unapplied) {
        return new StoreStatus(
                rows.appliedEnd(),
                stored,
                segments.eventsEver(),
                rows.rowCount(),
                rows.memoryBytes(),
                lagBytes,
                list,
                seals.get(),
                merger.merges(),
                merger.nanos(),
                merger.filesMerged(),
                merger.bytesSaved(),
                expired.get(),
                expiryMillis,
                rows.future(),
                unapplied,
                unreadable,
                segments.damage().count(),
                segments.damage().named(),
                failure());
    }

    private String failure() {
        return Stream.of(failure, expiry.failure(), upkeep.failure())
                .filter(each -> !each.isEmpty())
                .findFirst()
                .orElse("");
    }

    void stop() {
        stopped = true;
        wake();
    }

    void close() throws IOException {
        work.lock();
        try {
            segments.close();
        } finally {
            work.unlock();
        }
    }
}
