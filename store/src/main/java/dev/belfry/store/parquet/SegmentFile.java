package dev.belfry.store.parquet;

import dev.belfry.model.CorruptFileException;
import dev.belfry.model.disk.Disk;
import dev.belfry.model.disk.DiskFile;
import dev.belfry.store.column.ColumnSpec;
import dev.belfry.store.parquet.ByteSource.Damage;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * An open segment. Its row groups read from it until it is closed; the owner closes it when no view
 * names it any more. Safe for many threads.
 */
public final class SegmentFile implements Closeable {
    private final Path path;
    private final DiskFile file;
    private final DiskFile filterFile;
    private final PageCache pages;
    private final FilterCache filters;
    private final List<EncodedRowGroup> groups;
    private final long sizeBytes;
    private final Set<ChunkReader> chunks = new HashSet<>();

    private SegmentFile(
            Path path, DiskFile file, DiskFile filterFile, PageCache pages, FilterCache filters)
            throws IOException {
        this.path = path;
        this.file = file;
        this.filterFile = filterFile;
        this.pages = pages;
        this.filters = filters;
        this.sizeBytes = file.size();
        this.groups = new ArrayList<>();
    }

    /**
     * Opens a segment and reads its footer.
     *
     * @param disk where
     * @param parquet the Parquet file
     * @param filter the file of filters beside it
     * @param pages for dictionaries and pages
     * @param filters for filters
     * @throws CorruptFileException when footer or directory are damaged, or of another version
     */
    public static SegmentFile open(
            Disk disk, Path parquet, Path filter, PageCache pages, FilterCache filters)
            throws IOException {
        DiskFile file = disk.open(parquet, Disk.Mode.READ);
        DiskFile filterFile = null;
        try {
            filterFile = disk.open(filter, Disk.Mode.READ);
            SegmentFile segment = new SegmentFile(parquet, file, filterFile, pages, filters);
            segment.readFooter(filter);
            return segment;
        } catch (IOException | RuntimeException failure) {
            file.close();
            if (filterFile != null) {
                filterFile.close();
            }
            throw failure;
        }
    }

    /** The row groups, in the order of the file. */
    public List<EncodedRowGroup> rowGroups() {
        return List.copyOf(groups);
    }

    /** The length of the Parquet file. */
    public long sizeBytes() {
        return sizeBytes;
    }

    /** Where the Parquet file is. */
    public Path path() {
        return path;
    }

    private void readFooter(Path filterPath) throws IOException {
        if (sizeBytes < 12) {
            throw corrupt(sizeBytes, sizeBytes + " bytes", "a Parquet file");
        }
        ByteSource tail = load(sizeBytes - 8, 8);
        int footerSize = tail.getInt();
        int magic = tail.getInt();
        long footerStart = sizeBytes - 8 - footerSize;
        if (magic != Parquet.MAGIC) {
            throw corrupt(sizeBytes - 4, Integer.toHexString(magic), "PAR1");
        }
        if (footerSize <= 0 || footerSize > Limits.FOOTER_BYTES_MAX || footerStart < 4) {
            throw corrupt(sizeBytes - 8, "footer of " + footerSize + " bytes", "inside the file");
        }
        long base = footerStart;
        try {
            FooterReader.Footer footer =
                    new FooterReader(load(footerStart, footerSize), footerStart).read();
            long indexStart = footerStart;
            for (FooterReader.Group group : footer.groups()) {
                for (FooterReader.Chunk chunk : group.chunks()) {
                    indexStart = Math.min(indexStart, chunk.indexStart());
                }
            }
            if (footerStart - indexStart > Limits.FOOTER_BYTES_MAX) {
                throw corrupt(indexStart, "a page directory", "near the footer");
            }
            base = indexStart;
            ByteSource indexes = load(indexStart, (int) (footerStart - indexStart));
            List<GroupFilter> groupFilters =
                    FilterFile.read(filterFile, filterPath, footer.groups().size(), filters);
            for (int group = 0; group < footer.groups().size(); group++) {
                groups.add(
                        group(
                                footer.groups().get(group),
                                footer.columns(),
                                indexes,
                                indexStart,
                                groupFilters.get(group)));
            }
        } catch (Damage damage) {
            throw corrupt(base + damage.at(), damage.found(), "a footer");
        } catch (IllegalArgumentException unfit) {
            throw corrupt(base, String.valueOf(unfit.getMessage()), "a footer");
        }
    }

    private EncodedRowGroup group(
            FooterReader.Group group,
            List<ColumnSpec> columns,
            ByteSource indexes,
            long indexStart,
            GroupFilter filter) {
        List<ChunkReader> readers = new ArrayList<>(columns.size());
        byte[] data = indexes.data();
        for (int column = 0; column < columns.size(); column++) {
            FooterReader.Chunk chunk = group.chunks().get(column);
            int from = (int) (chunk.indexStart() - indexStart);
            ByteSource source = new ByteSource(data, from, from + chunk.indexSize());
            ChunkInfo info =
                    FooterReader.pages(source, columns.get(column), group.rowCount(), chunk);
            ChunkBytes bytes = new ChunkBytes.Stored(file, path, chunk.start());
            ChunkReader reader = new ChunkReader(info, bytes, pages);
            if (!info.allNull()) {
                chunks.add(reader);
                readers.add(reader);
            }
        }
        return new EncodedRowGroup(group.rowCount(), readers, filter);
    }

    private ByteSource load(long at, int length) throws IOException {
        byte[] bytes = new byte[length];
        int read = file.read(ByteBuffer.wrap(bytes), at);
        if (read != length) {
            throw corrupt(at + read, "the end of the file", "a footer");
        }
        return new ByteSource(bytes, 0, length);
    }

    private CorruptFileException corrupt(long at, String found, String expected) {
        return new CorruptFileException(path, at, found, expected);
    }

    @Override
    public void close() throws IOException {
        pages.forget(chunks::contains);
        List<FilterCache.Stored> stored = new ArrayList<>();
        for (EncodedRowGroup group : groups) {
            if (group.filter() instanceof FilterCache.Stored filter) {
                stored.add(filter);
            }
        }
        filters.close(stored);
        try {
            filterFile.close();
        } finally {
            file.close();
        }
    }
}
