package dev.belfry.store.parquet;

import dev.belfry.model.disk.Disk;
import dev.belfry.model.disk.DiskFile;
import dev.belfry.store.column.ColumnSpec;
import dev.belfry.store.column.ReadCost;
import dev.belfry.store.parquet.FooterWriter.Placed;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32;

/** Writes segments: row groups as they are, one after another, and what finds them. */
public final class SegmentWriter {
    /**
     * What was written.
     *
     * @param sizeBytes the length of the Parquet file
     * @param filterSizeBytes the length of the filter file
     */
    public record Written(long sizeBytes, long filterSizeBytes) {}

    private SegmentWriter() {}

    /**
     * Writes and forces a new segment. Names and folders are the caller's: both files are complete
     * under their final names only after its rename and force.
     *
     * @param disk where
     * @param parquet the Parquet file, which is not there
     * @param filter the file of filters, which is not there
     * @param groups at least one, of any origin, in the order of the file
     * @throws dev.belfry.model.disk.DiskFullException when there is no room
     */
    public static Written write(Disk disk, Path parquet, Path filter, List<EncodedRowGroup> groups)
            throws IOException {
        if (groups.isEmpty()) {
            throw new IllegalArgumentException("row groups: 0 (expected: at least 1)");
        }
        FilterFile.ParquetEnd end = writeParquet(disk, parquet, groups);
        long filterSize = FilterFile.write(disk, filter, groups, end);
        return new Written(end.fileSize(), filterSize);
    }

    private static FilterFile.ParquetEnd writeParquet(
            Disk disk, Path parquet, List<EncodedRowGroup> groups) throws IOException {
        try (DiskFile file = disk.open(parquet, Disk.Mode.CREATE)) {
            FileSink sink = new FileSink(file);
            ByteSink end = new ByteSink(1 << 16);
            List<ColumnSpec> columns = columns(groups);
            List<List<Placed>> placed = chunks(groups, columns, sink);
            long start = sink.position();
            end(columns, placed, start, end);
            CRC32 crc = new CRC32();
            crc.update(end.data(), 0, end.size());
            sink.put(end.data(), 0, end.size());
            sink.flush();
            file.force();
            return new FilterFile.ParquetEnd(sink.position(), start, (int) crc.getValue());
        }
    }

    private static List<ColumnSpec> columns(List<EncodedRowGroup> groups) {
        Set<ColumnSpec> union = new HashSet<>();
        groups.forEach(group -> union.addAll(group.columns()));
        return union.stream()
                .sorted(
                        Comparator.comparing((ColumnSpec spec) -> spec.space().name())
                                .thenComparing(ColumnSpec::name))
                .toList();
    }

    private static List<List<Placed>> chunks(
            List<EncodedRowGroup> groups, List<ColumnSpec> columns, FileSink sink)
            throws IOException {
        byte[] magic = {'P', 'A', 'R', '1'};
        sink.put(magic, 0, magic.length);
        Workspace workspace = new Workspace();
        try {
            List<List<Placed>> placed = new ArrayList<>(groups.size());
            for (EncodedRowGroup group : groups) {
                List<Placed> chunks = new ArrayList<>(columns.size());
                for (ColumnSpec column : columns) {
                    chunks.add(chunk(group, column, sink, workspace));
                }
                placed.add(chunks);
            }
            return placed;
        } finally {
            workspace.close();
        }
    }

    private static Placed chunk(
            EncodedRowGroup group, ColumnSpec column, FileSink sink, Workspace workspace)
            throws IOException {
        ChunkReader chunk = group.chunk(column);
        long start = sink.position();
        if (chunk == null) {
            byte[] page = PageWriter.nullPage(group.rowCount());
            sink.put(page, 0, page.length);
            return new Placed(PageWriter.nullChunk(column, group.rowCount(), page.length), start);
        }
        int size = chunk.info().sizeBytes();
        chunk.bytes().load(0, size, workspace, new ReadCost());
        sink.put(workspace.source().data(), workspace.source().at(), size);
        return new Placed(chunk.info(), start);
    }

    private static void end(
            List<ColumnSpec> columns, List<List<Placed>> groups, long position, ByteSink end) {
        FooterWriter writer = new FooterWriter(end);
        long[] indexes = new long[groups.size() * columns.size() + 1];
        int index = 0;
        for (List<Placed> group : groups) {
            for (Placed chunk : group) {
                indexes[index++] = position + end.size();
                writer.offsetIndex(chunk);
            }
        }
        indexes[index] = position + end.size();
        int footer = end.size();
        writer.footer(columns, groups, indexes);
        end.putInt(end.size() - footer);
        end.putInt(Parquet.MAGIC);
    }
}
