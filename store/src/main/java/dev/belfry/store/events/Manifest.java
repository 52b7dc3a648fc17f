package dev.belfry.store.events;

import dev.belfry.model.CorruptFileException;
import dev.belfry.model.disk.Disk;
import dev.belfry.model.disk.DiskFile;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Which segments there are and up to which journal offset they hold everything; each commit is one
 * record that is there whole or not at all. For one thread.
 */
final class Manifest implements AutoCloseable {
    /*
     * file   = "BELFRYM1" record*
     * record = magic u32 | length u32 | crc32c(body) u32 | body
     * body   = reset u8 | appliedTo i64 | eventsEver i64 | removed u32, name* | added u32, SegmentMeta*
     *
     * A commit is appended and forced. When the file has grown far beyond what it says, it is written anew
     * under another name with one reset record, forced, and renamed.
     */
    private static final byte[] HEADER = {'B', 'E', 'L', 'F', 'R', 'Y', 'M', '1'};
    private static final int RECORD_MAGIC = 0xBE1F_4A17;
    private static final int RECORD_HEADER_BYTES = 12;
    private static final int RECORD_MAX_BYTES = 256 << 20;

    /* Appended bytes at which the file is written anew. */
    private static final long REWRITE_BYTES = 8L << 20;

    private final Disk disk;
    private final Path folder;
    private final Path path;
    private final Map<String, SegmentMeta> segments = new LinkedHashMap<>();
    private final List<String> damage = new ArrayList<>();
    private @Nullable DiskFile file;
    private long end;
    private long appliedTo;
    private long eventsEver;

    private Manifest(Disk disk, Path folder) {
        this.disk = disk;
        this.folder = folder;
        this.path = folder.resolve("MANIFEST");
    }

    /** Opens the manifest in {@code folder}, or begins one there. */
    static Manifest open(Disk disk, Path folder) throws IOException {
        disk.createFolders(folder);
        Manifest manifest = new Manifest(disk, folder);
        if (disk.exists(manifest.path)) {
            manifest.load();
        } else {
            manifest.rewrite();
        }
        return manifest;
    }

    /** The segments there are. */
    Collection<SegmentMeta> segments() {
        return List.copyOf(segments.values());
    }

    /** The journal offset from which on rows are not in segments. */
    long appliedTo() {
        return appliedTo;
    }

    /**
     * What was found damaged when it was opened; while there is any, no file may be deleted for not
     * being named.
     */
    List<String> damage() {
        return List.copyOf(damage);
    }

    /** How many events were ever applied up to {@link #appliedTo()}. */
    long eventsEver() {
        return eventsEver;
    }

    /**
     * Makes {@code added} and {@code removed} so, durably and at once.
     *
     * @throws IOException when it did not come about; nothing has changed then
     */
    void commit(
            List<SegmentMeta> added, List<String> removed, long newAppliedTo, long newEventsEver)
            throws IOException {
        DiskFile open = file;
        if (open == null || end > REWRITE_BYTES) {
            Map<String, SegmentMeta> before = new LinkedHashMap<>(segments);
            long appliedBefore = appliedTo;
            long everBefore = eventsEver;
            apply(added, removed, newAppliedTo, newEventsEver);
            try {
                rewrite();
            } catch (IOException failure) {
                segments.clear();
                segments.putAll(before);
                appliedTo = appliedBefore;
                eventsEver = everBefore;
                throw failure;
            }
            return;
        }
        ByteBuffer record = record(false, added, removed, newAppliedTo, newEventsEver);
        int length = record.remaining();
        try {
            open.write(record, end);
            open.force();
        } catch (IOException failure) {
            /* What stands behind `end` now is unknown: the next commit writes the file anew. */
            open.close();
            file = null;
            throw failure;
        }
        end += length;
        apply(added, removed, newAppliedTo, newEventsEver);
    }

    private void apply(
            List<SegmentMeta> added, List<String> removed, long newAppliedTo, long newEventsEver) {
        removed.forEach(segments::remove);
        added.forEach(meta -> segments.put(meta.name(), meta));
        appliedTo = newAppliedTo;
        eventsEver = newEventsEver;
    }

    private void rewrite() throws IOException {
        DiskFile old = file;
        if (old != null) {
            old.close();
            file = null;
        }
        Path fresh = folder.resolve("MANIFEST.tmp");
        disk.delete(fresh);
        ByteBuffer record =
                record(true, List.copyOf(segments.values()), List.of(), appliedTo, eventsEver);
        long length = HEADER.length + record.remaining();
        DiskFile next = disk.open(fresh, Disk.Mode.CREATE);
        try {
            next.write(ByteBuffer.wrap(HEADER), 0);
            next.write(record, HEADER.length);
            next.force();
            disk.rename(fresh, path);
            disk.forceFolder(folder);
        } catch (IOException failure) {
            next.close();
            throw failure;
        }
        file = next;
        end = length;
    }

