package dev.belfry.model.wire;

import dev.belfry.model.series.Exemplar;
import dev.belfry.model.series.FloatHistogram;
import dev.belfry.model.series.Labels;
import dev.belfry.model.series.MetricMetadata;
import dev.belfry.model.series.MetricType;
import dev.belfry.model.series.SampleBatch;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A batch of samples, and ahead of it the labels of those series among theirs that the journal did
 * not know for certain, as bytes; {@code docs/formats/sample-batch.md} is the layout.
 */
public final class SampleBatchCodec {
    /** The version that {@link #encode} writes. */
    public static final int VERSION = 1;

    private static final int HISTOGRAMS = 1;
    private static final int STARTS = 2;
    private static final int EXEMPLARS = 4;
    private static final int METADATA = 8;
    private static final int PARTS = 15;

    private SampleBatchCodec() {}

    /** Writes labels of series. */
    @FunctionalInterface
    public interface LabelSource {
        /** Writes those of {@code series} as {@link #encode(Labels, WireWriter)} does. */
        void write(int series, WireWriter writer);
    }

    /**
     * Writes a batch to the end of {@code writer}.
     *
     * @param defined the series whose labels, which {@code labels} writes, stand ahead of the
     *     samples
     */
    public static void encode(
            int[] defined, LabelSource labels, SampleBatch batch, WireWriter writer) {
        int count = batch.count();
        writer.u8(VERSION);
        writer.u8(parts(batch));
        writer.varint(defined.length);
        for (int series : defined) {
            writer.varint(series);
            labels.write(series, writer);
        }
        writer.varint(count);
        writer.deltas(batch.series(), count);
        writer.deltas(batch.timestampsMillis(), count);
        values(batch.values(), count, writer);
        if (batch.histograms() != null) {
            encodeHistograms(batch, writer);
        }
        long[] starts = batch.startsMillis();
        if (starts != null) {
            writer.deltas(starts, count);
        }
        if (!batch.exemplars().isEmpty()) {
            encodeExemplars(batch.exemplars(), writer);
        }
        if (!batch.metadata().isEmpty()) {
            encodeMetadata(batch.metadata(), writer);
        }
    }

    private static int parts(SampleBatch batch) {
        return (batch.histograms() == null ? 0 : HISTOGRAMS)
                | (batch.startsMillis() == null ? 0 : STARTS)
                | (batch.exemplars().isEmpty() ? 0 : EXEMPLARS)
                | (batch.metadata().isEmpty() ? 0 : METADATA);
    }

    /** Writes labels: their count, then names and values. */
    public static void encode(Labels labels, WireWriter writer) {
        writer.varint(labels.size());
        for (int i = 0; i < labels.size(); i++) {
            writer.text(labels.name(i));
            writer.text(labels.value(i));
        }
    }

