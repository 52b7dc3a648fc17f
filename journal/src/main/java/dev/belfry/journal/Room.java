package dev.belfry.journal;

import dev.belfry.model.disk.Disk;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.InstantSource;

/** Whether the disk has room: looked at now and then, because asking costs a call to the system. */
final class Room {
    private static final System.Logger LOGGER = System.getLogger(Room.class.getName());

    private final Disk disk;
    private final Path folder;
    private final long bytesMin;
    private final InstantSource clock;
    private boolean full;
    private long checkedMillis = Long.MIN_VALUE / 2;
    private long writtenSinceCheck;
    private long usableBytes;

    Room(Disk disk, Path folder, long bytesMin, InstantSource clock) {
        this.disk = disk;
        this.folder = folder;
        this.bytesMin = bytesMin;
        this.clock = clock;
    }

    /** Whether {@code bytes} more may be written. */
    synchronized boolean has(long bytes) {
        writtenSinceCheck += bytes;
        long now = clock.millis();
        long age = Math.abs(now - checkedMillis);
        boolean due =
                full
                        ? age >= Limits.FULL_CHECK_MILLIS
                        : age >= Limits.ROOM_CHECK_MILLIS
                                || writtenSinceCheck >= Limits.ROOM_CHECK_BYTES;
        if (due) {
            look(now, bytes);
        }
        return !full;
    }

    /** A write found the disk full. */
    synchronized void wasFull() {
        if (!full) {
            full = true;
            checkedMillis = clock.millis();
            LOGGER.log(Level.ERROR, "{0}: the disk is full: appends are refused", folder);
        }
    }

    synchronized boolean isFull() {
        return full;
    }

    synchronized long usableBytes() {
        return usableBytes;
    }

    /** What to tell a client. */
    synchronized String message() {
        return "disk of %s: %d bytes usable (expected: at least %d): "
                        .formatted(folder, usableBytes, needed())
                + "free some room or lower the retention; receiving goes on by itself then, "
                + "send again later";
    }

    /* Leaving the full state takes a quarter more than entering it, so that it does not flutter. */
    private long needed() {
        return full ? bytesMin + bytesMin / 4 : bytesMin;
    }

    private void look(long now, long bytes) {
        checkedMillis = now;
        writtenSinceCheck = 0;
        try {
            usableBytes = disk.usableBytes(folder);
        } catch (IOException failure) {
            LOGGER.log(Level.WARNING, "cannot ask for the room of " + folder, failure);
            return;
        }
        boolean fullNow = usableBytes < needed() + bytes;
        if (fullNow != full) {
            full = fullNow;
            LOGGER.log(
                    full ? Level.ERROR : Level.INFO,
                    full
                            ? "{0}: {1} bytes usable: appends are refused"
                            : "{0}: {1} bytes usable: appends are taken again",
                    folder,
                    String.valueOf(usableBytes));
        }
    }
}