    private static ByteBuffer record(
            boolean reset,
            List<SegmentMeta> added,
            List<String> removed,
            long appliedTo,
            long eventsEver)
            throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeBoolean(reset);
        out.writeLong(appliedTo);
        out.writeLong(eventsEver);
        out.writeInt(removed.size());
        for (String name : removed) {
            out.writeUTF(name);
        }
        out.writeInt(added.size());
        for (SegmentMeta meta : added) {
            meta.write(out);
        }
        byte[] body = bytes.toByteArray();
        ByteBuffer record = ByteBuffer.allocate(RECORD_HEADER_BYTES + body.length);
        record.putInt(RECORD_MAGIC).putInt(body.length).putInt(checksum(body)).put(body).flip();
        return record;
    }

    private static int checksum(byte[] body) {
        CRC32C crc = new CRC32C();
        crc.update(body);
        return (int) crc.getValue();
    }

    private void load() throws IOException {
        DiskFile open = disk.open(path, Disk.Mode.WRITE);
        file = open;
        long size = open.size();
        if (size > Integer.MAX_VALUE - 16) {
            throw new CorruptFileException(path, 0, size + " bytes", "less than 2 GiB");
        }
        ByteBuffer content = ByteBuffer.allocate((int) size);
        open.read(content, 0);
        content.flip();
        for (byte expected : HEADER) {
            if (!content.hasRemaining() || content.get() != expected) {
                throw new CorruptFileException(path, 0, "another header", "BELFRYM1");
            }
        }
        int at = HEADER.length;
        while (at < size) {
            int next = read(content, at);
            if (next < 0) {
                int resumed = resume(content, at + 1);
                if (resumed < 0) {
                    cutTail(content, at);
                    break;
                }
                damage.add(
                        path
                                + ": bytes "
                                + at
                                + " to "
                                + resumed
                                + " are damaged and were skipped");
                next = resumed;
            }
            at = next;
        }
        end = at;
        if (!damage.isEmpty()) {
            quarantine(content, 0);
        }
    }

    /* A tail that no record follows was never acknowledged: it is kept aside and cut. */
    private void cutTail(ByteBuffer content, int at) throws IOException {
        quarantine(content, at);
        DiskFile open = file;
        if (open != null) {
            open.truncate(at);
            open.force();
        }
    }

    private void quarantine(ByteBuffer content, int from) throws IOException {
        Path aside = folder.resolve("quarantine");
        disk.createFolders(aside);
        Path copy = aside.resolve("MANIFEST." + from + "." + content.limit());
        disk.delete(copy);
        try (DiskFile target = disk.open(copy, Disk.Mode.CREATE)) {
            target.write(content.duplicate().position(from), 0);
            target.force();
        }
        disk.forceFolder(aside);
    }

    /* The position of the next whole record from `from` on, or -1. */
    private static int resume(ByteBuffer content, int from) {
        for (int at = from; at + RECORD_HEADER_BYTES <= content.limit(); at++) {
            if (content.getInt(at) == RECORD_MAGIC && bodyOf(content, at) != null) {
                return at;
            }
        }
        return -1;
    }

    private static byte @Nullable [] bodyOf(ByteBuffer content, int at) {
        if (at + RECORD_HEADER_BYTES > content.limit() || content.getInt(at) != RECORD_MAGIC) {
            return null;
        }
        int length = content.getInt(at + 4);
        if (length < 0
                || length > RECORD_MAX_BYTES
                || at + RECORD_HEADER_BYTES + (long) length > content.limit()) {
            return null;
        }
        byte[] body = new byte[length];
        content.get(at + RECORD_HEADER_BYTES, body);
        return checksum(body) == content.getInt(at + 8) ? body : null;
    }

    /* Applies the record at `at` and gives where the next one stands, or -1 when there is no whole record. */
    private int read(ByteBuffer content, int at) throws IOException {
        byte[] body = bodyOf(content, at);
        if (body == null) {
            return -1;
        }
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(body));
        if (in.readBoolean()) {
            segments.clear();
        }
        long applied = in.readLong();
        long ever = in.readLong();
        List<String> removed = new ArrayList<>();
        for (int i = in.readInt(); i > 0; i--) {
            removed.add(in.readUTF());
        }
        List<SegmentMeta> added = new ArrayList<>();
        for (int i = in.readInt(); i > 0; i--) {
            added.add(SegmentMeta.read(in));
        }
        apply(added, removed, applied, ever);
        return at + RECORD_HEADER_BYTES + body.length;
    }

    @Override
    public void close() throws IOException {
        DiskFile open = file;
        if (open != null) {
            open.close();
            file = null;
        }
    }
}
