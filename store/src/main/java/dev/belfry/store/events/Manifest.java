package dev.belfry.store.events;

import dev.belfry.model.disk.Disk;
import dev.belfry.store.record.RecordFile;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which segments there are and up to which journal offset they hold everything; each commit is one
 * record that is there whole or not at all. For one thread.
 */
final class Manifest implements AutoCloseable {
    /*
     * A file of records, each
     * reset u8 | appliedTo i64 | eventsEver i64 | removed u32, name* | added u32, SegmentMeta*
     */
    private static final String HEADER = "BELFRYM1";

    /* Length at which the file is written anew. */
    private static final long REWRITE_BYTES = 8L << 20;

    private final RecordFile file;
    private Map<String, SegmentMeta> segments = new LinkedHashMap<>();
    private long appliedTo;
    private long eventsEver;

    private Manifest(Disk disk, Path folder) throws IOException {
        file = RecordFile.open(disk, folder.resolve("MANIFEST"), HEADER, this::read);
    }

    /** Opens the manifest in {@code folder}, or begins one there. */
    static Manifest open(Disk disk, Path folder) throws IOException {
        disk.createFolders(folder);
        Manifest manifest = new Manifest(disk, folder);
        if (manifest.file.bytes() == 0) {
            manifest.commit(List.of(), List.of(), 0, 0);
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
        return file.damage().stream().map(RecordFile.Damage::toString).toList();
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
        Map<String, SegmentMeta> next = new LinkedHashMap<>(segments);
        removed.forEach(next::remove);
        added.forEach(meta -> next.put(meta.name(), meta));
        if (file.bytes() == 0 || file.bytes() > REWRITE_BYTES) {
            byte[] all =
                    record(
                            true,
                            List.copyOf(next.values()),
                            List.of(),
                            newAppliedTo,
                            newEventsEver);
            file.rewrite(target -> target.take(all));
        } else {
            file.append(List.of(record(false, added, removed, newAppliedTo, newEventsEver)));
        }
        segments = next;
        appliedTo = newAppliedTo;
        eventsEver = newEventsEver;
    }

    private static byte[] record(
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
        return bytes.toByteArray();
    }

    private void read(byte[] body) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(body));
        if (in.readBoolean()) {
            segments.clear();
        }
        appliedTo = in.readLong();
        eventsEver = in.readLong();
        List<String> removed = new ArrayList<>();
        for (int i = in.readInt(); i > 0; i--) {
            removed.add(in.readUTF());
        }
        removed.forEach(segments::remove);
        for (int i = in.readInt(); i > 0; i--) {
            SegmentMeta meta = SegmentMeta.read(in);
            segments.put(meta.name(), meta);
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
