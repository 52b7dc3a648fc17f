package dev.belfry.model.disk;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/** The machine's disk through the JDK's channels. */
final class RealDisk implements Disk {
    static final RealDisk INSTANCE = new RealDisk();

    private RealDisk() {}

    @Override
    public DiskFile open(Path path, Mode mode) throws IOException {
        try {
            return switch (mode) {
                case READ -> new RealFile(path, FileChannel.open(path, StandardOpenOption.READ));
                case WRITE ->
                        new RealFile(
                                path,
                                FileChannel.open(
                                        path, StandardOpenOption.READ, StandardOpenOption.WRITE));
                case CREATE ->
                        new RealFile(
                                path,
                                FileChannel.open(
                                        path,
                                        StandardOpenOption.READ,
                                        StandardOpenOption.WRITE,
                                        StandardOpenOption.CREATE_NEW));
            };
        } catch (IOException failure) {
            throw asFull(path, failure);
        }
    }

    @Override
    public void createFolders(Path folder) throws IOException {
        Files.createDirectories(folder);
    }

    @Override
    public List<Path> list(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.sorted().toList();
        }
    }

    @Override
    public boolean exists(Path path) {
        return Files.exists(path);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public void delete(Path path) throws IOException {
        Files.deleteIfExists(path);
    }

    /* What has another name, in somebody's copy of the folder by links, is not to be cut there. */
    @Override
    public void deleteGradually(Path path) throws IOException {
        if (hasOneName(path)) {
            Disk.super.deleteGradually(path);
        } else {
            delete(path);
        }
    }

    private static boolean hasOneName(Path path) throws IOException {
        try {
            return Files.getAttribute(path, "unix:nlink").equals(1);
        } catch (NoSuchFileException | UnsupportedOperationException unknown) {
            return false;
        }
    }

    @Override
    public void forceFolder(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public long usableBytes(Path folder) throws IOException {
        /* By statvfs; a FileStore needs the mount table, which a chroot or container may not show. */
        if (!Files.exists(folder)) {
            throw new NoSuchFileException(folder.toString());
        }
        return folder.toFile().getUsableSpace();
    }

    /* The JDK has no type for ENOSPC and EDQUOT; their texts are glibc's, in the C locale that the JDK sets. */
    private static IOException asFull(Path path, IOException failure) {
        String message = String.valueOf(failure.getMessage());
        boolean full =
                message.contains("No space left on device") || message.contains("quota exceeded");
        return full ? new DiskFullException(path + ": " + message, failure) : failure;
    }

    private record RealFile(Path path, FileChannel channel) implements DiskFile {
        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            int total = 0;
            while (target.hasRemaining()) {
                int read = channel.read(target, position + total);
                if (read < 0) {
                    break;
                }
                total += read;
            }
            return total;
        }

        @Override
        public void write(ByteBuffer source, long position) throws IOException {
            long at = position;
            try {
                while (source.hasRemaining()) {
                    at += channel.write(source, at);
                }
            } catch (IOException failure) {
                throw asFull(path, failure);
            }
        }

        @Override
        public void force() throws IOException {
            try {
                channel.force(false);
            } catch (IOException failure) {
                throw asFull(path, failure);
            }
        }

        /* Linux tells of a failed write once, by whatever force comes first: so its failure is passed on. */
        @Override
        public void writeBack() throws IOException {
            force();
        }

        @Override
        public void truncate(long sizeBytes) throws IOException {
            channel.truncate(sizeBytes);
        }

        @Override
        public long size() throws IOException {
            return channel.size();
        }

        @Override
        public MemorySegment map(Arena arena) throws IOException {
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
