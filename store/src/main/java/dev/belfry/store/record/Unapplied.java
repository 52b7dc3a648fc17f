package dev.belfry.store.record;

import dev.belfry.journal.Frame;
import dev.belfry.model.disk.Disk;
import dev.belfry.model.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Frames of the journal that a store could not decode: kept as they are, a file each under its
 * first offset. One thread adds, any may count.
 */
public final class Unapplied {
    private final Disk disk;
    private final Path store;
    private final Path folder;
    private final AtomicLong count = new AtomicLong();

    /**
     * Those in the folder {@code unapplied} of {@code store}; it is made with the first of them.
     */
    public Unapplied(Disk disk, Path store) {
        this.disk = disk;
        this.store = store;
        folder = store.resolve("unapplied");
    }

    /** Keeps the frame's body, durably; one that is there already is kept as it is. */
    public void add(Frame frame) throws IOException {
        disk.createFolders(folder);
        Path path = folder.resolve("%020d.frame".formatted(frame.baseOffset()));
        if (!disk.exists(path)) {
            try (DiskFile file = disk.open(path, Disk.Mode.CREATE)) {
                file.write(ByteBuffer.wrap(frame.body(), 0, frame.bodyLength()), 0);
                file.force();
            }
            disk.forceFolder(folder);
            disk.forceFolder(store);
        }
        count.incrementAndGet();
    }

    /** How many were added since the start. */
    public long count() {
        return count.get();
    }
}
