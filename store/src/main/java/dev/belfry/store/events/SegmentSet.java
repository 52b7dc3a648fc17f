package dev.belfry.store.events;

import dev.belfry.model.disk.Disk;
import dev.belfry.store.column.RowGroup;
import dev.belfry.store.column.SoundRows;
import dev.belfry.store.parquet.EncodedRowGroup;
import dev.belfry.store.parquet.SegmentFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The segments that one state of the manifest names; immutable but for the count of its users. A
 * segment's files are closed, and deleted when it is dropped, with the last set that holds it.
 */
final class SegmentSet {
    /** An open segment and how many sets hold it. */
    static final class Segment {
        final SegmentMeta meta;
        final SegmentFile file;
        private final AtomicInteger sets = new AtomicInteger();
        private volatile List<RowGroup> groups;
        private volatile boolean dropped;
        private volatile @Nullable Path kept;

        Segment(SegmentMeta meta, SegmentFile file) {
            this.meta = meta;
            this.file = file;
            this.groups = List.copyOf(file.rowGroups());
        }

        /** Its rows, as far as they are known to be readable. */
        List<RowGroup> groups() {
            return groups;
        }

        /** Has the Parquet file moved to {@code folder} in place of deleting it. */
        void keepIn(Path folder) {
            kept = folder;
        }

        /** Rows known to be unreadable. */
        long lostRows() {
            long rows = meta.rows();
            for (RowGroup group : groups) {
                rows -= group.rowCount();
            }
            return rows;
        }

        boolean isDamaged() {
            return lostRows() > 0;
        }

        /**
         * Reads every page, and leaves the rows of those that cannot be read out from now on.
         *
         * @param hopeless a row group that is left out as a whole; null for none
         * @return whether fewer rows are left than before
         */
        synchronized boolean salvage(@Nullable RowGroup hopeless) {
            long before = lostRows();
            List<RowGroup> left = new ArrayList<>();
            for (EncodedRowGroup group : file.rowGroups()) {
                int[] sound = group == hopeless ? new int[0] : group.soundRows();
                if (sound.length == group.rowCount()) {
                    left.add(group);
                } else if (sound.length > 0) {
                    left.add(new SoundRows(group, sound));
                }
            }
            groups = List.copyOf(left);
            return lostRows() > before;
        }
    }

    private final Disk disk;
    private final Path folder;
    private final List<Segment> segments;
    private final List<SegmentMeta> unopened;
    private final List<RowGroup> groups;
    private final List<Loss> losses;
    private final AtomicInteger users = new AtomicInteger(1);

    /**
     * A set with one user.
     *
     * @param unopened segments that the manifest names and that cannot be opened
     */
    SegmentSet(Disk disk, Path folder, List<Segment> segments, List<SegmentMeta> unopened) {
        this.disk = disk;
        this.folder = folder;
        this.segments = List.copyOf(segments);
        this.unopened = List.copyOf(unopened);
        List<RowGroup> all = new ArrayList<>();
        List<Loss> lost = new ArrayList<>();
        for (Segment segment : this.segments) {
            segment.sets.incrementAndGet();
            all.addAll(segment.groups());
            if (segment.isDamaged()) {
                lost.add(loss(segment.meta, segment.lostRows()));
            }
        }
        for (SegmentMeta meta : this.unopened) {
            lost.add(loss(meta, meta.rows()));
        }
        groups = List.copyOf(all);
        losses = List.copyOf(lost);
    }

    private static Loss loss(SegmentMeta meta, long rows) {
        return new Loss(meta.name(), rows, meta.minTimestampNanos(), meta.maxTimestampNanos());
    }

    List<Segment> segments() {
        return segments;
    }

    /** Segments of the manifest that cannot be opened. */
    List<SegmentMeta> unopened() {
        return unopened;
    }

    List<RowGroup> groups() {
        return groups;
    }

    /** What of the manifest's rows cannot be read. */
    List<Loss> losses() {
        return losses;
    }

    /** The segment that one of the set's row groups stands in; null when it is in none. */
    @Nullable Segment segmentOf(RowGroup group) {
        RowGroup stored = group instanceof SoundRows sound ? sound.damaged() : group;
        for (Segment segment : segments) {
            for (EncodedRowGroup own : segment.file.rowGroups()) {
                if (own == stored) {
                    return segment;
                }
            }
        }
        return null;
    }

    /** The Parquet files of the segments without damage. */
    List<RowFile> files() {
        List<RowFile> files = new ArrayList<>();
        for (Segment segment : segments) {
            if (!segment.isDamaged()) {
                Path path = folder.resolve(segment.meta.name() + ".parquet").toAbsolutePath();
                files.add(new RowFile(path, segment.groups()));
            }
        }
        return files;
    }

    /** The row groups of segments with damage, whose files other readers could not read. */
    List<RowGroup> salvaged() {
        List<RowGroup> salvaged = new ArrayList<>();
        for (Segment segment : segments) {
            if (segment.isDamaged()) {
                salvaged.addAll(segment.groups());
            }
        }
        return salvaged;
    }

    /** The set after a commit; this one still has to be released. */
    SegmentSet with(List<Segment> added, Set<String> removed) {
        List<Segment> next = new ArrayList<>();
        Set<String> gone = new HashSet<>(removed);
        for (Segment segment : segments) {
            if (gone.contains(segment.meta.name())) {
                segment.dropped = true;
            } else {
                next.add(segment);
            }
        }
        next.addAll(added);
        List<SegmentMeta> stillUnopened =
                unopened.stream().filter(meta -> !gone.contains(meta.name())).toList();
        return new SegmentSet(disk, folder, next, stillUnopened);
    }

    /** Adds a user; to be called while the set is surely held by another one. */
    SegmentSet retain() {
        users.incrementAndGet();
        return this;
    }

    /** Takes a user away; the last one closes what no other set holds. */
    void release() throws IOException {
        if (users.decrementAndGet() > 0) {
            return;
        }
        for (Segment segment : segments) {
            if (segment.sets.decrementAndGet() == 0) {
                segment.file.close();
                if (segment.dropped) {
                    drop(segment);
                }
            }
        }
    }

    private void drop(Segment segment) throws IOException {
        String name = segment.meta.name() + ".parquet";
        Path kept = segment.kept;
        if (kept == null) {
            disk.deleteGradually(folder.resolve(name));
        } else {
            disk.rename(folder.resolve(name), kept.resolve(name));
        }
        disk.delete(folder.resolve(segment.meta.name() + ".filter"));
    }
}
