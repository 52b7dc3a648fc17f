package dev.belfry.store.metrics;

import dev.belfry.model.disk.Disk;
import dev.belfry.model.series.MetricMetadata;
import dev.belfry.model.series.SampleBatch.SeriesExemplar;
import dev.belfry.model.wire.SampleBatchCodec;
import dev.belfry.model.wire.WireFormatException;
import dev.belfry.model.wire.WireReader;
import dev.belfry.model.wire.WireWriter;
import dev.belfry.store.record.RecordFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.roaringbitmap.RoaringBitmap;

/**
 * The durable copy of the index, of families and of exemplars: a file that grows by what is new at
 * each flush. For one thread.
 */
final class SeriesLog implements AutoCloseable {
    /*
     * Records of a kind and its entries. Pairs are written in the order of their numbers, so that those numbers
     * are the file's as well: a record says its first one, and series name their pairs by them. What stands twice
     * after a crash between this file and the manifest says the same twice.
     *
     * The records of an append may be torn each for itself. The manifest, whose commit follows, says where the file
     * ended: what is damaged behind that was never acknowledged.
     */
    private static final String HEADER = "BELFRYS2";
    private static final int RECORD_BYTES = 1 << 20;

    /* Length above twice that of what it would hold at which it is written anew. */
    private static final long SPARE_BYTES = 16L << 20;

    private static final int PAIRS = 1;
    private static final int SERIES = 2;
    private static final int GONE = 3;
    private static final int FAMILIES = 4;
    private static final int EXEMPLARS = 5;

    /* Those before are gone. */
    private static final int EXEMPLARS_ANEW = 6;

    /* Stands behind what was written anew. */
    private static final int REWRITTEN = 7;

    /**
     * Up to where the file is durable.
     *
     * @param rewrites how often it was written anew
     * @param bytes its length
     */
    record End(long rewrites, long bytes) {
        static final End NONE = new End(0, 0);
    }

    private final SeriesIndex index;
    private final Families families;
    private final ExemplarRing exemplars;
    private final RecordFile file;
    private final List<String> damage = new ArrayList<>();

    /* What the file has. */
    private final RoaringBitmap written = new RoaringBitmap();
    private int pairsWritten;
    private long familiesVersion;
    private long exemplarsWritten;
    private long deletionsWritten;
    private int goneWritten;
    private long rewrites;
    private long rewrittenBytes;
    private long readBytes = HEADER.length();
    private boolean isDamaged;

    private SeriesLog(
            Disk disk,
            Path folder,
            SeriesIndex index,
            Families families,
            ExemplarRing exemplars,
            End end)
            throws IOException {
        this.index = index;
        this.families = families;
        this.exemplars = exemplars;
        Path path = folder.resolve("SERIES");
        file = RecordFile.open(disk, path, HEADER, this::read);
        judge(path, end);
        familiesVersion = families.version();
        exemplarsWritten = exemplars.added();
    }

    /**
     * Opens the log in {@code folder}, and adds what it holds to the index and the others.
     *
     * @param end up to where it was durable at the manifest's last commit
     */
    static SeriesLog open(
            Disk disk,
            Path folder,
            SeriesIndex index,
            Families families,
            ExemplarRing exemplars,
            End end)
            throws IOException {
        SeriesLog log = new SeriesLog(disk, folder, index, families, exemplars, end);
        if (log.file.bytes() == 0) {
            log.rewrite();
        }
        return log;
    }

    /* A damaged record damages those that go by it; when it was torn by a crash, none of them is missed. */
    private void judge(Path path, End end) {
        List<RecordFile.Damage> found = file.damage();
        isDamaged = !found.isEmpty();
        for (RecordFile.Damage one : found) {
            rewrittenBytes += one.from() <= rewrittenBytes ? one.to() - one.from() : 0;
        }
        boolean isWhole = rewrites >= end.rewrites();
        long durable = rewrites == end.rewrites() ? end.bytes() : rewrittenBytes;
        List<String> lost = new ArrayList<>();
        for (RecordFile.Damage one : found) {
            if (!isWhole || one.from() < durable) {
                lost.add(one.toString());
            }
        }
        if (!isWhole || file.bytes() < durable) {
            lost.add(
                    path
                            + ": ends at byte "
                            + file.bytes()
                            + ", written anew "
                            + rewrites
                            + " times (expected: "
                            + end.bytes()
                            + ", "
                            + end.rewrites()
                            + ")");
        }
        if (isDamaged && lost.isEmpty()) {
            damage.clear();
        }
        damage.addAll(0, lost);
    }

    /** What was found damaged when it was opened. */
    List<String> damage() {
        return List.copyOf(damage);
    }

    /** Up to where it is durable now. */
    End end() {
        return new End(rewrites, file.bytes());
    }

    /**
     * Makes durable what came since the last time, and that the series in {@code gone} are no more.
     */
    void append(RoaringBitmap gone) throws IOException {
        if (file.bytes() == 0
                || isDamaged
                || file.bytes() > 2 * rewrittenBytes + SPARE_BYTES
                || goneWritten > 2 * index.count() + 10_000) {
            rewrite();
            return;
        }
        RoaringBitmap fresh = index.knownSeries();
        fresh.andNot(written);
        List<byte[]> records = new ArrayList<>();
        int pairs = index.pairs().count();
        writePairs(pairsWritten, pairs, records::add);
        writeSeries(fresh, records::add);
        writeGone(gone, records::add);
        long familiesNow = families.version();
        writeFamilies(families.since(familiesVersion), records::add);
        long deletionsNow = exemplars.deletions();
        long exemplarsNow = exemplars.added();
        boolean isAnew = deletionsNow != deletionsWritten;
        writeExemplars(isAnew, exemplars.since(isAnew ? 0 : exemplarsWritten), records::add);
        if (!records.isEmpty()) {
            file.append(records);
        }
        written.or(fresh);
        written.andNot(gone);
        goneWritten += gone.getCardinality();
        pairsWritten = pairs;
        familiesVersion = familiesNow;
        deletionsWritten = deletionsNow;
        exemplarsWritten = exemplarsNow;
    }

