package dev.belfry.journal;

import dev.belfry.model.disk.Disk;
import dev.belfry.model.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * The snapshot of the idempotency index: files of keys by range of offsets, so that trimming the
 * journal writes only the keys of what it deletes; not thread-safe.
 */
final class KeyFiles {
    /* idempotency/<from>-<to>.keys, both 20 digits: magic, version, count, from, to, ceiling,
     * trimmedTo, entries of 52 bytes, CRC32C of all before. Written under a temporary name,
     * forced, renamed, the folder forced. Once there are KEY_FILES_MAX, the next one holds all
     * that is remembered, from 0, and those that it covers are deleted; should they come back
     * after a crash, their `to` says that they are covered. */
    static final int VERSION = 1;

    /** "BFRYKEYS" in the order of the bytes. */
    static final long MAGIC = 0x5359454B59524642L;

    private static final int HEADER_BYTES = 48;
    private static final int ENTRY_BYTES = 52;
    private static final String SUFFIX = ".keys";

    private final Disk disk;
    private final Path folder;
    private final DamageLog damages;
    private List<Path> files = new ArrayList<>();
    private long coveredTo;
    private long missingFrom;
    private long ceiling;
    private long trimmedTo;
    private boolean namesForced = true;

    KeyFiles(Disk disk, Path folder, DamageLog damages) {
        this.disk = disk;
        this.folder = folder;
        this.damages = damages;
    }

    /** Every key with a smaller offset is in the files, if it is remembered at all. */
    long coveredTo() {
        return coveredTo;
    }

    /** Keys from here on are in the journal and not, or not all, in the files that were loaded. */
    long missingFrom() {
        return missingFrom;
    }

    /** The ceiling that was known when the newest was written. */
    long ceiling() {
        return ceiling;
    }

    /** Journal files that end at or before this are to be deleted, if they are still there. */
    long trimmedTo() {
        return trimmedTo;
    }

    /** Reads all into {@code index}. */
    void load(IdempotencyIndex index) throws IOException {
        List<Path> found = new ArrayList<>();
        for (Path path : disk.list(folder)) {
            if (String.valueOf(path.getFileName()).matches("\\d{20}-\\d{20}\\.keys")) {
                found.add(path);
            }
        }
        found.sort(Comparator.comparingLong(KeyFiles::from).thenComparingLong(path -> -to(path)));
        boolean sound = true;
        for (Path path : found) {
            boolean empty = to(path) == coveredTo && from(path) == to(path);
            if (to(path) > coveredTo || empty) {
                sound &= from(path) <= coveredTo;
                sound &= loadFile(path, index);
                coveredTo = to(path);
            }
            files.add(path);
            namesForced = false;
        }
        missingFrom = sound ? coveredTo : 0;
    }

    /**
     * Writes the keys from {@link #coveredTo()} on; those up to {@code durableEnd} are covered. The
     * files that it builds on are durable before. Without {@code durably} a crash may leave the
     * files as they were before.
     */
    void write(
            IdempotencyIndex index,
            long durableEnd,
            long ceilingNow,
            long trimmedToNow,
            boolean durably)
            throws IOException {
        if (durableEnd <= coveredTo && trimmedToNow <= trimmedTo) {
            return;
        }
        boolean merge = durably && files.size() >= Limits.KEY_FILES_MAX;
        long from = merge ? 0 : coveredTo;
        long to = Math.max(coveredTo, durableEnd);
        IdempotencyIndex.Entry[] entries = index.from(from);
        String name = String.format(Locale.ROOT, "%020d-%020d%s", from, to, SUFFIX);
        Path target = folder.resolve(name);
        Path incomplete = folder.resolve(name + ".part");
        Folders.make(disk, folder);
        disk.delete(incomplete);
        try (DiskFile file = disk.open(incomplete, Disk.Mode.CREATE)) {
            file.write(encode(entries, from, to, ceilingNow, trimmedToNow), 0);
            file.force();
        }
        if (durably && !namesForced) {
            disk.forceFolder(folder);
        }
        disk.rename(incomplete, target);
        if (durably) {
            disk.forceFolder(folder);
        }
        namesForced = durably;
        List<Path> covered = merge ? files : List.of();
        files = merge ? new ArrayList<>() : files;
        if (!files.contains(target)) {
            files.add(target);
        }
        coveredTo = to;
        trimmedTo = Math.max(trimmedTo, trimmedToNow);
        ceiling = Math.max(ceiling, ceilingNow);
        for (Path path : covered) {
            if (!path.equals(target)) {
                disk.delete(path);
            }
        }
    }

    private boolean loadFile(Path path, IdempotencyIndex index) throws IOException {
        ByteBuffer bytes;
        try (DiskFile file = disk.open(path, Disk.Mode.READ)) {
            bytes = ByteBuffer.allocate((int) file.size()).order(ByteOrder.LITTLE_ENDIAN);
            file.read(bytes, 0);
            bytes.flip();
        }
        int size = bytes.limit();
        if (size < HEADER_BYTES + 4
                || bytes.getLong(0) != MAGIC
                || bytes.getInt(size - 4) != FrameHeader.checksum(bytes, 0, size - 4)) {
            damages.report(
                    Damage.Kind.LOST,
                    path,
                    0,
                    size,
                    0,
                    0,
                    "the file of idempotency keys does not match its checksum: repeated requests "
                            + "from before may be stored twice");
            return false;
        }
        int version = bytes.getInt(8);
        if (version > VERSION) {
            throw new NewerFormatException(path, version, VERSION);
        }
        int count = bytes.getInt(12);
        ceiling = Math.max(ceiling, bytes.getLong(32));
        trimmedTo = Math.max(trimmedTo, bytes.getLong(40));
        bytes.position(HEADER_BYTES);
        for (int entry = 0; entry < count; entry++) {
            index.put(decode(bytes));
        }
        return true;
    }

    private static ByteBuffer encode(
            IdempotencyIndex.Entry[] entries, long from, long to, long ceiling, long trimmedTo) {
        int size = HEADER_BYTES + ENTRY_BYTES * entries.length + 4;
        ByteBuffer bytes = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(MAGIC).putInt(VERSION).putInt(entries.length);
        bytes.putLong(from).putLong(to).putLong(ceiling).putLong(trimmedTo);
        for (IdempotencyIndex.Entry entry : entries) {
            Idempotency key = entry.key();
            bytes.putLong(key.keyHashHigh()).putLong(key.keyHashLow());
            bytes.putLong(key.bodyHashHigh()).putLong(key.bodyHashLow());
            bytes.putLong(entry.baseOffset()).putInt(entry.count());
            bytes.putLong(entry.receivedMillis());
        }
        bytes.putInt(FrameHeader.checksum(bytes, 0, size - 4));
        return bytes.flip();
    }

    private static IdempotencyIndex.Entry decode(ByteBuffer bytes) {
        Idempotency key =
                new Idempotency(bytes.getLong(), bytes.getLong(), bytes.getLong(), bytes.getLong());
        return new IdempotencyIndex.Entry(key, bytes.getLong(), bytes.getInt(), bytes.getLong());
    }

    private static long from(Path path) {
        return Long.parseLong(String.valueOf(path.getFileName()), 0, 20, 10);
    }

    private static long to(Path path) {
        return Long.parseLong(String.valueOf(path.getFileName()), 21, 41, 10);
    }
}
