package dev.belfry.store.events;

import dev.belfry.store.column.RowGroup;
import java.nio.file.Path;
import java.util.List;

/**
 * A Parquet file of rows, for readers that are not ours.
 *
 * @param path the file
 * @param groups what stands in it
 */
public record RowFile(Path path, List<RowGroup> groups) {
    public RowFile {
        groups = List.copyOf(groups);
    }
}
