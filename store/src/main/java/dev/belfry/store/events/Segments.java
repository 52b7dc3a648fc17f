package dev.belfry.store.events;

import dev.belfry.model.disk.Disk;
import dev.belfry.store.EventStoreConfig;
import dev.belfry.store.column.RowGroup;
import dev.belfry.store.column.SoundRows;
import dev.belfry.store.record.DamageReport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The segments that the manifest names, open: those there are now, and their changes, of which each
 * is one commit of the manifest. Changes are for one thread at a time.
 */
final class Segments implements AutoCloseable {
    private final Disk disk;
    private final Path folder;
    private final Manifest manifest;
    private final HotRows hot;
    private final SegmentFiles files;
    private final DamageReport damage = new DamageReport("event store");
    private final BiConsumer<String, Throwable> onFailure;
    private final long rowsAtStart;
    private final long everBefore;

    /* Guarded by the lock of `hot`. */
    private SegmentSet now;

    /* Opening takes a while when there are many: appending and applying do not wait for it. */
    private final CountDownLatch loaded = new CountDownLatch(1);
    private volatile @Nullable Exception loadFailure;

    /* What a commit added that failed: it may be on the disk all the same, until the manifest is written anew. */
    private final List<SegmentSet.Segment> doubtful = new ArrayList<>();

    /**
     * The segments of {@code manifest}, not open yet.
     *
     * @param onFailure told what failed that nobody waits for
     */
    Segments(
            EventStoreConfig config,
            Disk disk,
            Path folder,
            Manifest manifest,
            HotRows hot,
            BiConsumer<String, Throwable> onFailure)
            throws IOException {
        this.disk = disk;
        this.folder = folder;
        this.manifest = manifest;
        this.hot = hot;
        this.onFailure = onFailure;
        everBefore = manifest.eventsEver();
        rowsAtStart = manifest.segments().stream().mapToLong(SegmentMeta::rows).sum();
        manifest.damage().forEach(damage::add);
        long next = 0;
        for (Path path : disk.list(folder)) {
            next = Math.max(next, number(path) + 1);
        }
        files = new SegmentFiles(disk, folder, config, next, problem -> damage.add(text(problem)));
        now = new SegmentSet(disk, folder, List.of(), List.of());
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

    private static String text(IOException problem) {
        return problem instanceof NoSuchFileException gone
                ? gone.getFile() + " is not there"
                : String.valueOf(problem.getMessage());
    }

    /** Opens them; to be called once. */
    void load() throws IOException {
        try {
            SegmentSet opened = openAll();
            SegmentSet none;
            synchronized (hot) {
                none = now;
                now = opened;
            }
            none.release();
        } catch (IOException | RuntimeException problem) {
            loadFailure = problem;
            throw problem;
        } finally {
            loaded.countDown();
        }
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

    /** Waits until they are open; false when they are not within {@code nanos}. */
    boolean awaitLoaded(long nanos) throws InterruptedException {
        return loaded.await(nanos, TimeUnit.NANOSECONDS);
    }

    /**
     * Waits until they are open.
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

    /** Rows of those that are not open yet. */
    long rowsToLoad() {
        return loaded.getCount() == 0 ? 0 : rowsAtStart;
    }

    /** Those there are now; to be called with the lock of the hot rows. */
    SegmentSet now() {
        return now;
    }

    List<SegmentSet.Segment> opened() {
        synchronized (hot) {
            return now.segments();
        }
    }

    List<SegmentMeta> unopened() {
        synchronized (hot) {
            return now.unopened();
        }
    }

    /** Writes and opens the files. */
    SegmentFiles files() {
        return files;
    }

    /** The journal offset from which on rows are not in segments. */
    long appliedTo() {
        return manifest.appliedTo();
    }

    /** How many events were ever applied. */
    long eventsEver() {
        return everBefore + hot.applied();
    }

    /** What could not be read. */
    DamageReport damage() {
        return damage;
    }

    /** Makes {@code added} of the hot rows of {@code cut}. */
    void seal(List<SegmentSet.Segment> added, HotRows.Cut cut) throws IOException {
        commit(added, Set.of(), cut);
    }

    /** Puts {@code added} in the place of {@code removed}. */
    void replace(Set<String> removed, List<SegmentSet.Segment> added) throws IOException {
        long applied = manifest.eventsEver() - everBefore;
        commit(added, removed, new HotRows.Cut(List.of(), manifest.appliedTo(), applied));
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
            before = now;
            now = before.with(added, removed);
        }
        before.release();
    }

    /**
     * Deletes what a failed commit left, of which each further one would leave some; to be called
     * before files are written.
     */
    void settle() throws IOException {
        if (doubtful.isEmpty()) {
            return;
        }
        replace(Set.of(), List.of());
        for (SegmentSet.Segment segment : doubtful) {
            files.delete(segment);
        }
        doubtful.clear();
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
            segment = now.segmentOf(group);
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

    /**
     * The same for a segment.
     *
     * @param hopeless a row group that is given up; null for none
     */
    boolean salvage(SegmentSet.Segment segment, @Nullable RowGroup hopeless, IOException cause) {
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
            old = now;
            now = old.with(List.of(), Set.of());
        }
        try {
            old.release();
        } catch (IOException failure) {
            onFailure.accept("closing a segment", failure);
        }
        return true;
    }

    @Override
    public void close() throws IOException {
        SegmentSet last;
        synchronized (hot) {
            last = now;
        }
        last.release();
        manifest.close();
        files.close();
    }
}
