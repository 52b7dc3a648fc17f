package dev.belfry.receive.prometheus;

import dev.belfry.model.series.FloatHistogram;
import dev.belfry.model.series.Labels;
import dev.belfry.model.series.SeriesSamples;
import dev.belfry.receive.Snappy;
import dev.belfry.receive.protobuf.ProtoWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;

/** Writes answers of remote read. */
public final class ReadAnswers {
    /*
     * prompb/remote.proto, prompb/types.proto of Prometheus:
     *
     *   ReadResponse       { QueryResult 1 … }       QueryResult { TimeSeries 1 … }
     *   TimeSeries         { Label 1 …; Sample 2 …; Histogram 4 … }
     *   ChunkedReadResponse{ ChunkedSeries 1 …; query_index 2 }
     *   ChunkedSeries      { Label 1 …; Chunk 2 … }
     *   Chunk              { min_time_ms 1; max_time_ms 2; type 3; data 4 }    types: 1 numbers, 3 histograms
     *
     * A frame of the stream is the message's length as a varint, its CRC-32C as four bytes, the highest first, and the
     * message (storage/remote/chunked.go).
     */
    private static final int CHUNK_SAMPLES_MAX = 120;
    private static final int XOR = 1;
    private static final int FLOAT_HISTOGRAM = 3;

    private ReadAnswers() {}

    /** Gathers answers of samples. */
    public static final class Samples {
        private final ProtoWriter out = new ProtoWriter(4096);
        private int result;

        /** Begins the answer to the next query. */
        public void begin() {
            result = out.begin(1);
        }

        /** Adds a series. */
        public void add(SeriesSamples series) {
            if (series.size() == 0) {
                return;
            }
            int start = out.begin(1);
            labels(out, series.labels());
            for (int index = 0; index < series.size(); index++) {
                FloatHistogram histogram = series.histogram(index);
                if (histogram != null) {
                    histogram(out, series.timestampsMillis()[index], histogram);
                    continue;
                }
                int sample = out.begin(2);
                out.fixed64(1, Double.doubleToRawLongBits(series.values()[index]));
                out.varint(2, series.timestampsMillis()[index]);
                out.end(sample);
            }
            out.end(start);
        }

        /** Ends the answer to the query. */
        public void end() {
            out.end(result);
        }

        /** How many bytes there are. */
        public int size() {
            return out.size();
        }

        /** The message as a Snappy block. */
        public byte[] block() {
            return Snappy.deflate(out.bytes(), out.size());
        }
    }

    static void labels(ProtoWriter out, Labels labels) {
        for (int index = 0; index < labels.size(); index++) {
            int label = out.begin(1);
            text(out, 1, labels.name(index));
            text(out, 2, labels.value(index));
            out.end(label);
        }
    }

    static void text(ProtoWriter out, int field, String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        out.bytes(field, utf8, 0, utf8.length);
    }

    static void histogram(ProtoWriter out, long timestampMillis, FloatHistogram histogram) {
        int start = out.begin(4);
        out.fixed64(2, Double.doubleToRawLongBits(histogram.count()));
        out.fixed64(3, Double.doubleToRawLongBits(histogram.sum()));
        out.varint(4, zigzag(histogram.schema()));
        out.fixed64(5, Double.doubleToRawLongBits(histogram.zeroThreshold()));
        out.fixed64(7, Double.doubleToRawLongBits(histogram.zeroCount()));
        side(out, 8, histogram.negativeIndexes(), histogram.negativeCounts());
        side(out, 11, histogram.positiveIndexes(), histogram.positiveCounts());
        out.varint(
                14,
                switch (histogram.hint()) {
                    case UNKNOWN -> 0;
                    case RESET -> 1;
                    case NOT_RESET -> 2;
                    case GAUGE -> 3;
                });
        out.varint(15, timestampMillis);
        for (double bound : histogram.bounds()) {
            out.fixed64(16, Double.doubleToRawLongBits(bound));
        }
        out.end(start);
    }

    private static void side(ProtoWriter out, int field, int[] indexes, double[] counts) {
        BucketSpans spans = BucketSpans.of(indexes);
        for (int span = 0; span < spans.count(); span++) {
            int start = out.begin(field);
            out.varint(1, zigzag(spans.offset(span)));
            out.varint(2, spans.length(span));
            out.end(start);
        }
        for (double bucket : counts) {
            out.fixed64(field + 2, Double.doubleToRawLongBits(bucket));
        }
    }

    private static long zigzag(int value) {
        return (value << 1 ^ value >> 31) & 0xFFFFFFFFL;
    }

    /** The frame with the chunks of {@code series}; empty when it has no samples. */
    public static byte[] frame(int queryIndex, SeriesSamples series) {
        if (series.size() == 0) {
            return new byte[0];
        }
        ProtoWriter out = new ProtoWriter(256 + series.size() * 4);
        int start = out.begin(1);
        labels(out, series.labels());
        int from = 0;
        while (from < series.size()) {
            FloatHistogram histogram = series.histogram(from);
            int to = from + 1;
            while (histogram == null
                    && to < series.size()
                    && to - from < CHUNK_SAMPLES_MAX
                    && series.histogram(to) == null) {
                to++;
            }
            byte[] data =
                    histogram != null
                            ? ChunkWriter.histogram(series.timestampsMillis()[from], histogram)
                            : ChunkWriter.numbers(
                                    series.timestampsMillis(), series.values(), from, to);
            int chunk = out.begin(2);
            out.varint(1, series.timestampsMillis()[from]);
            out.varint(2, series.timestampsMillis()[to - 1]);
            out.varint(3, histogram != null ? FLOAT_HISTOGRAM : XOR);
            out.bytes(4, data, 0, data.length);
            out.end(chunk);
            from = to;
        }
        out.end(start);
        out.varint(2, queryIndex);
        return framed(out.bytes(), out.size());
    }

    private static byte[] framed(byte[] message, int length) {
        byte[] frame = new byte[length + 14];
        int size = 0;
        int rest = length;
        while (rest >= 0x80) {
            frame[size++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        frame[size++] = (byte) rest;
        CRC32C checksum = new CRC32C();
        checksum.update(message, 0, length);
        int value = (int) checksum.getValue();
        for (int shift = 24; shift >= 0; shift -= 8) {
            frame[size++] = (byte) (value >>> shift);
        }
        System.arraycopy(message, 0, frame, size, length);
        return Arrays.copyOf(frame, size + length);
    }
}
