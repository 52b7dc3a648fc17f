package dev.belfry.journal;

import dev.belfry.model.disk.Disk;
import dev.belfry.model.disk.DiskFile;
import dev.belfry.model.disk.DiskFullException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes groups of frames to the newest file and begins new ones; not thread-safe.
 *
 * <p>After any failure the file is left for good: the next group goes to a new one, whose header
 * says where the records of the old one end.
 */
final class JournalWriter {
    private static final System.Logger LOGGER = System.getLogger(JournalWriter.class.getName());

    /** Where a group went. */
    record Written(long baseOffset, long endOffset) {}

    private final Disk disk;
    private final Path folder;
    private final JournalConfig config;
    private final FileSet files;
    private final DamageLog damages;
    private final List<Path> leftovers;
    private final ByteBuffer buffer =
            ByteBuffer.allocateDirect(Limits.WRITE_BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private final ByteBuffer zeros = ByteBuffer.allocateDirect(Limits.ZEROS_BYTES);
    private final Histogram forceNanos = new Histogram();
    private @Nullable DiskFile file;
    private @Nullable FileHeader header;
    private @Nullable Path path;

    /*
     *   ┌────────┬────────────────────┬───────────────┐
     *   │ header │ frames             │ zeros         │
     *   └────────┴────────────────────┴───────────────┘
     *                        position ┘       roomEnd ┘
     *
     * A force of what stands behind a file's end makes its length and the places of its blocks durable as well, by two
     * or three requests to the disk, one after the other. So a file grows by zeros from time to time, and what is
     * written over them is forced by one request. When a file is left in good order they are cut off; a killed
     * process leaves them.
     */
    private long position;
    private long roomEnd;
    private boolean folderChanged;
    private boolean begunDurably;
    private long endOffset;
    private long nextOffset;
    private long forcedEnd;
    private long ceiling;
    private volatile long writtenBytes;
    private volatile long failedForces;
    private int failedInARow;

    JournalWriter(
            Disk disk,
            Path folder,
            JournalConfig config,
            FileSet files,
            DamageLog damages,
            Recovery.Found found) {
        this.disk = disk;
        this.folder = folder;
        this.config = config;
        this.files = files;
        this.damages = damages;
        this.leftovers = new ArrayList<>(found.leftovers());
        this.endOffset = found.end();
        this.forcedEnd = found.end();
        this.nextOffset = found.nextOffset();
        this.ceiling = found.ceiling();
    }

    /** The offset after the last record that was written. */
    long endOffset() {
        return endOffset;
    }

    /** The offset that the next record gets, at least {@link #endOffset()}. */
    long nextOffset() {
        return nextOffset;
    }

    long ceiling() {
        return ceiling;
    }

    long writtenBytes() {
        return writtenBytes;
    }

    long failedForces() {
        return failedForces;
    }

    boolean isBroken() {
        return failedInARow >= Limits.FAILED_FORCES_MAX;
    }

    boolean hasUnforced() {
        return forcedEnd < endOffset;
    }

    Distribution forceNanos() {
        return forceNanos.snapshot();
    }

    /** Goes on beyond the last ceiling, because someone has seen offsets up to {@code seen}. */
    void jumpBeyond(long seen) {
        end();
        nextOffset = Math.max(Math.max(ceiling, nextOffset), seen);
    }

    /**
     * Writes {@code group} as consecutive frames; durable after {@link #force}.
     *
     * @throws DiskFullException when there is no room; nothing of it will ever be read
     * @throws IOException as above, for any other reason
     */
    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread at a time
    Written write(List<PendingAppend> group, long receivedMillis) throws IOException {
        long bytes = 0;
        long records = 0;
        for (PendingAppend append : group) {
            bytes += append.frameBytes();
            records += append.request().count();
        }
        long start = 0;
        buffer.clear();
        try {
            DiskFile target = fileFor(bytes, records, receivedMillis);
            start = position;
            long offset = nextOffset;
            for (PendingAppend append : group) {
                put(target, append, offset, receivedMillis);
                offset += append.request().count();
            }
            flush(target);
            makeRoom(target);
            Written written = new Written(nextOffset, offset);
            writtenBytes += bytes;
            nextOffset = offset;
            return written;
        } catch (DiskFullException full) {
            if (!cut(start)) {
                nextOffset += records;
            }
            throw full;
        } catch (IOException failure) {
            nextOffset += records;
            leave();
            throw failure;
        }
    }

    /** Makes {@code written} part of what readers may see. */
    void accept(Written written) {
        endOffset = written.endOffset();
        JournalFile last = files.all().getLast();
        files.replaceLast(last.upTo(endOffset, position));
    }

    /**
     * Forces what was written.
     *
     * @throws IOException when it failed: whatever was not accepted before will never be read
     */
    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread at a time
    void force(long endAfter) throws IOException {
        DiskFile target = file;
        if (target == null) {
            return;
        }
        long begin = System.nanoTime();
        try {
            target.force();
            if (folderChanged) {
                disk.forceFolder(folder);
                folderChanged = false;
            }
            forcedEnd = endAfter;
            failedInARow = 0;
        } catch (IOException failure) {
            failedForces++;
            if (!(failure instanceof DiskFullException)) {
                failedInARow++;
            }
            damages.report(
                    Damage.Kind.FAILED_FORCE,
                    path == null ? folder : path,
                    position,
                    position,
                    endOffset,
                    endOffset,
                    "forcing failed: " + failure.getMessage());
            forcedEnd = endOffset;
            leave();
            throw failure;
        } finally {
            forceNanos.add(System.nanoTime() - begin);
        }
    }

    /** Ends the file, of which all was forced: without the room that it has left. */
    void end() {
        DiskFile left = file;
        if (left != null && roomEnd > position) {
            try {
                left.truncate(position);
            } catch (IOException failure) {
                LOGGER.log(Level.WARNING, "cutting " + path + " at " + position, failure);
            }
        }
        leave();
    }

    /* Closes the file as it is; nothing is written to it again. */
    private void leave() {
        DiskFile left = file;
        file = null;
        header = null;
        if (left == null) {
            return;
        }
        try {
            left.close();
        } catch (IOException failure) {
            LOGGER.log(Level.WARNING, "closing " + path, failure);
        }
    }

    private DiskFile fileFor(long bytes, long records, long nowMillis) throws IOException {
        DiskFile current = file;
        FileHeader known = header;
        boolean fits =
                current != null
                        && known != null
                        && nextOffset + records <= known.ceiling()
                        && (position + bytes <= config.fileBytesMax()
                                || position == FileHeader.SIZE_BYTES);
        return fits && current != null ? current : begin(nowMillis);
    }

    private DiskFile begin(long nowMillis) throws IOException {
        if (hasUnforced()) {
            force(endOffset);
        }
        end();
        for (Path leftover : leftovers) {
            disk.delete(leftover);
        }
        leftovers.clear();
        long newCeiling = nextOffset + Limits.CEILING_RECORDS;
        FileHeader begun =
                new FileHeader(
                        nextOffset,
                        endOffset,
                        newCeiling,
                        nowMillis,
                        config.sync() == SyncPolicy.INTERVAL);
        Path newPath = folder.resolve(FileHeader.name(nextOffset));
        if (disk.exists(newPath)) {
            disk.delete(newPath);
        }
        DiskFile opened = disk.open(newPath, Disk.Mode.CREATE);
        folderChanged = true;
        try {
            opened.write(begun.encode(), 0);
        } catch (IOException failure) {
            opened.close();
            disk.delete(newPath);
            throw failure;
        }
        file = opened;
        header = begun;
        path = newPath;
        position = FileHeader.SIZE_BYTES;
        roomEnd = 0;
        ceiling = newCeiling;
        List<JournalFile> all = files.all();
        JournalFile added = new JournalFile(newPath, nextOffset, nextOffset, position, newCeiling);
        if (!all.isEmpty() && all.getLast().path().equals(newPath)) {
            files.replaceLast(added);
        } else {
            files.add(added);
        }
        if (begun.interval() && !begunDurably) {
            begunDurably = true;
            /* So that the next start knows that there may be more offsets than it finds. */
            force(endOffset);
        }
        return opened;
    }

    private void put(DiskFile target, PendingAppend append, long offset, long receivedMillis)
            throws IOException {
        if (buffer.remaining() < FrameHeader.HEADER_BYTES_MAX) {
            flush(target);
        }
        FrameHeader.encode(buffer, append, offset, receivedMillis, forcedEnd);
        byte[] stored = append.stored();
        int done = 0;
        while (done < append.storedLength()) {
            if (!buffer.hasRemaining()) {
                flush(target);
            }
            int part = Math.min(buffer.remaining(), append.storedLength() - done);
            buffer.put(stored, done, part);
            done += part;
        }
        if (buffer.remaining() < 16) {
            flush(target);
        }
        buffer.putInt(append.storedChecksum());
        while ((position + buffer.position() & 7) != 0) {
            buffer.put((byte) 0);
        }
    }

    private void flush(DiskFile target) throws IOException {
        buffer.flip();
        int bytes = buffer.limit();
        try {
            target.write(buffer, position);
        } finally {
            buffer.clear();
        }
        position += bytes;
    }

    /* As much again as there is, so that a small journal stays small; as far as it is wanted and possible. */
    private void makeRoom(DiskFile target) throws IOException {
        long wanted = position + Math.min(position, Limits.ROOM_AHEAD_BYTES);
        long end = Math.min(wanted, config.fileBytesMax());
        if (position <= roomEnd || end <= position) {
            return;
        }
        roomEnd = position;
        try {
            while (roomEnd < end) {
                zeros.clear().limit((int) Math.min(zeros.capacity(), end - roomEnd));
                int bytes = zeros.limit();
                target.write(zeros, roomEnd);
                roomEnd += bytes;
            }
        } catch (DiskFullException full) {
            roomEnd = Long.MAX_VALUE;
        }
    }

    /* The bytes behind the cut are in no reader's range whether or not the cut itself survives a
     * crash. */
    private boolean cut(long start) {
        DiskFile target = file;
        if (target == null) {
            return true;
        }
        boolean done = false;
        try {
            target.truncate(start);
            done = true;
        } catch (IOException failure) {
            LOGGER.log(Level.WARNING, "cutting " + path + " at " + start, failure);
        }
        leave();
        return done;
    }
}