    private void rewrite() throws IOException {
        RoaringBitmap all = index.knownSeries();
        int pairs = index.pairs().count();
        long familiesNow = families.version();
        long deletionsNow = exemplars.deletions();
        long exemplarsNow = exemplars.added();
        file.rewrite(target -> {
            writePairs(0, pairs, target);
            writeSeries(all, target);
            writeFamilies(families.since(0), target);
            writeExemplars(false, exemplars.since(0), target);
            writeRewritten(target);
        });
        rewrites++;
        rewrittenBytes = file.bytes();
        isDamaged = false;
        written.clear();
        written.or(all);
        goneWritten = 0;
        pairsWritten = pairs;
        familiesVersion = familiesNow;
        deletionsWritten = deletionsNow;
        exemplarsWritten = exemplarsNow;
    }

    private void writePairs(int from, int to, RecordFile.Reader target) throws IOException {
        Pairs pairs = index.pairs();
        WireWriter out = new WireWriter(RECORD_BYTES + (1 << 16));
        int pair = from;
        while (pair < to) {
            out.clear();
            out.u8(PAIRS);
            out.varint(pair);
            pair = pairs.write(pair, to, RECORD_BYTES, out);
            target.take(out.toByteArray());
        }
    }

    private void writeSeries(RoaringBitmap series, RecordFile.Reader target) throws IOException {
        WireWriter out = new WireWriter(RECORD_BYTES + (1 << 16));
        var each = series.getIntIterator();
        while (each.hasNext()) {
            out.clear();
            out.u8(SERIES);
            while (each.hasNext() && out.size() < RECORD_BYTES) {
                index.write(each.next(), out);
            }
            target.take(out.toByteArray());
        }
    }

    private static void writeGone(RoaringBitmap gone, RecordFile.Reader target) throws IOException {
        if (!gone.isEmpty()) {
            WireWriter out = new WireWriter(1 << 10);
            int[] series = gone.toArray();
            out.u8(GONE);
            out.varint(series.length);
            out.deltas(series, series.length);
            target.take(out.toByteArray());
        }
    }

    private static void writeFamilies(List<MetricMetadata> list, RecordFile.Reader target)
            throws IOException {
        WireWriter out = new WireWriter(1 << 12);
        int at = 0;
        while (at < list.size()) {
            out.clear();
            out.u8(FAMILIES);
            while (at < list.size() && out.size() < RECORD_BYTES) {
                SampleBatchCodec.encode(list.get(at++), out);
            }
            target.take(out.toByteArray());
        }
    }

    private static void writeExemplars(
            boolean isAnew, List<SeriesExemplar> list, RecordFile.Reader target)
            throws IOException {
        WireWriter out = new WireWriter(1 << 12);
        if (isAnew) {
            out.u8(EXEMPLARS_ANEW);
            target.take(out.toByteArray());
        }
        int at = 0;
        while (at < list.size()) {
            out.clear();
            out.u8(EXEMPLARS);
            while (at < list.size() && out.size() < RECORD_BYTES) {
                SampleBatchCodec.encode(list.get(at++), out);
            }
            target.take(out.toByteArray());
        }
    }

    private void writeRewritten(RecordFile.Reader target) throws IOException {
        WireWriter out = new WireWriter(16);
        out.u8(REWRITTEN);
        out.varint(rewrites + 1);
        target.take(out.toByteArray());
    }

    /* A record that makes no sense is one of a lost record's sequels: it is left out and reported. */
    private void read(byte[] body) {
        readBytes += RecordFile.RECORD_HEADER_BYTES + body.length;
        WireReader in = new WireReader(body, 0, body.length);
        try {
            int kind = in.u8();
            switch (kind) {
                case PAIRS -> readPairs(in);
                case SERIES -> index.read(in, written);
                case GONE -> readGone(in);
                case FAMILIES -> readFamilies(in);
                case EXEMPLARS -> readExemplars(in);
                case EXEMPLARS_ANEW -> exemplars.clear();
                case REWRITTEN -> {
                    rewrites = in.varint();
                    rewrittenBytes = readBytes;
                }
                default -> throw in.wrong("kind " + kind, "1-7");
            }
        } catch (WireFormatException | IllegalArgumentException broken) {
            damage.add("SERIES: a record cannot be read: " + broken.getMessage());
        }
    }

    private void readPairs(WireReader in) {
        int first = in.count("pair", Integer.MAX_VALUE);
        Pairs pairs = index.pairs();
        if (first > pairs.count()) {
            damage.add("SERIES: labels " + pairs.count() + " to " + first + " are lost");
            pairs.skipTo(first);
        }
        pairs.read(first, in);
        pairsWritten = pairs.count();
    }

    private void readGone(WireReader in) {
        int[] series = in.intDeltas(in.count("series", in.remaining()));
        RoaringBitmap gone = RoaringBitmap.bitmapOf(series);
        index.remove(gone);
        written.andNot(gone);
        goneWritten += series.length;
    }

    private void readFamilies(WireReader in) {
        while (in.remaining() > 0) {
            families.add(SampleBatchCodec.decodeFamily(in));
        }
    }

    private void readExemplars(WireReader in) {
        while (in.remaining() > 0) {
            exemplars.add(SampleBatchCodec.decodeExemplar(in));
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
