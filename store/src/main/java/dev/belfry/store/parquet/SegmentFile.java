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
import java.util.zip.CRC32;

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
        FilterFile.Directory directory = FilterFile.read(filterFile, filterPath, filters);
        FilterFile.ParquetEnd place = directory.end();
        long start = place.start();
        long length = sizeBytes - start;
        if (sizeBytes != place.fileSize() || start < 4 || length < 12) {
            throw corrupt(sizeBytes, sizeBytes + " bytes", place.fileSize() + " bytes");
        }
        if (length > Limits.FOOTER_BYTES_MAX) {
            throw corrupt(start, length + " bytes", "page directories and footer");
        }
        byte[] end = load(start, (int) length);
        CRC32 crc = new CRC32();
        crc.update(end);
        if ((int) crc.getValue() != place.crc()) {
            throw corrupt(start, "another checksum", "page directories and footer");
        }
        try {
            parse(end, start, directory.filters());
        } catch (Damage damage) {
            throw corrupt(start + damage.at(), damage.found(), "a footer");
        } catch (IllegalArgumentException unfit) {
            throw corrupt(start, String.valueOf(unfit.getMessage()), "a footer");
        }
    }

    /* The end of the file, from the page directories on, which begins at byte start of the file. */
    private void parse(byte[] end, long start, List<GroupFilter> groupFilters) {
        ByteSource source = new ByteSource(end, end.length - 8, end.length);
        int size = source.getInt();
        int magic = source.getInt();
        int footerAt = end.length - 8 - size;
        ByteSource.check(magic == Parquet.MAGIC, Integer.toHexString(magic), end.length - 4);
        ByteSource.check(size > 0 && footerAt >= 0, "footer of " + size, end.length - 8);
        source.reset(end, footerAt, end.length - 8);
        FooterReader.Footer footer = new FooterReader(source, start + footerAt).read();
        int count = footer.groups().size();
        ByteSource.check(count == groupFilters.size(), count + " row groups", footerAt);
        for (int group = 0; group < count; group++) {
            FooterReader.Group read = footer.groups().get(group);
            groups.add(group(read, footer.columns(), end, start, groupFilters.get(group)));
        }
    }

    private EncodedRowGroup group(
            FooterReader.Group group,
            List<ColumnSpec> columns,
            byte[] end,
            long start,
            GroupFilter filter) {
        List<ChunkReader> readers = new ArrayList<>(columns.size());
        for (int column = 0; column < columns.size(); column++) {
            FooterReader.Chunk chunk = group.chunks().get(column);
            long from = chunk.indexStart() - start;
            ByteSource.check(from >= 0, "page directory at " + chunk.indexStart(), 0);
            ByteSource source = new ByteSource(end, (int) from, (int) from + chunk.indexSize());
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

    private byte[] load(long at, int length) throws IOException {
        byte[] bytes = new byte[length];
        int read = file.read(ByteBuffer.wrap(bytes), at);
        if (read != length) {
            throw corrupt(at + read, "the end of the file", "a footer");
        }
        return bytes;
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
