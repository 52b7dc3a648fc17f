package dev.belfry.store.events;

import dev.belfry.journal.Journal;
import dev.belfry.model.disk.Disk;
import dev.belfry.store.EventStoreConfig;
import dev.belfry.store.StoreStatus;
import dev.belfry.store.parquet.EncodedRowGroup;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What happens to rows after they are hot: seal, merge, expiry; one commit of the manifest each.
 */
final class Maintenance {
    /* How often it looks whether something is due when nobody wakes it. */
    private static final long LOOK_MILLIS = 1000;

    /* Small segments of a partition at which they are merged. */
    private static final int MERGE_COUNT = 8;

    private final EventStoreConfig config;
    private final Disk disk;
    private final Path folder;
    private final Journal journal;
    private final InstantSource clock;
    private final Manifest manifest;
    private final HotRows hot;
    private final SegmentFiles files;

    /* One of seal, merge, expiry at a time; `wake` ends its sleep. */
    private final ReentrantLock work = new ReentrantLock();
    private final ReentrantLock sleep = new ReentrantLock();
    private final Condition woken = sleep.newCondition();

    /* Guarded by the lock of `hot`. */
    private SegmentSet segments;

    private final long everBefore;
    private final List<String> damage = new CopyOnWriteArrayList<>();
    private volatile boolean stopped;
    private final AtomicLong seals = new AtomicLong();
    private final AtomicLong merges = new AtomicLong();
    private final AtomicLong mergeNanos = new AtomicLong();
    private final AtomicLong filesMerged = new AtomicLong();
    private final AtomicLong bytesSaved = new AtomicLong();
    private final AtomicLong expired = new AtomicLong();
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
        this.manifest = manifest;
        this.hot = hot;
        this.everBefore = manifest.eventsEver();
        damage.addAll(manifest.damage());
        long next = 0;
        for (Path path : disk.list(folder)) {
            next = Math.max(next, number(path) + 1);
        }
        files =
                new SegmentFiles(
                        disk, folder, config, next, problem -> damage.add(problem.toString()));
        segments = load();
    }

    private SegmentSet load() throws IOException {
        List<SegmentSet.Segment> opened = new ArrayList<>();
        Set<String> named = new HashSet<>();
        for (SegmentMeta meta : manifest.segments()) {
            named.add(meta.name());
            try {
                opened.add(files.open(meta));
            } catch (IOException unreadable) {
                damage.add("segment " + meta.name() + ": " + unreadable.getMessage());
            }
        }
        if (manifest.damage().isEmpty()) {
            for (Path path : disk.list(folder)) {
                String file = path.getFileName().toString();
                int dot = file.indexOf('.');
                if (number(path) >= 0 && !named.contains(file.substring(0, dot))) {
                    disk.delete(path);
                }
            }
        }
        return new SegmentSet(disk, folder, opened);
    }

    /* The number in a segment file's name, or -1. */
    private static long number(Path path) {
        String file = path.getFileName().toString();
        int dot = file.indexOf('.');
        if (dot != 12 || !file.contains(".parquet") && !file.contains(".filter")) {
            return -1;
        }
        for (int i = 0; i < dot; i++) {
            if (file.charAt(i) < '0' || file.charAt(i) > '9') {
                return -1;
            }
        }
        return Long.parseLong(file.substring(0, dot));
    }

    /** What encodes row groups; for one thread, and to be closed by it. */
    RowGroupAssembler assembler() {
        return files.assembler();
    }

    /** The segments now; to be called with the lock of the hot rows. */
    SegmentSet segments() {
        return segments;
    }

    void run() {
        while (!stopped) {
            try {
                if (sealIsDue()) {
                    sealNow();
                    mergeDue();
                }
                expire();
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

    private boolean sealIsDue() {
        Long oldest = hot.oldestMillis();
        return hot.rowCount() >= config.sealRows()
                || oldest != null && clock.millis() - oldest >= config.sealAge().toMillis();
    }

    /** Makes segments of all that is hot; nothing when nothing is. */
    void sealNow() throws IOException {
        work.lock();
        try {
            HotRows.Cut cut = hot.cut();
            try (RowGroupAssembler assembler = files.assembler()) {
                for (HotRows.HotGroup group : cut.groups()) {
                    group.encode(assembler);
                }
            }
            if (cut.groups().isEmpty() && cut.appliedEnd() == manifest.appliedTo()) {
                return;
            }
            Map<Partition, List<HotRows.HotGroup>> parts = new LinkedHashMap<>();
            for (HotRows.HotGroup group : cut.groups()) {
                parts.computeIfAbsent(group.partition, _ -> new ArrayList<>()).add(group);
            }
            List<SegmentSet.Segment> written = new ArrayList<>();
            for (Map.Entry<Partition, List<HotRows.HotGroup>> part : parts.entrySet()) {
                long received = 0;
                List<EncodedRowGroup> groups = new ArrayList<>();
                for (HotRows.HotGroup group : part.getValue()) {
                    received = Math.max(received, group.maxReceivedMillis);
                    groups.add(group.encoded());
                }
                written.add(files.write(part.getKey(), groups, received));
            }
            commit(written, Set.of(), cut);
            seals.incrementAndGet();
            journal.pin("events", cut.appliedEnd());
            journal.trim();
        } finally {
            work.unlock();
        }
    }

    private void commit(List<SegmentSet.Segment> added, Set<String> removed, HotRows.Cut cut)
            throws IOException {
        manifest.commit(
                added.stream().map(segment -> segment.meta).toList(),
                List.copyOf(removed),
                cut.appliedEnd(),
                everBefore + cut.applied());
        SegmentSet before;
        synchronized (hot) {
            hot.remove(cut);
            before = segments;
            segments = before.with(added, removed);
        }
        before.release();
    }

    /* A commit that does not touch hot rows. */
    private void commit(List<SegmentSet.Segment> added, Set<String> removed) throws IOException {
        long appliedTo = manifest.appliedTo();
        long applied = manifest.eventsEver() - everBefore;
        commit(added, removed, new HotRows.Cut(List.of(), appliedTo, applied));
    }

    /** Merges small segments of a partition where there are enough of them. */
    void mergeDue() throws IOException {
        work.lock();
        try {
            Map<Partition, List<SegmentSet.Segment>> small = new LinkedHashMap<>();
            for (SegmentSet.Segment segment : current()) {
                if (segment.meta.rows() * 2 <= config.segmentRowsMax()) {
                    small.computeIfAbsent(segment.meta.partition(), _ -> new ArrayList<>())
                            .add(segment);
                }
            }
            for (List<SegmentSet.Segment> candidates : small.values()) {
                if (candidates.size() >= MERGE_COUNT && !stopped) {
                    merge(candidates);
                }
            }
        } finally {
            work.unlock();
        }
    }

    private List<SegmentSet.Segment> current() {
        synchronized (hot) {
            return segments.segments();
        }
    }

    private void merge(List<SegmentSet.Segment> candidates) throws IOException {
        long start = System.nanoTime();
        List<SegmentSet.Segment> chosen = new ArrayList<>();
        long rows = 0;
        for (SegmentSet.Segment segment :
                candidates.stream()
                        .sorted(Comparator.comparingLong(candidate -> candidate.meta.minOffset()))
                        .toList()) {
            if (rows + segment.meta.rows() > config.segmentRowsMax()) {
                break;
            }
            rows += segment.meta.rows();
            chosen.add(segment);
        }
        long newest = 0;
        long before = 0;
        Set<String> names = new HashSet<>();
        for (SegmentSet.Segment segment : chosen) {
            newest = Math.max(newest, segment.meta.newestMillis());
            before += segment.meta.bytes() + segment.meta.filterBytes();
            names.add(segment.meta.name());
        }
        Partition partition = chosen.getFirst().meta.partition();
        SegmentSet.Segment merged = files.write(partition, files.merged(chosen), newest);
        commit(List.of(merged), names);
        merges.incrementAndGet();
        filesMerged.addAndGet(chosen.size());
        bytesSaved.addAndGet(before - merged.meta.bytes() - merged.meta.filterBytes());
        mergeNanos.addAndGet(System.nanoTime() - start);
    }

    /** Drops segments whose newest row is past its retention. */
    void expire() throws IOException {
        work.lock();
        try {
            long now = clock.millis();
            Set<String> past = new HashSet<>();
            long rows = 0;
            for (SegmentSet.Segment segment : current()) {
                Duration age = config.retention().age(segment.meta.partition().retentionClass());
                if (now - segment.meta.newestMillis() > age.toMillis()) {
                    past.add(segment.meta.name());
                    rows += segment.meta.rows();
                }
            }
            if (!past.isEmpty()) {
                commit(List.of(), past);
                expired.addAndGet(rows);
            }
        } finally {
            work.unlock();
        }
    }

    StoreStatus status(
            HotRows rows,
            long stored,
            List<StoreStatus.SegmentStatus> list,
            long lagBytes,
            long unapplied) {
        return new StoreStatus(
                rows.appliedEnd(),
                stored,
                everBefore + rows.applied(),
                rows.rowCount(),
                rows.memoryBytes(),
                lagBytes,
                list,
                seals.get(),
                merges.get(),
                mergeNanos.get(),
                filesMerged.get(),
                bytesSaved.get(),
                expired.get(),
                rows.future(),
                unapplied,
                List.copyOf(damage),
                failure);
    }

    void stop() {
        stopped = true;
        wake();
    }

    void close() throws IOException {
        work.lock();
        try {
            SegmentSet last;
            synchronized (hot) {
                last = segments;
            }
            last.release();
            manifest.close();
            files.close();
        } finally {
            work.unlock();
        }
    }
}
