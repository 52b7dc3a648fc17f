package dev.belfry.testkit;

import dev.belfry.model.disk.Disk;
import dev.belfry.model.disk.DiskFile;
import dev.belfry.model.disk.DiskFullException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A disk in memory that crashes, fails, fills and rots on demand. What is not forced survives a
 * {@link #crash} by chance: each sector of each write, each creation, renaming and deletion.
 * Thread-safe.
 *
 * <p>After a failed force, what it should have written is never written by a later one, as Linux
 * does it.
 */
public final class CrashDisk implements Disk {
    /* Names and contents are kept apart, as on a real disk: `names` is what programs see,
     * `durableNames` what a crash leaves, `unforced` the changes of names that forceFolder would
     * make durable, in order. A file's bytes have the same three in CrashFile. Folders are names
     * without a file. */

    /** What the disk is asked to do. */
    public enum Operation {
        CREATE,
        WRITE,
        FORCE,
        TRUNCATE,
        RENAME,
        DELETE,
        CREATE_FOLDER,
        FORCE_FOLDER
    }

    private record NameChange(Path folder, Path path, @Nullable Node node) {}

    /** A name's target: a file, or a folder when {@code file} is null. */
    private record Node(@Nullable CrashFile file) {}

    private final Map<Path, Node> names = new TreeMap<>();
    private final Map<Path, Node> durableNames = new HashMap<>();
    private final List<NameChange> unforced = new ArrayList<>();
    private long capacityBytes = Long.MAX_VALUE;
    private int forces;
    private int dropForce = -1;
    private int forcesUntilFailure = Integer.MAX_VALUE;
    private int failuresLeft;
    private int readFailuresLeft;
    private @Nullable Runnable beforeRead;
    private int operations;
    private @Nullable Consumer<Operation> listener;

    /** An empty disk. */
    public CrashDisk() {}

    /** Calls {@code newListener} before each operation that changes something; null to stop. */
    public synchronized void onOperation(@Nullable Consumer<Operation> newListener) {
        listener = newListener;
    }

    /** How many operations changed something so far. */
    public synchronized int operations() {
        return operations;
    }

    /** How many forces of files and folders there were so far, those that failed included. */
    public synchronized int forces() {
        return forces;
    }

    /** Makes force number {@code number} (the first is 0) do nothing, and say that it did. */
    public synchronized void dropForce(int number) {
        dropForce = number;
    }

    /** Lets {@code after} more forces succeed and the {@code count} after them fail. */
    public synchronized void failForces(int after, int count) {
        forcesUntilFailure = after;
        failuresLeft = count;
    }

    /** Makes the next {@code count} reads of files fail. */
    public synchronized void failReads(int count) {
        readFailuresLeft = count;
    }

    /** Runs {@code action} before the next read of a file. */
    public synchronized void beforeNextRead(Runnable action) {
        beforeRead = action;
    }

    /** Makes the disk hold {@code bytes} and no more. */
    public synchronized void capacity(long bytes) {
        capacityBytes = bytes;
    }

    /** The bytes of all files together. */
    public synchronized long usedBytes() {
        long used = 0;
        for (Node node : names.values()) {
            used += node.file() == null ? 0 : node.file().size();
        }
        return used;
    }

    /** Overwrites bytes of {@code path}, as a failing medium does. */
    public synchronized void corrupt(Path path, long position, byte[] bytes)
            throws NoSuchFileException {
        file(path).corrupt(position, bytes);
    }

    /** Flips the lowest bit of a byte of {@code path}. */
    public synchronized void flip(Path path, long position) throws NoSuchFileException {
        byte[] one = new byte[1];
        file(path).read(one, 0, 1, position);
        one[0] ^= 1;
        file(path).corrupt(position, one);
    }

    /** Cuts {@code path} to {@code sizeBytes}, as a failing medium does. */
    public synchronized void cut(Path path, long sizeBytes) throws NoSuchFileException {
        file(path).cutDurably(sizeBytes);
    }

    /** Removes {@code path} for good, as a person does who should not. */
    public synchronized void lose(Path path) {
        names.remove(path);
        durableNames.remove(path);
        unforced.removeIf(change -> change.path().equals(path));
    }

    /** The bytes of {@code path} as programs see them. */
    public synchronized byte[] bytes(Path path) throws NoSuchFileException {
        CrashFile file = file(path);
        byte[] bytes = new byte[(int) file.size()];
        file.read(bytes, 0, bytes.length, 0);
        return bytes;
    }

    /** Another disk with what a crash at this moment could leave; this one goes on. */
    public synchronized CrashDisk crash(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Map<Path, Node> left = new HashMap<>(durableNames);
        int luck = random.nextInt(4);
        for (NameChange change : unforced) {
            boolean kept =
                    switch (luck) {
                        case 0 -> false;
                        case 1 -> true;
                        default -> random.nextBoolean();
                    };
            if (kept) {
                apply(left, change);
            }
        }
        Map<CrashFile, CrashFile> files = new HashMap<>();
        CrashDisk after = new CrashDisk();
        for (Map.Entry<Path, Node> entry : new TreeMap<>(left).entrySet()) {
            if (!hasFolders(left, entry.getKey())) {
                continue;
            }
            CrashFile file = entry.getValue().file();
            Node node =
                    file == null
                            ? entry.getValue()
                            : new Node(files.computeIfAbsent(file, it -> it.crash(random)));
            after.names.put(entry.getKey(), node);
            after.durableNames.put(entry.getKey(), node);
        }
        after.capacityBytes = capacityBytes;
        return after;
    }

    @Override
    public synchronized DiskFile open(Path path, Mode mode) throws IOException {
        Node node = names.get(path);
        if (mode == Mode.CREATE) {
            if (node != null) {
                throw new FileAlreadyExistsException(path.toString());
            }
            requireFolder(path);
            before(Operation.CREATE);
            if (usedBytes() >= capacityBytes) {
                throw new DiskFullException(path + ": no space left");
            }
            CrashFile file = new CrashFile();
            change(path, new Node(file));
            return new OpenFile(path, file, true);
        }
        return new OpenFile(path, file(path), mode == Mode.WRITE);
    }

    @Override
    public synchronized void createFolders(Path folder) throws IOException {
        Path parent = folder.getParent();
        if (parent != null && !isFolder(parent)) {
            createFolders(parent);
        }
        if (!isFolder(folder)) {
            before(Operation.CREATE_FOLDER);
            change(folder, new Node(null));
        }
    }

    @Override
    public synchronized List<Path> list(Path folder) {
        return names.keySet().stream().filter(path -> folder.equals(path.getParent())).toList();
    }

    @Override
    public synchronized boolean exists(Path path) {
        return isFolder(path) || names.containsKey(path);
    }

    @Override
    public synchronized void rename(Path from, Path to) throws IOException {
        CrashFile file = file(from);
        requireFolder(to);
        before(Operation.RENAME);
        change(to, new Node(file));
        change(from, null);
    }

    @Override
    public synchronized void delete(Path path) {
        if (names.containsKey(path)) {
            before(Operation.DELETE);
            change(path, null);
        }
    }

    /** By way of half of it, however small it is. */
    @Override
    public synchronized void deleteGradually(Path path) throws IOException {
        if (exists(path)) {
            try (DiskFile file = open(path, Mode.WRITE)) {
                file.truncate(file.size() / 2);
            }
        }
        delete(path);
    }

    @Override
    public synchronized void forceFolder(Path folder) throws IOException {
        requireFolder(folder.resolve("x"));
        before(Operation.FORCE_FOLDER);
        if (!force(folder)) {
            return;
        }
        for (NameChange change : unforced) {
            if (folder.equals(change.folder())) {
                apply(durableNames, change);
            }
        }
        unforced.removeIf(change -> folder.equals(change.folder()));
    }

    @Override
    public synchronized long usableBytes(Path folder) {
        return Math.max(0, capacityBytes - usedBytes());
    }

    private void before(Operation operation) {
        operations++;
        Consumer<Operation> told = listener;
        if (told != null) {
            told.accept(operation);
        }
    }

    /** Whether the force is to be done; counts it, and fails it when its turn has come. */
    private boolean force(Path path) throws IOException {
        boolean dropped = forces == dropForce;
        forces++;
        if (forcesUntilFailure > 0) {
            forcesUntilFailure--;
        } else if (failuresLeft > 0) {
            failuresLeft--;
            throw new IOException(path + ": input/output error");
        }
        return !dropped;
    }

    private void change(Path path, @Nullable Node node) {
        Path folder = path.getParent();
        NameChange change = new NameChange(folder == null ? path : folder, path, node);
        apply(names, change);
        unforced.add(change);
    }

    private static void apply(Map<Path, Node> target, NameChange change) {
        if (change.node() == null) {
            target.remove(change.path());
        } else {
            target.put(change.path(), change.node());
        }
    }

    private static boolean isRoot(Path path) {
        return path.getParent() == null;
    }

    private boolean isFolder(Path path) {
        Node node = names.get(path);
        return isRoot(path) || (node != null && node.file() == null);
    }

    private static boolean hasFolders(Map<Path, Node> left, Path path) {
        Set<Path> seen = new HashSet<>();
        for (Path at = path.getParent(); at != null && !isRoot(at); at = at.getParent()) {
            Node node = left.get(at);
            if (node == null || node.file() != null || !seen.add(at)) {
                return false;
            }
        }
        return true;
    }

    private void requireFolder(Path path) throws NoSuchFileException {
        Path folder = path.getParent();
        if (folder != null && !isFolder(folder)) {
            throw new NoSuchFileException(folder.toString());
        }
    }

    private CrashFile file(Path path) throws NoSuchFileException {
        Node node = names.get(path);
        if (node == null || node.file() == null) {
            throw new NoSuchFileException(path.toString());
        }
        return node.file();
    }

    private final class OpenFile implements DiskFile {
        private final Path path;
        private final CrashFile file;
        private final boolean writable;

        OpenFile(Path path, CrashFile file, boolean writable) {
            this.path = path;
            this.file = file;
            this.writable = writable;
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            synchronized (CrashDisk.this) {
                Runnable action = beforeRead;
                beforeRead = null;
                if (action != null) {
                    action.run();
                }
                if (readFailuresLeft > 0) {
                    readFailuresLeft--;
                    throw new IOException(path + ": input/output error");
                }
                byte[] bytes = new byte[target.remaining()];
                int count = file.read(bytes, 0, bytes.length, position);
                target.put(bytes, 0, count);
                return count;
            }
        }

        @Override
        public void write(ByteBuffer source, long position) throws IOException {
            synchronized (CrashDisk.this) {
                requireWritable();
                before(Operation.WRITE);
                byte[] bytes = new byte[source.remaining()];
                source.get(bytes);
                long growth = Math.max(0, position + bytes.length - file.size());
                long room = Math.max(0, capacityBytes - usedBytes());
                if (growth > room) {
                    int part = (int) Math.max(0, bytes.length - (growth - room));
                    file.write(Arrays.copyOf(bytes, part), position);
                    throw new DiskFullException(path + ": no space left");
                }
                file.write(bytes, position);
            }
        }

        @Override
        public void force() throws IOException {
            synchronized (CrashDisk.this) {
                before(Operation.FORCE);
                boolean done;
                try {
                    done = CrashDisk.this.force(path);
                } catch (IOException failure) {
                    file.failForce();
                    throw failure;
                }
                if (done) {
                    file.force();
                }
            }
        }

        @Override
        public void truncate(long sizeBytes) throws IOException {
            synchronized (CrashDisk.this) {
                requireWritable();
                before(Operation.TRUNCATE);
                file.truncate(sizeBytes);
            }
        }

        @Override
        public long size() {
            synchronized (CrashDisk.this) {
                return file.size();
            }
        }

        @Override
        public void close() {
            // what is in memory needs no closing
        }

        private void requireWritable() throws IOException {
            if (!writable) {
                throw new IOException(path + ": opened for reading (expected: for writing)");
            }
        }
    }
}
