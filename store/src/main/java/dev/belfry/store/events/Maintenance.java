package dev.belfry.store.events;

import dev.belfry.journal.Journal;
import dev.belfry.journal.JournalConfig;
import dev.belfry.model.CorruptFileException;
import dev.belfry.model.disk.Disk;
import dev.belfry.store.EventStore;
import dev.belfry.store.EventStoreConfig;
import dev.belfry.store.StoreStatus;
import dev.belfry.store.column.RowGroup;
import dev.belfry.store.column.SoundRows;
import dev.belfry.store.parquet.EncodedRowGroup;
import dev.belfry.store.record.DamageReport;
import dev.belfry.store.record.Step;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What happens to rows after they are hot: seal, merge, expiry; one commit of the manifest each.
 */
final class Maintenance {
    /* How often it looks whether something is due when nobody wakes it. */
    private static final long LOOK_MILLIS = 1000;

    /* Small segments of a partition at which they are merged. */
    private static final int MERGE_COUNT = 8;

    /* Bytes up to which segments are merged: each is written again once, however large its events are. */
    private static final long SEGMENT_BYTES_MAX = 768L << 20;

    /* What a merge leaves on the disk for seals, which make room in the journal. */
    private static final long MERGE_ROOM_BYTES = JournalConfig.USABLE_BYTES_MIN;

    /*
     * Journal of other stores that a few events may keep from being trimmed, and for how long. An event takes a
     * few hundred bytes of it.
     */
    private static final long JOURNAL_BYTES_MAX = 8L << 20;
    private static final long JOURNAL_SEAL_MILLIS = 60_000;
    private static final long EVENT_BYTES = 1024;

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

    /* Opening takes a while when there are many: appending and applying do not wait for it. */
    private final CountDownLatch loaded = new CountDownLatch(1);
    private volatile @Nullable Exception loadFailure;

    /* What a commit added that failed: it may be on the disk all the same, until the manifest is written anew. */
    private final List<SegmentSet.Segment> doubtful = new ArrayList<>();

    /* What frees room does not wait for what takes some. */
    private final Step expiry = new Step("expiry", this::expire);
    private final Step upkeep = new Step("maintenance", this::sealAndMerge);

