package dev.belfry.journal;

import dev.belfry.model.disk.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** Makes folders so that they stay. */
final class Folders {
    private Folders() {}

    /** Makes {@code folder} and those above it where they are missing, durably. */
    static void make(Disk disk, Path folder) throws IOException {
        Deque<Path> changed = new ArrayDeque<>();
        @Nullable Path at = folder;
        while (at != null && !disk.exists(at)) {
            at = at.getParent();
            if (at != null) {
                changed.push(at);
            }
        }
        disk.createFolders(folder);
        for (Path parent : changed) {
            disk.forceFolder(parent);
        }
    }
}
