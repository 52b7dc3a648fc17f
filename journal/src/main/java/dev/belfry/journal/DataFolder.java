package dev.belfry.journal;

import dev.belfry.model.BelfryException;
import dev.belfry.model.CorruptFileException;
import dev.belfry.model.ErrorCode;
import dev.belfry.model.disk.Disk;
import dev.belfry.model.disk.DiskFile;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The folder that holds all of an instance's data: one process has it at a time, and {@code
 * format.json} says whose it is and which release's formats are in it.
 */
public final class DataFolder implements AutoCloseable {
    /** The newest layout of the folder that this release knows. */
    public static final int VERSION = 1;

    private static final String FORMAT = "format.json";
    private static final String LOCK = "lock";
    private static final Pattern VERSION_PATTERN =
            Pattern.compile("\"version\"\\s*:\\s*(\\d{1,9})");
    private static final Pattern INSTANCE_PATTERN =
            Pattern.compile("\"instanceId\"\\s*:\\s*\"([0-9a-f-]{36})\"");
    private static final int FORMAT_BYTES_MAX = 64 << 10;

    private final Path path;
    private final UUID instanceId;
    private final @Nullable FileChannel lock;

    private DataFolder(Path path, UUID instanceId, @Nullable FileChannel lock) {
        this.path = path;
        this.instanceId = instanceId;
        this.lock = lock;
    }

    /**
     * Opens {@code path}, which is made if it is not there. Only on {@link Disk#real()} other
     * processes are kept out.
     *
     * @throws BelfryException CONFLICT when another process has it; the message names it
     * @throws NewerFormatException when a newer release wrote it; nothing was changed
     */
    public static DataFolder open(Path path, Disk disk, InstantSource clock) throws IOException {
        Path format = path.resolve(FORMAT);
        if (disk.exists(format)) {
            read(format, disk);
        }
        Folders.make(disk, path);
        FileChannel lock = disk.equals(Disk.real()) ? lock(path.resolve(LOCK), clock) : null;
        try {
            UUID id = disk.exists(format) ? read(format, disk) : create(path, disk, clock);
            return new DataFolder(path, id, lock);
        } catch (IOException | RuntimeException failure) {
            if (lock != null) {
                lock.close();
            }
            throw failure;
        }
    }

    /** Where it is. */
    public Path path() {
        return path;
    }

    /** The instance whose data this is; made with the folder, the same ever after. */
    public UUID instanceId() {
        return instanceId;
    }

    /** Lets another process have it. */
    @Override
    public void close() throws IOException {
        if (lock != null) {
            lock.close();
        }
    }

    private static UUID read(Path format, Disk disk) throws IOException {
        String json;
        try (DiskFile file = disk.open(format, Disk.Mode.READ)) {
            ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(file.size(), FORMAT_BYTES_MAX));
            file.read(bytes, 0);
            json = StandardCharsets.UTF_8.decode(bytes.flip()).toString();
        }
        Matcher version = VERSION_PATTERN.matcher(json);
        Matcher instance = INSTANCE_PATTERN.matcher(json);
        if (!version.find()) {
            throw new CorruptFileException(format, 0, "no version", "\"version\": 1");
        }
        int found = Integer.parseInt(version.group(1));
        if (found > VERSION) {
            throw new NewerFormatException(format, found, VERSION);
        }
        if (!instance.find()) {
            throw new CorruptFileException(format, 0, "no instanceId", "\"instanceId\": \"UUID\"");
        }
        return UUID.fromString(instance.group(1));
    }

    private static UUID create(Path path, Disk disk, InstantSource clock) throws IOException {
        UUID id = UUID.randomUUID();
        String json =
                """
                {
                  "version": %d,
                  "instanceId": "%s",
                  "createdAt": "%s"
                }
                """
                        .formatted(VERSION, id, clock.instant());
        Path incomplete = path.resolve(FORMAT + ".part");
        disk.delete(incomplete);
        try (DiskFile file = disk.open(incomplete, Disk.Mode.CREATE)) {
            file.write(ByteBuffer.wrap(json.getBytes(StandardCharsets.UTF_8)), 0);
            file.force();
        }
        disk.rename(incomplete, path.resolve(FORMAT));
        disk.forceFolder(path);
        return id;
    }

    private static FileChannel lock(Path path, InstantSource clock) throws IOException {
        FileChannel channel =
                FileChannel.open(
                        path,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE);
        if (!tryLock(channel)) {
            channel.close();
            throw new BelfryException(
                    ErrorCode.CONFLICT,
                    ("data folder %s: in use by %s (expected: one process at a time); stop it, or "
                                    + "choose another folder")
                            .formatted(path.toAbsolutePath().getParent(), holder(path)));
        }
        String holder =
                "process "
                        + ProcessHandle.current().pid()
                        + " on "
                        + hostName()
                        + " since "
                        + clock.instant();
        channel.truncate(0);
        channel.write(ByteBuffer.wrap(holder.getBytes(StandardCharsets.UTF_8)), 0);
        return channel;
    }

    private static boolean tryLock(FileChannel channel) throws IOException {
        try {
            FileLock taken = channel.tryLock();
            return taken != null;
        } catch (OverlappingFileLockException sameProcess) {
            return false;
        }
    }

    private static String holder(Path path) throws IOException {
        String text = Files.readString(path);
        return text.isBlank() ? "a process that is just starting" : text.strip();
    }

    /* Not by InetAddress first: where names are badly set up that takes seconds. */
    private static String hostName() throws IOException {
        Path kernel = Path.of("/proc/sys/kernel/hostname");
        if (Files.isReadable(kernel)) {
            return Files.readString(kernel).strip();
        }
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException unknown) {
            return "an unnamed host";
        }
    }
}
