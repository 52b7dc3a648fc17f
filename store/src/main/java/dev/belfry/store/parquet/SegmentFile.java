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
import org.jspecify.annotations.Nullable;

/**
 * An open segment. Its row groups read from it until it is closed; the owner closes it when no view
 * names it any more. Safe for many threads.
 */
public final class SegmentFile implements Closeable {
    private final Path path;
    private final DiskFile file;
    private final @Nullable DiskFile filterFile;
    private final PageCache pages;
    private final FilterCache filters;
    private final List<EncodedRowGroup> groups;
    private final long sizeBytes;
    private final Set<ChunkReader> chunks = new HashSet<>();

    private SegmentFile(
            Path path,
            DiskFile file,
            @Nullable DiskFile filterFile,
            PageCache pages,
            FilterCache filters)
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
     * @param filters for filters; told when the file of filters is missing or its directory
     *     damaged: then every row group may hold everything
     * @throws CorruptFileException when the footer is damaged, or of another version
     */
    public static SegmentFile open(
            Disk disk, Path parquet, Path filter, PageCache pages, FilterCache filters)
            throws IOException {
        DiskFile file = disk.open(parquet, Disk.Mode.READ);
        DiskFile filterFile = null;
        FilterFile.Directory directory = null;
        try {
            filterFile = disk.open(filter, Disk.Mode.READ);
            directory = FilterFile.read(filterFile, filter, filters);
        } catch (IOException damaged) {
            filters.tell(damaged);
        }
        try {
            SegmentFile segment = new SegmentFile(parquet, file, filterFile, pages, filters);
            segment.readFooter(directory);
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

    /**
     * Reads the filters of its row groups before somebody asks them, for the first who asks would
     * wait for all of them; false when the cache has no room for that.
     */
    public boolean readFilters() {
        for (EncodedRowGroup group : groups) {
            if (group.filter() instanceof FilterCache.Stored filter && !filter.readAhead()) {
                return false;
            }
        }
        return true;
    }

    private void readFooter(FilterFile.@Nullable Directory directory) throws IOException {
        long start = directory == null ? findEnd() : directory.end().start();
        long length = sizeBytes - start;
        boolean fits = directory == null || sizeBytes == directory.end().fileSize();
        if (!fits || start < 4 || length < 12) {
            throw corrupt(sizeBytes, sizeBytes + " bytes", "the size that its filter file says");
        }
        if (length > Limits.FOOTER_BYTES_MAX) {
            throw corrupt(start, length + " bytes", "page directories and footer");
        }
        byte[] end = load(start, (int) length);
        CRC32 crc = new CRC32();
        crc.update(end);
        if (directory != null && (int) crc.getValue() != directory.end().crc()) {
            throw corrupt(start, "another checksum", "page directories and footer");
        }
        try {
            parse(end, start, directory);
        } catch (Damage damage) {
            throw corrupt(start + damage.at(), damage.found(), "a footer");
        } catch (IllegalArgumentException unfit) {
            throw corrupt(start, String.valueOf(unfit.getMessage()), "a footer");
        }
    }

    /* Where the page directories begin, from the footer alone: for a file without its filters. */
    private long findEnd() throws IOException {
        if (sizeBytes < 12) {
            throw corrupt(sizeBytes, sizeBytes + " bytes", "a footer");
        }
        byte[] tail = load(sizeBytes - 8, 8);
        long size = 8L + (int) ByteSink.INTS.get(tail, 0);
        if (size < 8 || size > Math.min(sizeBytes - 4, Limits.FOOTER_BYTES_MAX)) {
            throw corrupt(sizeBytes - 8, "a footer of " + (size - 8), "a footer");
        }
        long at = sizeBytes - size;
        byte[] end = load(at, (int) size);
        try {
            ByteSource source = new ByteSource(end, 0, end.length - 8);
            long start = at;
            for (FooterReader.Group group : new FooterReader(source, at).read().groups()) {
                for (FooterReader.Chunk chunk : group.chunks()) {
                    start = Math.min(start, chunk.indexStart());
                }
            }
            return start;
        } catch (Damage damage) {
            throw corrupt(at + damage.at(), damage.found(), "a footer");
        }
    }

    /* The end of the file, from the page directories on, which begins at byte start of the file. */
    private void parse(byte[] end, long start, FilterFile.@Nullable Directory directory) {
        ByteSource source = new ByteSource(end, end.length - 8, end.length);
        int size = source.getInt();
        int magic = source.getInt();
        int footerAt = end.length - 8 - size;
        ByteSource.check(magic == Parquet.MAGIC, () -> Integer.toHexString(magic), end.length - 4);
        ByteSource.check(size > 0 && footerAt >= 0, () -> "footer of " + size, end.length - 8);
        source.reset(end, footerAt, end.length - 8);
        FooterReader.Footer footer = new FooterReader(source, start + footerAt).read();
        int count = footer.groups().size();
        boolean fits = directory == null || count == directory.filters().size();
        ByteSource.check(fits, () -> count + " row groups", footerAt);
        for (int group = 0; group < count; group++) {
            FooterReader.Group read = footer.groups().get(group);
            GroupFilter filter =
                    directory == null ? new GroupFilter.None() : directory.filters().get(group);
            GroupPairs pairs =
                    directory == null ? new GroupPairs.None() : directory.pairs().get(group);
            List<ChunkReader> readers = readers(read, footer.columns(), end, start);
            groups.add(new EncodedRowGroup(read.rowCount(), readers, filter, pairs));
        }
    }

    private List<ChunkReader> readers(
            FooterReader.Group group, List<ColumnSpec> columns, byte[] end, long start) {
        List<ChunkReader> readers = new ArrayList<>(columns.size());
        for (int column = 0; column < columns.size(); column++) {
            FooterReader.Chunk chunk = group.chunks().get(column);
            long from = chunk.indexStart() - start;
            ByteSource.check(from >= 0, () -> "page directory at " + chunk.indexStart(), 0);
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
        return readers;
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
            if (filterFile != null) {
                filterFile.close();
            }
        } finally {
            file.close();
        }
    }
}
