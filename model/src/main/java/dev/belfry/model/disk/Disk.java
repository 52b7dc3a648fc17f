package dev.belfry.model.disk;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * The few things that journal and stores do with a disk. {@link #real()} does them; a test's disk
 * loses, keeps or tears what was not forced.
 */
public interface Disk {
    /** How much of a file {@link #deleteGradually} frees at once, and how long it pauses then. */
    long FREED_BYTES = 4 << 20;

    long FREED_PAUSE_NANOS = 2_000_000;

    /** How {@link #open} opens a file. */
    enum Mode {
        /** For reading; it must be there. */
        READ,
        /** For reading and writing; it must be there. */
        WRITE,
        /** For reading and writing; it must not be there. */
        CREATE
    }

    /**
     * Opens a file.
     *
     * @throws DiskFullException when there is no room for it
     */
    DiskFile open(Path path, Mode mode) throws IOException;

    /** Makes {@code folder} and those above it where they are missing. */
    void createFolders(Path folder) throws IOException;

    /** The files and folders in {@code folder}, sorted by name; empty when it is not there. */
    List<Path> list(Path folder) throws IOException;

    /** Whether there is a file or folder at {@code path}. */
    boolean exists(Path path);

    /**
     * Renames {@code from} to {@code to}, replacing what is there, at once; durable after {@link
     * #forceFolder}.
     */
    void rename(Path from, Path to) throws IOException;

    /** Deletes the file at {@code path} if it is there; durable after {@link #forceFolder}. */
    void delete(Path path) throws IOException;

    /**
     * Deletes the file at {@code path} piece by piece if it is large: who still reads it finds it
     * shorter, so nobody may map it. Other files' forces wait while a file system frees blocks; on
     * ext4 some 15 ms for 64 MiB that go at once, in which nothing received is acknowledged.
     */
    default void deleteGradually(Path path) throws IOException {
        if (exists(path)) {
            try (DiskFile file = open(path, Mode.WRITE)) {
                for (long left = file.size() - FREED_BYTES; left > 0; left -= FREED_BYTES) {
                    file.truncate(left);
                    LockSupport.parkNanos(FREED_PAUSE_NANOS);
                }
            } catch (IOException uncuttable) {
                System.getLogger(Disk.class.getName())
                        .log(System.Logger.Level.DEBUG, "it goes at once: " + path, uncuttable);
            }
        }
        delete(path);
    }

    /** Makes creations, renames and deletions in {@code folder} durable. */
    void forceFolder(Path folder) throws IOException;

    /** Bytes that can still be written below {@code folder}. */
    long usableBytes(Path folder) throws IOException;

    /** The machine's own disk. */
    static Disk real() {
        return RealDisk.INSTANCE;
    }
}