    private static void values(double[] values, int count, WireWriter writer) {
        int at = writer.take(Math.multiplyExact(count, 8));
        ByteBuffer.wrap(writer.array(), at, count * 8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .asDoubleBuffer()
                .put(values, 0, count);
    }

    private static void encodeHistograms(SampleBatch batch, WireWriter writer) {
        int histograms = 0;
        for (int i = 0; i < batch.count(); i++) {
            histograms += batch.histogram(i) == null ? 0 : 1;
        }
        writer.varint(histograms);
        int before = 0;
        for (int i = 0; i < batch.count(); i++) {
            FloatHistogram histogram = batch.histogram(i);
            if (histogram != null) {
                writer.varint(i - before);
                before = i;
                HistogramCodec.encode(histogram, writer);
            }
        }
    }

    private static void encodeExemplars(
            List<SampleBatch.SeriesExemplar> exemplars, WireWriter writer) {
        writer.varint(exemplars.size());
        exemplars.forEach(one -> encode(one, writer));
    }

    /** Writes an exemplar: its series, labels, value and time. */
    public static void encode(SampleBatch.SeriesExemplar one, WireWriter writer) {
        writer.varint(one.series());
        encode(one.exemplar().labels(), writer);
        writer.i64(Double.doubleToRawLongBits(one.exemplar().value()));
        writer.signed(one.exemplar().timestampMillis());
    }

    private static void encodeMetadata(List<MetricMetadata> metadata, WireWriter writer) {
        writer.varint(metadata.size());
        metadata.forEach(family -> encode(family, writer));
    }

    /** Writes what is said of a family: its name, type, unit and help. */
    public static void encode(MetricMetadata family, WireWriter writer) {
        writer.text(family.family());
        writer.u8(family.type().ordinal());
        writer.text(family.unit());
        writer.text(family.help());
    }

    /** Takes the definitions of a frame. */
    @FunctionalInterface
    public interface DefinitionSink {
        /**
         * Takes the definition of {@code series}.
         *
         * @param labels stands before its labels, and must stand behind them afterwards, by {@link
         *     #decodeLabels}, {@link #skipLabels} or what reads the same
         */
        void take(int series, WireReader labels);
    }

    /** Arrays for the samples of one batch at a time. For one thread. */
    public static final class Columns {
        /* Larger ones are not kept for the next batch. */
        private static final int KEPT_MAX = 1 << 15;

        private int[] series = {};
        private long[] times = {};
        private double[] values = {};

        private void room(int count) {
            if (series.length < count || series.length > KEPT_MAX) {
                int room = Math.max(count, Math.min(2 * series.length, KEPT_MAX));
                series = new int[room];
                times = new long[room];
                values = new double[room];
            }
        }
    }

    /** As below, into arrays of their own. */
    public static SampleBatch decode(byte[] bytes, int from, int length, DefinitionSink sink) {
        return decode(bytes, from, length, sink, new Columns());
    }

    /**
     * Reads back what {@link #encode} wrote; gives the definitions to {@code sink}, also when what
     * stands behind them turns out to be damaged.
     *
     * @param columns holds the samples of the batch, until it is used again
     * @return the samples
     * @throws WireFormatException when the bytes are damaged, cut, too long or of another version
     */
    public static SampleBatch decode(
            byte[] bytes, int from, int length, DefinitionSink sink, Columns columns) {
        WireReader reader = new WireReader(bytes, from, length);
        int version = reader.u8();
        if (version != VERSION) {
            throw new WireFormatException(0, "sample batch version " + version, "" + VERSION);
        }
        int parts = reader.u8();
        if ((parts & ~PARTS) != 0) {
            throw reader.wrong("part bits " + parts, "at most " + PARTS);
        }
        for (int left = reader.count("definitions", reader.remaining() / 2); left > 0; left--) {
            sink.take(reader.count("series", Integer.MAX_VALUE), reader);
        }
        int count = reader.count("count", reader.remaining());
        columns.room(count);
        reader.intDeltas(columns.series, count);
        for (int i = 0; i < count; i++) {
            if (columns.series[i] < 0) {
                throw reader.wrong("series " + columns.series[i], "at least 0");
            }
        }
        reader.longDeltas(columns.times, count);
        int at = reader.skip(count * 8L);
        ByteBuffer.wrap(bytes, at, count * 8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .asDoubleBuffer()
                .get(columns.values, 0, count);
        SampleBatch batch =
                new SampleBatch(
                        columns.series,
                        columns.times,
                        columns.values,
                        (parts & HISTOGRAMS) == 0 ? null : decodeHistograms(count, reader),
                        (parts & STARTS) == 0 ? null : reader.longDeltas(count),
                        count,
                        (parts & EXEMPLARS) == 0 ? List.of() : decodeExemplars(reader),
                        (parts & METADATA) == 0 ? List.of() : decodeMetadata(reader));
        if (reader.remaining() != 0) {
            throw reader.wrong(reader.remaining() + " more bytes", "the end");
        }
        return batch;
    }

    /**
     * Passes over labels that {@link #encode(Labels, WireWriter)} wrote.
     *
     * @throws WireFormatException when the bytes are damaged
     */
    public static void skipLabels(WireReader reader) {
        for (int left = 2 * reader.count("labels", reader.remaining() / 2); left > 0; left--) {
            reader.skip(reader.count("text length", reader.remaining()));
        }
    }

    /**
     * Reads labels that {@link #encode(Labels, WireWriter)} wrote.
     *
     * @throws WireFormatException when the bytes are damaged
     */
    public static Labels decodeLabels(WireReader reader) {
        int size = reader.count("labels", reader.remaining() / 2);
        String[] pairs = new String[2 * size];
        for (int i = 0; i < pairs.length; i += 2) {
            pairs[i] = reader.text();
            pairs[i + 1] = reader.text();
            if (i > 0 && pairs[i].compareTo(pairs[i - 2]) <= 0 || pairs[i + 1].isEmpty()) {
                throw reader.wrong("label " + pairs[i], "names that ascend, values not empty");
            }
        }
        return Labels.ofSorted(pairs);
    }

    private static @Nullable FloatHistogram[] decodeHistograms(int count, WireReader reader) {
        @Nullable FloatHistogram[] histograms = new @Nullable FloatHistogram[count];
        int places = reader.count("histograms", count);
        long at = 0;
        for (int i = 0; i < places; i++) {
            at += reader.varint();
            if (at >= count) {
                throw reader.wrong("a histogram at " + at, "below " + count);
            }
            histograms[(int) at] = HistogramCodec.decode(reader);
        }
        return histograms;
    }

    private static List<SampleBatch.SeriesExemplar> decodeExemplars(WireReader reader) {
        int count = reader.count("exemplars", reader.remaining());
        List<SampleBatch.SeriesExemplar> exemplars = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            exemplars.add(decodeExemplar(reader));
        }
        return exemplars;
    }

    /**
     * Reads an exemplar that {@link #encode(SampleBatch.SeriesExemplar, WireWriter)} wrote.
     *
     * @throws WireFormatException when the bytes are damaged
     */
    public static SampleBatch.SeriesExemplar decodeExemplar(WireReader reader) {
        int series = reader.count("series", Integer.MAX_VALUE);
        Labels labels = decodeLabels(reader);
        double value = Double.longBitsToDouble(reader.i64());
        return new SampleBatch.SeriesExemplar(series, new Exemplar(labels, value, reader.signed()));
    }

    private static List<MetricMetadata> decodeMetadata(WireReader reader) {
        int count = reader.count("metadata", reader.remaining());
        List<MetricMetadata> metadata = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            metadata.add(decodeFamily(reader));
        }
        return metadata;
    }

    /**
     * Reads what {@link #encode(MetricMetadata, WireWriter)} wrote of a family.
     *
     * @throws WireFormatException when the bytes are damaged
     */
    public static MetricMetadata decodeFamily(WireReader reader) {
        String family = reader.text();
        int type = reader.u8();
        if (type >= MetricType.values().length) {
            throw reader.wrong("metric type " + type, "below " + MetricType.values().length);
        }
        return new MetricMetadata(family, MetricType.values()[type], reader.text(), reader.text());
    }
}
