package dev.belfry.store.parquet;

import dev.belfry.model.CorruptFileException;
import dev.belfry.model.disk.Disk;
import dev.belfry.model.disk.DiskFile;
import dev.belfry.store.filter.PairLayout;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;

/** The filters of a segment's row groups in a file beside it ({@code docs/formats/segment.md}). */
final class FilterFile {
    /*
     *   for each row group: filter, filter of pairs
     *   directory: for each row group: place u64 | length u32 (0: no filter) | CRC32 u32
     *         | from version 2 on: size of a block of pairs u24 (0: no such filter), planes u8 (from
     *   version 3 on; else 0) | blocks u32
     *   tail: row groups u32 | size of the Parquet file u64 | where its end begins u64 | CRC32 of
     *   that end u32
     *         | CRC32 of directory and tail so far u32 (from version 3 on, of the version too) | version u32
     *   | magic "BFLT"
     */
    static final int MAGIC = 'B' | 'F' << 8 | 'L' << 16 | 'T' << 24;
    static final int VERSION = 3;
    private static final int VERSION_IN_CRC = 3;
    private static final int BLOCK_SIZE_BITS = 24;
    private static final int ENTRY_SIZE = 24;
    private static final int ENTRY_SIZE_1 = 16;
    private static final int TAIL_SIZE = 36;

    /**
     * The end of the Parquet file beside: page directories and footer.
     *
     * @param fileSize the length of the file
     * @param start where its end begins
     * @param crc CRC32 of the end
     */
    record ParquetEnd(long fileSize, long start, int crc) {}

    /** What an open filter file says. */
    record Directory(ParquetEnd end, List<GroupFilter> filters, List<GroupPairs> pairs) {}

    private FilterFile() {}

    /** Writes and forces the filters of {@code groups}; the size of the file. */
    static long write(Disk disk, Path path, List<EncodedRowGroup> groups, ParquetEnd end)
            throws IOException {
        ByteSink directory = new ByteSink(groups.size() * ENTRY_SIZE + TAIL_SIZE);
        CRC32 crc = new CRC32();
        try (DiskFile file = disk.open(path, Disk.Mode.CREATE)) {
            FileSink sink = new FileSink(file);
            for (EncodedRowGroup group : groups) {
                byte[] filter = sound(group.filter());
                byte[] pairs = sound(group.pairs());
                crc.reset();
                crc.update(filter);
                directory.putLong(sink.position());
                directory.putInt(filter.length);
                directory.putInt((int) crc.getValue());
                PairLayout layout = pairs.length == 0 ? null : group.pairs().layout();
                directory.putInt(
                        layout == null
                                ? 0
                                : layout.blockSize() | layout.planes() << BLOCK_SIZE_BITS);
                directory.putInt(layout == null ? 0 : layout.blockCount());
                sink.put(filter, 0, filter.length);
                sink.put(pairs, 0, pairs.length);
            }
            directory.putInt(groups.size());
            directory.putLong(end.fileSize());
            directory.putLong(end.start());
            directory.putInt(end.crc());
            crc.reset();
            crc.update(directory.data(), 0, directory.size());
            addVersion(crc, VERSION);
            directory.putInt((int) crc.getValue());
            directory.putInt(VERSION);
            directory.putInt(MAGIC);
            sink.put(directory.data(), 0, directory.size());
            sink.flush();
            file.force();
            return sink.position();
        }
    }

    /* A damaged filter is left out of a copy: then the group is slower to search, and not lost. */
    private static byte[] sound(GroupFilter filter) {
        try {
            return filter.toBytes();
        } catch (IOException damaged) {
            if (filter instanceof FilterCache.Stored stored) {
                stored.tell(damaged);
            }
            return new byte[0];
        }
    }

    private static byte[] sound(GroupPairs pairs) {
        try {
            return pairs.toBytes();
        } catch (IOException damaged) {
            if (pairs instanceof GroupPairs.Stored stored) {
                stored.tell(damaged);
            }
            return new byte[0];
        }
    }

    /** Reads the directory of an open file; the filters are read when they are asked. */
    static Directory read(DiskFile file, Path path, FilterCache cache) throws IOException {
        long size = file.size();
        ByteSource tail = load(file, path, size - TAIL_SIZE, TAIL_SIZE);
        int count = tail.getInt();
        ParquetEnd end = new ParquetEnd(tail.getLong(), tail.getLong(), tail.getInt());
        int crc = tail.getInt();
        int version = tail.getInt();
        int magic = tail.getInt();
        if (magic != MAGIC || version < 1 || version > VERSION) {
            String found = "magic " + Integer.toHexString(magic) + " version " + version;
            throw new CorruptFileException(
                    path, size - 8, found, "a filter file, version 1 to " + VERSION);
        }
        int entrySize = version == 1 ? ENTRY_SIZE_1 : ENTRY_SIZE;
        long start = size - TAIL_SIZE - (long) count * entrySize;
        if (count < 1 || start < 0) {
            throw new CorruptFileException(path, size, count + " row groups", "a directory");
        }
        ByteSource source = load(file, path, start, (int) (size - start));
        CRC32 found = new CRC32();
        found.update(source.data(), 0, source.end() - 12);
        if (version >= VERSION_IN_CRC) {
            addVersion(found, version);
        }
        if (crc != (int) found.getValue()) {
            throw new CorruptFileException(path, start, "another checksum", "a directory");
        }
        List<GroupFilter> filters = new ArrayList<>(count);
        List<GroupPairs> pairs = new ArrayList<>(count);
        for (int group = 0; group < count; group++) {
            long at = source.getLong();
            int filterLength = source.getInt();
            int filterCrc = source.getInt();
            int form = version == 1 ? 0 : source.getInt();
            int blockCount = version == 1 ? 0 : source.getInt();
            PairLayout layout = form == 0 && blockCount == 0 ? null : layout(form, blockCount);
            long pairsSize = layout == null ? 0 : layout.sizeBytes();
            boolean sound =
                    at >= 0
                            && filterLength >= 0
                            && (layout == null || layout.isValid())
                            && at <= start - filterLength - pairsSize;
            if (!sound) {
                String place = "place " + at + ", pairs " + layout;
                throw new CorruptFileException(path, start, place, "inside the file");
            }
            filters.add(
                    filterLength == 0
                            ? new GroupFilter.None()
                            : new FilterCache.Stored(
                                    cache, file, path, at, filterLength, filterCrc));
            pairs.add(
                    layout == null
                            ? new GroupPairs.None()
                            : new GroupPairs.Stored(cache, file, path, at + filterLength, layout));
        }
        return new Directory(end, filters, pairs);
    }

    private static void addVersion(CRC32 crc, int version) {
        crc.update(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(0, version));
    }

    private static PairLayout layout(int form, int blockCount) {
        int blockSize = form & (1 << BLOCK_SIZE_BITS) - 1;
        return new PairLayout(form >>> BLOCK_SIZE_BITS, blockSize, blockCount);
    }

    private static ByteSource load(DiskFile file, Path path, long at, int length)
            throws IOException {
        byte[] bytes = new byte[length];
        if (at < 0 || file.read(ByteBuffer.wrap(bytes), at) != length) {
            throw new CorruptFileException(path, at, "the end of the file", "a directory");
        }
        return new ByteSource(bytes, 0, length);
    }
}
