package dev.belfry.store.record;

import dev.belfry.model.CorruptFileException;
import dev.belfry.model.disk.Disk;
import dev.belfry.model.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A file that grows by records, each there whole or not at all once it was appended. When it has
 * grown far, it is written anew from what its owner knows. For one thread.
 */
public final class RecordFile implements AutoCloseable {
    /*
     * file   = header of 8 bytes, record*
     * record = magic u32 | length u32 | crc32c(body) u32 | body            all big endian
     *
     * Written anew, it stands under another name until it is forced, and is renamed then.
     */
    private static final int RECORD_MAGIC = 0xBE1F_4A17;

    /** What a record takes beside its body. */
    public static final int RECORD_HEADER_BYTES = 12;

    private static final int RECORD_MAX_BYTES = 256 << 20;
    private static final int WINDOW_BYTES = 1 << 20;

    private final Disk disk;
    private final Path path;
    private final byte[] header;
    private final List<Damage> damage = new ArrayList<>();
    private @Nullable DiskFile file;
    private long end;

    /**
     * A part that was skipped.
     *
     * @param path the file
     * @param from its first byte
     * @param to the byte after it
     */
    public record Damage(Path path, long from, long to) {
        @Override
        public String toString() {
            return path + ": bytes " + from + " to " + to + " are damaged and were skipped";
        }
    }

    /** Takes the bodies of records, in the order of the file. */
    @FunctionalInterface
    public interface Reader {
        /** Takes one body, which is the reader's from then on. */
        void take(byte[] body) throws IOException;
    }

    /** Gives the bodies of records that say everything. */
    @FunctionalInterface
    public interface Content {
        /** Gives all of them to {@code target}. */
        void writeTo(Reader target) throws IOException;
    }

