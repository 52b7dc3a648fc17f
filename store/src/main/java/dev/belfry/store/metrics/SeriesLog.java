package dev.belfry.store.metrics;

import dev.belfry.model.disk.Disk;
import dev.belfry.model.series.Exemplar;
import dev.belfry.model.series.MetricMetadata;
import dev.belfry.model.series.MetricType;
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
     */
    private static final String HEADER = "BELFRYS1";
    private static final int RECORD_BYTES = 1 << 20;

    private static final int PAIRS = 1;
    private static final int SERIES = 2;
    private static final int GONE = 3;
    private static final int FAMILIES = 4;
    private static final int EXEMPLARS = 5;

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
    private int goneWritten;

    private SeriesLog(
            Disk disk, Path folder, SeriesIndex index, Families families, ExemplarRing exemplars)
            throws IOException {
        this.index = index;
        this.families = families;
        this.exemplars = exemplars;
        file = RecordFile.open(disk, folder.resolve("SERIES"), HEADER, this::read);
        damage.addAll(file.damage());
        familiesVersion = families.version();
        exemplarsWritten = exemplars.added();
    }

    /** Opens the log in {@code folder}, and adds what it holds to the index and the others. */
    static SeriesLog open(
            Disk disk, Path folder, SeriesIndex index, Families families, ExemplarRing exemplars)
            throws IOException {
        SeriesLog log = new SeriesLog(disk, folder, index, families, exemplars);
        if (log.file.bytes() == 0) {
            log.rewrite();
        }
        return log;
    }

    /** What was found damaged when it was opened. */
    List<String> damage() {
        return List.copyOf(damage);
    }

    long bytes() {
        return file.bytes();
    }

    /**
     * Makes durable what came since the last time, and that the series in {@code gone} are no more.
     */
    void append(RoaringBitmap gone) throws IOException {
        if (file.bytes() == 0 || goneWritten > 2 * index.count() + 10_000) {
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
        if (familiesNow != familiesVersion) {
            writeFamilies(records::add);
        }
        long exemplarsNow = exemplars.added();
        writeExemplars(exemplars.since(exemplarsWritten), records::add);
        if (!records.isEmpty()) {
            file.append(records);
        }
        written.or(fresh);
        written.andNot(gone);
        goneWritten += gone.getCardinality();
        pairsWritten = pairs;
        familiesVersion = familiesNow;
        exemplarsWritten = exemplarsNow;
    }

    private void rewrite() throws IOException {
        RoaringBitmap all = index.knownSeries();
        int pairs = index.pairs().count();
        long familiesNow = families.version();
        long exemplarsNow = exemplars.added();
        file.rewrite(target -> {
            writePairs(0, pairs, target);
            writeSeries(all, target);
            writeFamilies(target);
            writeExemplars(exemplars.since(0), target);
        });
        written.clear();
        written.or(all);
        goneWritten = 0;
        pairsWritten = pairs;
        familiesVersion = familiesNow;
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

    private void writeFamilies(RecordFile.Reader target) throws IOException {
        WireWriter out = new WireWriter(1 << 12);
        out.u8(FAMILIES);
        for (MetricMetadata family : families.list(null)) {
            out.text(family.family());
            out.u8(family.type().ordinal());
            out.text(family.unit());
            out.text(family.help());
        }
        target.take(out.toByteArray());
    }

    private static void writeExemplars(List<SeriesExemplar> list, RecordFile.Reader target)
            throws IOException {
        if (!list.isEmpty()) {
            WireWriter out = new WireWriter(1 << 12);
            out.u8(EXEMPLARS);
            for (SeriesExemplar one : list) {
                out.varint(one.series());
                SampleBatchCodec.encode(one.exemplar().labels(), out);
                out.i64(Double.doubleToRawLongBits(one.exemplar().value()));
                out.signed(one.exemplar().timestampMillis());
            }
            target.take(out.toByteArray());
        }
    }

    /* A record that makes no sense is one of a lost record's sequels: it is left out and reported. */
    private void read(byte[] body) {
        WireReader in = new WireReader(body, 0, body.length);
        try {
            int kind = in.u8();
            switch (kind) {
                case PAIRS -> readPairs(in);
                case SERIES -> readSeries(in);
                case GONE -> readGone(in);
                case FAMILIES -> readFamilies(in);
                case EXEMPLARS -> readExemplars(in);
                default -> throw in.wrong("kind " + kind, "1-5");
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

    private void readSeries(WireReader in) {
        while (in.remaining() > 0) {
            int series = index.read(in);
            if (series >= 0) {
                written.add(series);
            }
        }
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
            String family = in.text();
            int type = in.u8();
            if (type >= MetricType.values().length) {
                throw in.wrong("metric type " + type, "below " + MetricType.values().length);
            }
            families.add(
                    new MetricMetadata(family, MetricType.values()[type], in.text(), in.text()));
        }
    }

    private void readExemplars(WireReader in) {
        while (in.remaining() > 0) {
            int series = in.count("series", Integer.MAX_VALUE);
            Exemplar exemplar =
                    new Exemplar(
                            SampleBatchCodec.decodeLabels(in),
                            Double.longBitsToDouble(in.i64()),
                            in.signed());
            exemplars.add(new SeriesExemplar(series, exemplar));
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
