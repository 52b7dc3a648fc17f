package dev.belfry.store.events;

import dev.belfry.journal.JournalConfig;
import dev.belfry.model.CorruptFileException;
import dev.belfry.model.disk.Disk;
import dev.belfry.store.EventStoreConfig;
import dev.belfry.store.parquet.EncodedRowGroup;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/** Makes one segment of many small ones. For one thread; its counts are for any. */
final class Merger {
    /* Small segments of a partition at which they are merged. */
    private static final int MERGE_COUNT = 8;

    /* Bytes up to which segments are merged: each is written again once, however large its events are. */
    static final long SEGMENT_BYTES_MAX = 768L << 20;

    /* What a merge leaves on the disk for seals, which make room in the journal. */
    private static final long ROOM_BYTES = JournalConfig.USABLE_BYTES_MIN;

    private final EventStoreConfig config;
    private final Disk disk;
    private final Path folder;
    private final Segments segments;
    private final AtomicLong merges = new AtomicLong();
    private final AtomicLong nanos = new AtomicLong();
    private final AtomicLong filesMerged = new AtomicLong();
    private final AtomicLong bytesSaved = new AtomicLong();

    Merger(EventStoreConfig config, Disk disk, Path folder, Segments segments) {
        this.config = config;
        this.disk = disk;
        this.folder = folder;
        this.segments = segments;
    }

    /** Merges small segments of each partition where there are enough of them, until stopped. */
    void mergeDue(BooleanSupplier stopped) throws IOException {
        Map<Partition, List<SegmentSet.Segment>> small = new LinkedHashMap<>();
        for (SegmentSet.Segment segment : segments.opened()) {
            if (isSmall(segment.meta, config.segmentRowsMax())) {
                small.computeIfAbsent(segment.meta.partition(), _ -> new ArrayList<>())
                        .add(segment);
            }
        }
        for (List<SegmentSet.Segment> candidates : small.values()) {
            if (candidates.size() >= MERGE_COUNT && !stopped.getAsBoolean()) {
                merge(candidates);
            }
        }
    }

    private void merge(List<SegmentSet.Segment> candidates) throws IOException {
        long start = System.nanoTime();
        List<SegmentSet.Segment> chosen = choose(candidates);
        long newest = 0;
        long bytes = 0;
        long before = 0;
        Set<String> names = new HashSet<>();
        for (SegmentSet.Segment segment : chosen) {
            newest = Math.max(newest, segment.meta.newestMillis());
            bytes += segment.meta.bytes();
            before += segment.meta.bytes() + segment.meta.filterBytes();
            names.add(segment.meta.name());
        }
        if (disk.usableBytes(folder) < bytes + ROOM_BYTES) {
            return;
        }
        List<SegmentSet.Segment> merged = write(chosen, newest);
        keepDamaged(chosen);
        segments.replace(names, merged);
        merges.incrementAndGet();
        filesMerged.addAndGet(chosen.size());
        for (SegmentSet.Segment segment : merged) {
            before -= segment.meta.bytes() + segment.meta.filterBytes();
        }
        bytesSaved.addAndGet(Math.max(0, before));
        nanos.addAndGet(System.nanoTime() - start);
    }

    private List<SegmentSet.Segment> choose(List<SegmentSet.Segment> candidates) {
        List<SegmentSet.Segment> oldestFirst = new ArrayList<>(candidates);
        oldestFirst.sort(Comparator.comparingLong(candidate -> candidate.meta.minOffset()));
        List<SegmentMeta> metas = oldestFirst.stream().map(segment -> segment.meta).toList();
        return oldestFirst.subList(0, fitting(metas, config.segmentRowsMax()));
    }

    /** Whether a segment may have all of at least two such. */
    static boolean isSmall(SegmentMeta segment, long rowsMax) {
        return segment.rows() * 2 <= rowsMax && segment.bytes() * 2 <= SEGMENT_BYTES_MAX;
    }

    /** Of how many, from the first on, one segment may have all. */
    static int fitting(List<SegmentMeta> segments, long rowsMax) {
        long rows = 0;
        long bytes = 0;
        for (int i = 0; i < segments.size(); i++) {
            rows += segments.get(i).rows();
            bytes += segments.get(i).bytes();
            if (rows > rowsMax || bytes > SEGMENT_BYTES_MAX) {
                return i;
            }
        }
        return segments.size();
    }

    /* Nothing when none of the rows can be read. */
    private List<SegmentSet.Segment> write(List<SegmentSet.Segment> chosen, long newest)
            throws IOException {
        SegmentFiles files = segments.files();
        Partition partition = chosen.getFirst().meta.partition();
        List<EncodedRowGroup> groups;
        try {
            groups = files.merged(chosen);
            return List.of(files.write(partition, groups, newest));
        } catch (CorruptFileException damaged) {
            boolean found = false;
            for (SegmentSet.Segment segment : chosen) {
                found |= segments.salvage(segment, null, damaged);
            }
            if (!found) {
                throw damaged;
            }
            groups = files.merged(chosen);
            return groups.isEmpty() ? List.of() : List.of(files.write(partition, groups, newest));
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

    long merges() {
        return merges.get();
    }

    /** Time that merges took. */
    long nanos() {
        return nanos.get();
    }

    /** Segments that were merged. */
    long filesMerged() {
        return filesMerged.get();
    }

    /** Bytes of files that merges took less than what they merged. */
    long bytesSaved() {
        return bytesSaved.get();
    }
}
