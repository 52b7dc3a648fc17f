package dev.belfry.store.events;

import dev.belfry.model.disk.Disk;
import dev.belfry.store.column.RowGroup;
import dev.belfry.store.parquet.SegmentFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

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
        private volatile boolean dropped;

        Segment(SegmentMeta meta, SegmentFile file) {
            this.meta = meta;
            this.file = file;
        }
    }

    private final Disk disk;
    private final Path folder;
    private final List<Segment> segments;
    private final List<RowGroup> groups;
    private final AtomicInteger users = new AtomicInteger(1);

    SegmentSet(Disk disk, Path folder, List<Segment> segments) {
        this.disk = disk;
        this.folder = folder;
        this.segments = List.copyOf(segments);
        List<RowGroup> all = new ArrayList<>();
        for (Segment segment : this.segments) {
            segment.sets.incrementAndGet();
            all.addAll(segment.file.rowGroups());
        }
        groups = List.copyOf(all);
    }

    List<Segment> segments() {
        return segments;
    }

    List<RowGroup> groups() {
        return groups;
    }

    /** The Parquet files. */
    List<RowFile> files() {
        List<RowFile> files = new ArrayList<>();
        for (Segment segment : segments) {
            Path path = folder.resolve(segment.meta.name() + ".parquet").toAbsolutePath();
            files.add(new RowFile(path, List.copyOf(segment.file.rowGroups())));
        }
        return files;
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
        return new SegmentSet(disk, folder, next);
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
                    disk.delete(folder.resolve(segment.meta.name() + ".parquet"));
                    disk.delete(folder.resolve(segment.meta.name() + ".filter"));
                }
            }
        }
    }
}
