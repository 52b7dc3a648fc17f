package dev.belfry.store.events;

import dev.belfry.model.disk.Disk;
import dev.belfry.store.EventStoreConfig;
import dev.belfry.store.column.ReadCost;
import dev.belfry.store.column.RowGroup;
import dev.belfry.store.parquet.EncodedRowGroup;
import dev.belfry.store.parquet.FilterCache;
import dev.belfry.store.parquet.PageCache;
import dev.belfry.store.parquet.RowGroupEncoder;
import dev.belfry.store.parquet.SegmentFile;
import dev.belfry.store.parquet.SegmentWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Writes, merges and opens the files of segments in one folder. Writing is for one thread. */
final class SegmentFiles implements AutoCloseable {
    /* Groups with fewer rows are encoded anew when their segments are merged; others are copied as they are. */
    private static final int GROUP_ROWS_MIN = Chunk.ROWS_MAX / 4;

    /* Memory of what is encoded anew in one merge; from then on all is copied. */
    private static final long ANEW_BYTES_MAX = 32L << 20;

    private final Disk disk;
    private final Path folder;
    private final PageCache pages;
    private final FilterCache filters;
    private long nextNumber;

    SegmentFiles(
            Disk disk,
            Path folder,
            EventStoreConfig config,
            long nextNumber,
            Consumer<IOException> onDamage) {
        this.disk = disk;
        this.folder = folder;
        this.nextNumber = nextNumber;
        pages = new PageCache(config.caches().pageBytes());
        filters = new FilterCache(config.caches().filterBytes(), onDamage);
    }

    /** Opens the segment that {@code meta} describes. */
    SegmentSet.Segment open(SegmentMeta meta) throws IOException {
        return new SegmentSet.Segment(
                meta,
                SegmentFile.open(
                        disk,
                        path(meta.name(), ".parquet"),
                        path(meta.name(), ".filter"),
                        pages,
                        filters));
    }

    private Path path(String name, String ending) {
        return folder.resolve(name + ending);
    }

    /**
     * Writes {@code groups} as one segment of {@code partition}, forced under its final name, and
     * opens it.
     */
    SegmentSet.Segment write(
            Partition partition, List<EncodedRowGroup> groups, long maxReceivedMillis)
            throws IOException {
        String name = "%012d".formatted(nextNumber++);
        Path parquet = path(name, ".parquet");
        Path filter = path(name, ".filter");
        Path parquetTemporary = path(name, ".parquet.tmp");
        Path filterTemporary = path(name, ".filter.tmp");
        disk.delete(parquetTemporary);
        disk.delete(filterTemporary);
        SegmentWriter.Written written;
        try {
            written = SegmentWriter.write(disk, parquetTemporary, filterTemporary, groups);
            disk.rename(parquetTemporary, parquet);
            disk.rename(filterTemporary, filter);
            disk.forceFolder(folder);
        } catch (IOException | RuntimeException failure) {
            discard(failure, parquetTemporary, filterTemporary, parquet, filter);
            throw failure;
        }
        long rows = 0;
        long minTime = Long.MAX_VALUE;
        long maxTime = Long.MIN_VALUE;
        long minOffset = Long.MAX_VALUE;
        long maxOffset = Long.MIN_VALUE;
        for (RowGroup group : groups) {
            rows += group.rowCount();
            minTime = Math.min(minTime, group.minTimestampNanos());
            maxTime = Math.max(maxTime, group.maxTimestampNanos());
            minOffset = Math.min(minOffset, group.minOffset());
            maxOffset = Math.max(maxOffset, group.maxOffset());
        }
        long newest = Math.max(maxReceivedMillis, Math.floorDiv(maxTime, 1_000_000L));
        return open(
                new SegmentMeta(
                        name,
                        partition,
                        rows,
                        written.sizeBytes(),
                        written.filterSizeBytes(),
                        minTime,
                        maxTime,
                        minOffset,
                        maxOffset,
                        newest));
    }

    /* What was not finished takes room that the next try needs. */
    private void discard(Exception failure, Path... unfinished) {
        for (Path path : unfinished) {
            try {
                disk.delete(path);
            } catch (IOException also) {
                failure.addSuppressed(also);
            }
        }
    }

    /** Closes and deletes a segment that no manifest names. */
    void delete(SegmentSet.Segment segment) throws IOException {
        segment.file.close();
        disk.delete(path(segment.meta.name(), ".parquet"));
        disk.delete(path(segment.meta.name(), ".filter"));
    }

    /** What encodes row groups; for one thread, and to be closed by it. */
    RowGroupAssembler assembler() {
        return new RowGroupAssembler(new RowGroupEncoder(pages));
    }

    /** The readable rows of {@code segments} as row groups, small ones put together. */
    List<EncodedRowGroup> merged(List<SegmentSet.Segment> segments) throws IOException {
        List<EncodedRowGroup> kept = new ArrayList<>();
        ReadCost cost = new ReadCost();
        Chunk chunk = new Chunk();
        long anewBytes = 0;
        try (RowGroupAssembler assembler = assembler()) {
            for (SegmentSet.Segment segment : segments) {
                for (RowGroup group : segment.groups()) {
                    if (group instanceof EncodedRowGroup whole
                            && (group.rowCount() >= GROUP_ROWS_MIN
                                    || anewBytes + whole.sizeBytes() > ANEW_BYTES_MAX)) {
                        kept.add(whole);
                        continue;
                    }
                    anewBytes += group instanceof EncodedRowGroup whole ? whole.sizeBytes() : 0;
                    if (chunk.isFull() || group.rowCount() > chunk.room()) {
                        kept.add(assembler.encode(chunk.view()));
                        chunk = new Chunk();
                    }
                    chunk.append(group, 0, group.rowCount(), cost);
                }
            }
            if (chunk.rowCount() > 0) {
                kept.add(assembler.encode(chunk.view()));
            }
        }
        return kept;
    }

    @Override
    public void close() {
        pages.close();
    }
}
