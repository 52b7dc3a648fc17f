package dev.belfry.store.events;

import dev.belfry.model.disk.Disk;
import dev.belfry.store.column.ReadCost;
import dev.belfry.store.column.RowGroup;
import dev.belfry.store.column.SoundRows;
import dev.belfry.store.parquet.EncodedRowGroup;
import dev.belfry.store.parquet.PageCache;
import dev.belfry.store.parquet.RowGroupEncoder;
import dev.belfry.store.parquet.SegmentWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Writes hot rows as a Parquet file beside the store, in the form of a segment. */
final class HotFile {
    private HotFile() {}

    static RowFile write(Disk disk, Path folder, List<RowGroup> hot) throws IOException {
        List<EncodedRowGroup> encoded = new ArrayList<>(hot.size());
        try (PageCache pages = new PageCache(0);
                RowGroupAssembler assembler = new RowGroupAssembler(new RowGroupEncoder(pages))) {
            for (RowGroup group : hot) {
                encoded.add(
                        switch (group) {
                            case EncodedRowGroup done -> done;
                            case ChunkView rows -> assembler.encode(rows);
                            case SoundRows rows -> {
                                Chunk chunk = new Chunk();
                                chunk.append(rows, 0, rows.rowCount(), new ReadCost());
                                yield assembler.encode(chunk.view());
                            }
                            default -> throw new IllegalStateException("BUG: hot rows of " + group);
                        });
            }
        }
        Path parquet = folder.resolve("hot.parquet");
        Path filter = folder.resolve("hot.filter");
        SegmentWriter.write(disk, parquet, filter, encoded);
        disk.delete(filter);
        return new RowFile(parquet, List.copyOf(encoded));
    }
}
