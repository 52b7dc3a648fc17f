package dev.belfry.store.metrics;

import dev.belfry.model.CorruptFileException;
import dev.belfry.model.disk.Disk;
import dev.belfry.model.wire.WireFormatException;
import dev.belfry.model.wire.WireReader;
import dev.belfry.model.wire.WireWriter;
import dev.belfry.store.record.RecordFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which blocks and deletions there are and from which journal offset on samples are not in blocks;
 * each commit is one record that is there whole or not at all. For one thread.
 */
final class MetricManifest implements AutoCloseable {
    private static final String HEADER = "BELFRYT2";

    /* Length at which the file is written anew. */
    private static final long REWRITE_BYTES = 4L << 20;

    private final RecordFile file;
    private final Path path;
    private Map<String, BlockMeta> blocks = new LinkedHashMap<>();
    private Map<Long, Deletion> tombstones = new TreeMap<>();
    private long replayFrom;
    private int seriesEnd;
    private long samplesEver;
    private SeriesLog.End seriesLog = SeriesLog.End.NONE;

    /**
     * What changes.
     *
     * @param added blocks that come
     * @param removed names of blocks that go
     * @param deletions that come
     * @param done numbers of deletions that go
     * @param replayFrom the journal offset from which on samples are not in blocks
     * @param seriesEnd numbers of series below are not given again
     * @param samplesEver how many samples were ever applied up to there
     * @param seriesLog up to where the file of series is durable
     */
    record Change(
            List<BlockMeta> added,
            List<String> removed,
            List<Deletion> deletions,
            List<Long> done,
            long replayFrom,
            int seriesEnd,
            long samplesEver,
            SeriesLog.End seriesLog) {}

    private MetricManifest(Disk disk, Path folder) throws IOException {
        path = folder.resolve("MANIFEST");
        file = RecordFile.open(disk, path, HEADER, this::read);
    }

    /** Opens the manifest in {@code folder}, or begins one there. */
    static MetricManifest open(Disk disk, Path folder) throws IOException {
        MetricManifest manifest = new MetricManifest(disk, folder);
        if (manifest.file.bytes() == 0) {
            manifest.commit(manifest.change(List.of(), List.of(), List.of()));
        }
        return manifest;
    }

    List<BlockMeta> blocks() {
        return List.copyOf(blocks.values());
    }

    List<Deletion> tombstones() {
        return List.copyOf(tombstones.values());
    }

    long replayFrom() {
        return replayFrom;
    }

    int seriesEnd() {
        return seriesEnd;
    }

    long samplesEver() {
        return samplesEver;
    }

    SeriesLog.End seriesLog() {
        return seriesLog;
    }

    List<String> damage() {
        return file.damage().stream().map(RecordFile.Damage::toString).toList();
    }

    /** Whether its file says what it does; after a {@link #commit} that failed nobody knows. */
    boolean isSettled() {
        return file.bytes() > 0;
    }

    /** A change of blocks only. */
    Change change(List<BlockMeta> added, List<String> removed, List<Long> done) {
        return new Change(
                added, removed, List.of(), done, replayFrom, seriesEnd, samplesEver, seriesLog);
    }

    /**
     * Makes {@code change} so, durably and at once.
     *
     * @throws IOException when it did not come about; nothing has changed then
     */
    void commit(Change change) throws IOException {
        Map<String, BlockMeta> nextBlocks = new LinkedHashMap<>(blocks);
        Map<Long, Deletion> nextTombstones = new TreeMap<>(tombstones);
        apply(change, nextBlocks, nextTombstones);
        if (file.bytes() == 0 || file.bytes() > REWRITE_BYTES) {
            byte[] all =
                    record(
                            true,
                            new Change(
                                    List.copyOf(nextBlocks.values()),
                                    List.of(),
                                    List.copyOf(nextTombstones.values()),
                                    List.of(),
                                    change.replayFrom(),
                                    change.seriesEnd(),
                                    change.samplesEver(),
                                    change.seriesLog()));
            file.rewrite(target -> target.take(all));
        } else {
            file.append(List.of(record(false, change)));
        }
        blocks = nextBlocks;
        tombstones = nextTombstones;
        replayFrom = change.replayFrom();
        seriesEnd = change.seriesEnd();
        samplesEver = change.samplesEver();
        seriesLog = change.seriesLog();
    }

    private static void apply(
            Change change, Map<String, BlockMeta> blocks, Map<Long, Deletion> tombstones) {
        change.removed().forEach(blocks::remove);
        change.added().forEach(block -> blocks.put(block.name(), block));
        change.done().forEach(tombstones::remove);
        change.deletions().forEach(one -> tombstones.put(one.number(), one));
    }

    private static byte[] record(boolean reset, Change change) {
        WireWriter out = new WireWriter(1 << 10);
        out.u8(reset ? 1 : 0);
        out.varint(change.replayFrom());
        out.varint(change.seriesEnd());
        out.varint(change.samplesEver());
        out.varint(change.seriesLog().rewrites());
        out.varint(change.seriesLog().bytes());
        out.varint(change.removed().size());
        change.removed().forEach(out::text);
        out.varint(change.added().size());
        change.added().forEach(block -> block.write(out));
        out.varint(change.done().size());
        change.done().forEach(out::varint);
        out.varint(change.deletions().size());
        change.deletions().forEach(one -> one.write(out));
        return out.toByteArray();
    }

    private void read(byte[] body) throws IOException {
        WireReader in = new WireReader(body, 0, body.length);
        try {
            if (in.u8() == 1) {
                blocks.clear();
                tombstones.clear();
            }
            replayFrom = in.varint();
            seriesEnd = in.count("series", Integer.MAX_VALUE);
            samplesEver = in.varint();
            seriesLog = new SeriesLog.End(in.varint(), in.varint());
            List<String> removed = new ArrayList<>();
            for (int i = in.count("names", in.remaining()); i > 0; i--) {
                removed.add(in.text());
            }
            List<BlockMeta> added = new ArrayList<>();
            for (int i = in.count("blocks", in.remaining()); i > 0; i--) {
                added.add(BlockMeta.read(in));
            }
            List<Long> done = new ArrayList<>();
            for (int i = in.count("deletions", in.remaining()); i > 0; i--) {
                done.add(in.varint());
            }
            List<Deletion> deletions = new ArrayList<>();
            for (int i = in.count("deletions", in.remaining()); i > 0; i--) {
                deletions.add(Deletion.read(in));
            }
            apply(
                    new Change(
                            added,
                            removed,
                            deletions,
                            done,
                            replayFrom,
                            seriesEnd,
                            samplesEver,
                            seriesLog),
                    blocks,
                    tombstones);
        } catch (WireFormatException unknown) {
            throw new CorruptFileException(
                    path, 0, String.valueOf(unknown.getMessage()), "a record of this version");
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