    private RecordFile(Disk disk, Path path, String header) {
        this.disk = disk;
        this.path = path;
        this.header = header.getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Opens the file at {@code path} and gives what it holds to {@code reader}. One that is not
     * there is begun by the first {@link #append} or {@link #rewrite}.
     *
     * @param header 8 letters that tell kind and version
     * @throws CorruptFileException when it begins with another header
     */
    public static RecordFile open(Disk disk, Path path, String header, Reader reader)
            throws IOException {
        RecordFile records = new RecordFile(disk, path, header);
        if (disk.exists(path)) {
            records.load(reader);
        }
        return records;
    }

    /** What was found damaged when it was opened. */
    public List<Damage> damage() {
        return List.copyOf(damage);
    }

    /** Its length; 0 when it is to be written anew. */
    public long bytes() {
        return file == null ? 0 : end;
    }

    /**
     * Appends records durably.
     *
     * @throws IOException when it did not come about; the next change must be {@link #rewrite}, as
     *     {@link #bytes} being 0 says
     * @throws IllegalArgumentException when one is over 256 MiB, which could not be read again
     */
    public void append(List<byte[]> bodies) throws IOException {
        DiskFile open = file;
        if (open == null) {
            throw new IllegalStateException("BUG: " + path + " is to be written anew");
        }
        try {
            long at = end;
            for (byte[] body : bodies) {
                at = write(open, body, at);
            }
            open.force();
            end = at;
        } catch (IOException failure) {
            /* What stands behind `end` now is unknown. */
            file = null;
            open.close();
            throw failure;
        }
    }

    /** Replaces all by {@code content}, durably and at once. */
    public void rewrite(Content content) throws IOException {
        DiskFile old = file;
        if (old != null) {
            file = null;
            old.close();
        }
        Path fresh = path.resolveSibling(path.getFileName() + ".tmp");
        disk.delete(fresh);
        DiskFile next = disk.open(fresh, Disk.Mode.CREATE);
        long[] at = {header.length};
        try {
            next.write(ByteBuffer.wrap(header), 0);
            content.writeTo(body -> at[0] = write(next, body, at[0]));
            next.force();
            disk.rename(fresh, path);
            Path folder = path.getParent();
            if (folder != null) {
                disk.forceFolder(folder);
            }
        } catch (IOException | RuntimeException failure) {
            next.close();
            /* It takes room that the next try needs. */
            disk.delete(fresh);
            throw failure;
        }
        file = next;
        end = at[0];
    }

    private static long write(DiskFile file, byte[] body, long at) throws IOException {
        if (body.length > RECORD_MAX_BYTES) {
            throw new IllegalArgumentException(
                    "record: "
                            + body.length
                            + " bytes (expected: at most "
                            + RECORD_MAX_BYTES
                            + ")");
        }
        ByteBuffer record = ByteBuffer.allocate(RECORD_HEADER_BYTES + body.length);
        record.putInt(RECORD_MAGIC).putInt(body.length).putInt(checksum(body)).put(body).flip();
        int length = record.remaining();
        file.write(record, at);
        return at + length;
    }

    private static int checksum(byte[] body) {
        CRC32C crc = new CRC32C();
        crc.update(body);
        return (int) crc.getValue();
    }

    private void load(Reader reader) throws IOException {
        DiskFile open = disk.open(path, Disk.Mode.WRITE);
        file = open;
        long size = open.size();
        ByteBuffer begin = ByteBuffer.allocate(header.length);
        open.read(begin, 0);
        if (!begin.flip().equals(ByteBuffer.wrap(header))) {
            throw new CorruptFileException(
                    path, 0, "another header", new String(header, StandardCharsets.US_ASCII));
        }
        long at = header.length;
        while (at < size) {
            byte[] body = bodyAt(open, at, size);
            if (body == null) {
                long resumed = resume(open, at + 1, size);
                if (resumed < 0) {
                    cutTail(open, at, size);
                    break;
                }
                damage.add(new Damage(path, at, resumed));
                at = resumed;
                continue;
            }
            reader.take(body);
            at += RECORD_HEADER_BYTES + body.length;
        }
        end = at;
        if (!damage.isEmpty()) {
            quarantine(open, 0, end);
        }
    }

    /* A tail that no record follows was never acknowledged: it is kept aside and cut. */
    private void cutTail(DiskFile open, long at, long size) throws IOException {
        quarantine(open, at, size);
        open.truncate(at);
        open.force();
    }

    private void quarantine(DiskFile open, long from, long to) throws IOException {
        Path aside = path.resolveSibling("quarantine");
        disk.createFolders(aside);
        Path copy = aside.resolve(path.getFileName() + "." + from + "." + to);
        disk.delete(copy);
        try (DiskFile target = disk.open(copy, Disk.Mode.CREATE)) {
            for (long at = from; at < to; at += WINDOW_BYTES) {
                ByteBuffer window = ByteBuffer.allocate((int) Math.min(WINDOW_BYTES, to - at));
                open.read(window, at);
                target.write(window.flip(), at - from);
            }
            target.force();
        }
        disk.forceFolder(aside);
    }

    /* The position of the next whole record from `from` on, or -1. */
    private static long resume(DiskFile open, long from, long size) throws IOException {
        for (long start = from; start < size; start += WINDOW_BYTES - 3) {
            ByteBuffer window = ByteBuffer.allocate((int) Math.min(WINDOW_BYTES, size - start));
            open.read(window, start);
            for (int i = 0; i + 4 <= window.position(); i++) {
                if (window.getInt(i) == RECORD_MAGIC && bodyAt(open, start + i, size) != null) {
                    return start + i;
                }
            }
        }
        return -1;
    }

    private static byte @Nullable [] bodyAt(DiskFile open, long at, long size) throws IOException {
        if (at + RECORD_HEADER_BYTES > size) {
            return null;
        }
        ByteBuffer head = ByteBuffer.allocate(RECORD_HEADER_BYTES);
        open.read(head, at);
        int length = head.getInt(4);
        if (head.getInt(0) != RECORD_MAGIC
                || length < 0
                || length > RECORD_MAX_BYTES
                || at + RECORD_HEADER_BYTES + length > size) {
            return null;
        }
        byte[] body = new byte[length];
        open.read(ByteBuffer.wrap(body), at + RECORD_HEADER_BYTES);
        return checksum(body) == head.getInt(8) ? body : null;
    }

    @Override
    public void close() throws IOException {
        DiskFile open = file;
        if (open != null) {
            file = null;
            open.close();
        }
    }
}