    private final long rowsAtStart;
    private final long everBefore;
    private final DamageReport damage = new DamageReport("event store");
    private volatile boolean stopped;
    private final AtomicLong seals = new AtomicLong();
    private final AtomicLong merges = new AtomicLong();
    private final AtomicLong mergeNanos = new AtomicLong();
    private final AtomicLong filesMerged = new AtomicLong();
    private final AtomicLong bytesSaved = new AtomicLong();
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
        this.manifest = manifest;
        this.hot = hot;
        this.everBefore = manifest.eventsEver();
        this.rowsAtStart = manifest.segments().stream().mapToLong(SegmentMeta::rows).sum();
        manifest.damage().forEach(damage::add);
        long next = 0;
        for (Path path : disk.list(folder)) {
            next = Math.max(next, number(path) + 1);
        }
        files = new SegmentFiles(disk, folder, config, next, problem -> damage.add(text(problem)));
        segments = new SegmentSet(disk, folder, List.of(), List.of());
    }

    /** Opens the segments of the manifest; to be called once, before {@link #run}. */
    void load() {
        try {
            SegmentSet opened = openAll();
            SegmentSet none;
            synchronized (hot) {
                none = segments;
                segments = opened;
            }
            none.release();
        } catch (IOException | RuntimeException problem) {
            failed("opening segments", problem);
            loadFailure = problem;
        } finally {
            loaded.countDown();
        }
    }

    /** Waits until the segments are open; false when they are not within {@code nanos}. */
    boolean awaitLoaded(long nanos) throws InterruptedException {
        return loaded.await(nanos, TimeUnit.NANOSECONDS);
    }

    /**
     * Waits until the segments are open.
     *
     * @throws UncheckedIOException when they could not be
     */
    void awaitLoaded() {
        boolean interrupted = false;
        while (true) {
            try {
                loaded.await();
                break;
            } catch (InterruptedException stop) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        Exception problem = loadFailure;
        if (problem != null) {
            throw new UncheckedIOException(
                    new IOException("segments could not be opened: " + problem, problem));
        }
    }

    /** Rows of segments that are not open yet. */
    long rowsToLoad() {
        return loaded.getCount() == 0 ? 0 : rowsAtStart;
    }

    private static String text(IOException problem) {
        return problem instanceof NoSuchFileException gone
                ? gone.getFile() + " is not there"
                : String.valueOf(problem.getMessage());
    }

    private SegmentSet openAll() throws IOException {
        List<SegmentSet.Segment> opened = new ArrayList<>();
        List<SegmentMeta> unopened = new ArrayList<>();
        Set<String> named = new HashSet<>();
        for (SegmentMeta meta : manifest.segments()) {
            named.add(meta.name());
            try {
                opened.add(files.open(meta));
            } catch (IOException unreadable) {
                unopened.add(meta);
                damage.add("segment " + meta.name() + " cannot be opened: " + text(unreadable));
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
        return new SegmentSet(disk, folder, opened, unopened);
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
        load();
        while (!stopped && loadFailure == null) {
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
            List<SegmentSet.Segment> newestLast = current();
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
        return config.sealBytes() / 2 * 5;
    }

    private boolean sealIsDue() {
        Long oldest = hot.oldestMillis();
        long rows = hot.rowCount();
        long age = oldest == null ? 0 : clock.millis() - oldest;
        return rows >= config.sealRows()
                || hot.encodedBytes() >= config.sealBytes()
                || hot.memoryBytes() >= hotBytesMax()
                || oldest != null && age >= config.sealAge().toMillis()
                || rows > 0
                        && journal.isFull()
                        && journal.bytesFrom(manifest.appliedTo()) > JOURNAL_BYTES_MAX
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

    /** Makes segments of all that is hot; nothing when nothing is. */
    void sealNow() throws IOException {
        awaitLoaded();
        work.lock();
        try {
            settle();
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
            commit(write(parts), Set.of(), cut);
            seals.incrementAndGet();
            journal.pin(EventStore.READER, cut.appliedEnd());
            journal.trim();
        } finally {
            work.unlock();
        }
    }

    private List<SegmentSet.Segment> write(Map<Partition, List<HotRows.HotGroup>> parts)
            throws IOException {
        List<SegmentSet.Segment> written = new ArrayList<>();
        try {
            for (Map.Entry<Partition, List<HotRows.HotGroup>> part : parts.entrySet()) {
                long received = 0;
                List<EncodedRowGroup> groups = new ArrayList<>();
                for (HotRows.HotGroup group : part.getValue()) {
                    received = Math.max(received, group.maxReceivedMillis);
                    groups.add(group.encoded());
                }
                written.add(files.write(part.getKey(), groups, received));
            }
            return written;
        } catch (IOException | RuntimeException failure) {
            for (SegmentSet.Segment each : written) {
                files.delete(each);
            }
            throw failure;
        }
    }

    private void commit(List<SegmentSet.Segment> added, Set<String> removed, HotRows.Cut cut)
            throws IOException {
        try {
            manifest.commit(
                    added.stream().map(segment -> segment.meta).toList(),
                    List.copyOf(removed),
                    cut.appliedEnd(),
                    everBefore + cut.applied());
        } catch (IOException | RuntimeException failure) {
            doubtful.addAll(added);
            throw failure;
        }
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

    /* Else each try would leave its files. */
    private void settle() throws IOException {
        if (doubtful.isEmpty()) {
            return;
        }
        commit(List.of(), Set.of());
        for (SegmentSet.Segment segment : doubtful) {
            files.delete(segment);
        }
        doubtful.clear();
    }

    /** Merges small segments of a partition where there are enough of them. */
    void mergeDue() throws IOException {
        awaitLoaded();
        work.lock();
        try {
            settle();
            Map<Partition, List<SegmentSet.Segment>> small = new LinkedHashMap<>();
            for (SegmentSet.Segment segment : current()) {
                if (segment.meta.rows() * 2 <= config.segmentRowsMax()
                        && segment.meta.bytes() * 2 <= SEGMENT_BYTES_MAX) {
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
        long bytes = 0;
        for (SegmentSet.Segment segment :
                candidates.stream()
                        .sorted(Comparator.comparingLong(candidate -> candidate.meta.minOffset()))
                        .toList()) {
            if (rows + segment.meta.rows() > config.segmentRowsMax()
                    || bytes + segment.meta.bytes() > SEGMENT_BYTES_MAX) {
                break;
            }
            rows += segment.meta.rows();
            bytes += segment.meta.bytes();
            chosen.add(segment);
        }
        if (disk.usableBytes(folder) < bytes + MERGE_ROOM_BYTES) {
            return;
        }
        long newest = 0;
        long before = 0;
        Set<String> names = new HashSet<>();
        for (SegmentSet.Segment segment : chosen) {
            newest = Math.max(newest, segment.meta.newestMillis());
            before += segment.meta.bytes() + segment.meta.filterBytes();
            names.add(segment.meta.name());
        }
        List<SegmentSet.Segment> merged = write(chosen, newest);
        keepDamaged(chosen);
        commit(merged, names);
        merges.incrementAndGet();
        filesMerged.addAndGet(chosen.size());
        for (SegmentSet.Segment segment : merged) {
            before -= segment.meta.bytes() + segment.meta.filterBytes();
        }
        bytesSaved.addAndGet(Math.max(0, before));
        mergeNanos.addAndGet(System.nanoTime() - start);
    }

    /* Nothing when none of the rows can be read. */
    private List<SegmentSet.Segment> write(List<SegmentSet.Segment> chosen, long newest)
            throws IOException {
        List<EncodedRowGroup> groups;
        try {
            groups = files.merged(chosen);
            return List.of(files.write(chosen.getFirst().meta.partition(), groups, newest));
        } catch (CorruptFileException damaged) {
            boolean found = false;
            for (SegmentSet.Segment segment : chosen) {
                found |= salvage(segment, null, damaged);
            }
            if (!found) {
                throw damaged;
            }
            groups = files.merged(chosen);
            return groups.isEmpty()
                    ? List.of()
                    : List.of(files.write(chosen.getFirst().meta.partition(), groups, newest));
        }
    }

    /* A merge leaves behind what it could not read: the files of damaged segments stay, aside. */
    private void keepDamaged(List<SegmentSet.Segment> merged) throws IOException {
        Path aside = folder.resolve("quarantine");
        for (SegmentSet.Segment segment : merged) {
            if (segment.isDamaged()) {
                disk.createFolders(aside);
                segment.keepIn(aside);
            }
        }
    }

    /**
     * Finds what of the row group's segment can be read; views from now on leave out the rest.
     *
     * @param group a row group of a view
     * @param cause why it could not be read
     * @param again whether it was looked at before and nothing was found: then it is given up
     * @return false when everything in it can be read
     */
    boolean salvage(RowGroup group, IOException cause, boolean again) {
        SegmentSet.Segment segment;
        synchronized (hot) {
            segment = segments.segmentOf(group);
        }
        if (segment == null) {
            return true; // Merged or expired since.
        }
        if (!segment.groups().contains(group)) {
            return true; // Another query was quicker.
        }
        RowGroup stored = group instanceof SoundRows sound ? sound.damaged() : group;
        return salvage(segment, again ? stored : null, cause);
    }

    private boolean salvage(
            SegmentSet.Segment segment, @Nullable RowGroup hopeless, IOException cause) {
        if (!segment.salvage(hopeless)) {
            return false;
        }
        damage.add(
                "segment "
                        + segment.meta.name()
                        + ": "
                        + segment.lostRows()
                        + " of "
                        + segment.meta.rows()
                        + " events cannot be read: "
                        + text(cause));
        SegmentSet old;
        synchronized (hot) {
            old = segments;
            segments = old.with(List.of(), Set.of());
        }
        try {
            old.release();
        } catch (IOException failure) {
            failed("closing a segment", failure);
        }
        return true;
    }

    /** Drops segments whose newest row is past its retention. */
    void expire() throws IOException {
        awaitLoaded();
        work.lock();
        try {
            long now = clock.millis();
            Set<String> past = new HashSet<>();
            long rows = 0;
            for (SegmentSet.Segment segment : current()) {
                if (isPast(segment.meta, now)) {
                    past.add(segment.meta.name());
                    rows += segment.meta.rows();
                }
            }
            for (SegmentMeta meta : unopened()) {
                if (isPast(meta, now)) {
                    past.add(meta.name());
                }
            }
            if (!past.isEmpty()) {
                commit(List.of(), past);
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

    private List<SegmentMeta> unopened() {
        synchronized (hot) {
            return segments.unopened();
        }
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
                expiryMillis,
                rows.future(),
                unapplied,
                unreadable,
                damage.count(),
                damage.named(),
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
