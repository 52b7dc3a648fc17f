package dev.belfry.store.events;

import dev.belfry.model.disk.Disk;
import dev.belfry.store.TimeRange;
import dev.belfry.store.column.RowGroup;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** All rows at one moment; what it names stays until it is closed. Safe for many threads. */
public final class View implements AutoCloseable {
    /* Segments that the warnings of an answer name. */
    private static final int WARNINGS_MAX = 10;

    private final List<RowGroup> groups;
    private final long endOffset;
    private final SegmentSet segments;

    View(List<RowGroup> groups, long endOffset, SegmentSet segments) {
        this.groups = groups;
        this.endOffset = endOffset;
        this.segments = segments;
    }

    /** Row groups, hot ones and those of segments; each row is in exactly one. */
    public List<RowGroup> groups() {
        return groups;
    }

    /** The journal offset up to which {@link #groups()} is everything. */
    public long endOffset() {
        return endOffset;
    }

    /** What is missing of {@code range} because it cannot be read; empty when nothing is. */
    public List<String> warnings(TimeRange range) {
        List<String> warnings = new ArrayList<>();
        for (Loss loss : segments.losses()) {
            if (!loss.touches(range)) {
                continue;
            }
            if (warnings.size() == WARNINGS_MAX) {
                warnings.add("and events of further segments");
                break;
            }
            warnings.add(loss.warning());
        }
        return warnings;
    }

    /**
     * All rows as Parquet files: those of the segments, and one in {@code folder} for the hot rows
     * and what is left of damaged segments, which is the caller's to delete.
     *
     * @param folder an empty one
     */
    public List<RowFile> files(Disk disk, Path folder) throws IOException {
        List<RowFile> files = new ArrayList<>(segments.files());
        List<RowGroup> hot =
                new ArrayList<>(groups.subList(0, groups.size() - segments.groups().size()));
        hot.addAll(segments.salvaged());
        if (!hot.isEmpty()) {
            files.add(HotFile.write(disk, folder, hot));
        }
        return files;
    }

    @Override
    public void close() throws IOException {
        segments.release();
    }
}
