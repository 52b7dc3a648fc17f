package dev.belfry.store.parquet;

import dev.belfry.model.CorruptFileException;
import dev.belfry.model.disk.Disk;
import dev.belfry.model.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;

/** The filters of a segment's row groups in a file beside it ({@code docs/formats/segment.md}). */
final class FilterFile {
    /*
     *   filters, one after another
     *   directory: for each row group: place u64 | length u32 (0: no filter) | CRC32 u32
     *   tail: row groups u32 | CRC32 of directory and count u32 | version u32 | magic "BFLT"
     */
    static final int MAGIC = 'B' | 'F' << 8 | 'L' << 16 | 'T' << 24;
    static final int VERSION = 1;
    private static final int ENTRY_SIZE = 16;
    private static final int TAIL_SIZE = 16;

    private FilterFile() {}

    /** Writes and forces the filters of {@code groups}; the size of the file. */
    static long write(Disk disk, Path path, List<EncodedRowGroup> groups) throws IOException {
        ByteSink directory = new ByteSink(groups.size() * ENTRY_SIZE + TAIL_SIZE);
        CRC32 crc = new CRC32();
        try (DiskFile file = disk.open(path, Disk.Mode.CREATE)) {
            FileSink sink = new FileSink(file);
            for (EncodedRowGroup group : groups) {
                byte[] filter = group.filter().toBytes();
                crc.reset();
                crc.update(filter);
                directory.putLong(sink.position());
                directory.putInt(filter.length);
                directory.putInt((int) crc.getValue());
                sink.put(filter, 0, filter.length);
            }
            directory.putInt(groups.size());
            crc.reset();
            crc.update(directory.data(), 0, directory.size());
            directory.putInt((int) crc.getValue());
            directory.putInt(VERSION);
            directory.putInt(MAGIC);
            sink.put(directory.data(), 0, directory.size());
            sink.flush();
            file.force();
            return sink.position();
        }
    }

    /** Reads the directory of an open file; the filters are read when they are asked. */
    static List<GroupFilter> read(DiskFile file, Path path, int groupCount, FilterCache cache)
            throws IOException {
        long size = file.size();
        int length = groupCount * ENTRY_SIZE + TAIL_SIZE;
        long start = size - length;
        byte[] bytes = new byte[length];
        if (start < 0 || file.read(ByteBuffer.wrap(bytes), start) != length) {
            throw new CorruptFileException(path, size, size + " bytes", "filters and directory");
        }
        ByteSource source = new ByteSource(bytes, length - TAIL_SIZE, length);
        int count = source.getInt();
        int crc = source.getInt();
        int version = source.getInt();
        int magic = source.getInt();
        CRC32 found = new CRC32();
        found.update(bytes, 0, length - TAIL_SIZE + 4);
        if (magic != MAGIC || version != VERSION) {
            throw new CorruptFileException(path, size - 8, "version " + version, "version 1");
        }
        if (count != groupCount || crc != (int) found.getValue()) {
            throw new CorruptFileException(path, start, "another checksum", "a directory");
        }
        source.reset(bytes, 0, length);
        List<GroupFilter> filters = new ArrayList<>(groupCount);
        for (int group = 0; group < groupCount; group++) {
            long at = source.getLong();
            int filterLength = source.getInt();
            int filterCrc = source.getInt();
            if (at < 0 || filterLength < 0 || at > start - filterLength) {
                throw new CorruptFileException(path, start, "place " + at, "inside the file");
            }
            filters.add(
                    filterLength == 0
                            ? new GroupFilter.None()
                            : new FilterCache.Stored(
                                    cache, file, path, at, filterLength, filterCrc));
        }
        return filters;
    }
}
