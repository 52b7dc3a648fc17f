package dev.belfry.receive.prometheus;

import dev.belfry.model.BelfryException;
import dev.belfry.model.series.FloatHistogram;
import dev.belfry.model.series.LabelMatcher;
import dev.belfry.model.series.Labels;
import dev.belfry.model.series.MetricType;
import dev.belfry.receive.RemoteRead;
import dev.belfry.receive.Snappy;
import dev.belfry.receive.protobuf.ProtoException;
import dev.belfry.receive.protobuf.ProtoReader;
import dev.belfry.receive.protobuf.ProtoWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Asks by remote read, and makes a request of remote write of answers; for one thread, used once.
 */
public final class ReadSeries {
    /*
     * The messages are those of ReadRequests and ReadAnswers. A WriteRequest { TimeSeries 1 …; MetricMetadata 3 … } has
     * the TimeSeries that a ReadResponse has.
     */
    private static final int LABEL = 1 << 3 | ProtoReader.LENGTH;
    private static final int SECOND = 2 << 3 | ProtoReader.LENGTH;
    private static final int HISTOGRAM = 4 << 3 | ProtoReader.LENGTH;

    private final long startMillis;
    private final long endMillis;
    private final UnaryOperator<Labels> labelling;
    private final ProtoWriter out = new ProtoWriter(1 << 16);
    private int samples;
    private Labels firstLabels = Labels.EMPTY;
    private long firstMillis;

    /**
     * Takes samples from {@code startMillis} to {@code endMillis}, inclusive.
     *
     * @param labelling what becomes of the labels of each series
     */
    public ReadSeries(long startMillis, long endMillis, UnaryOperator<Labels> labelling) {
        this.startMillis = startMillis;
        this.endMillis = endMillis;
        this.labelling = labelling;
    }

    /** A request for all samples of the series that pass, as a Snappy block. */
    public static byte[] request(RemoteRead.Request request) {
        ProtoWriter out = new ProtoWriter(256);
        for (RemoteRead.Query query : request.queries()) {
            int start = out.begin(1);
            out.varint(1, query.startMillis());
            out.varint(2, query.endMillis());
            for (RemoteRead.Matcher matcher : query.matchers()) {
                int each = out.begin(3);
                out.varint(1, matcher.operator().ordinal());
                ReadAnswers.text(out, 2, matcher.name());
                ReadAnswers.text(out, 3, matcher.value());
                out.end(each);
            }
            out.end(start);
        }
        if (request.streamed()) {
            out.varint(2, 1);
        }
        out.varint(2, 0);
        return Snappy.deflate(out.bytes(), out.size());
    }

    /** How many samples were taken. */
    public int samples() {
        return samples;
    }

    /** How large the request has grown. */
    public int size() {
        return out.size();
    }

    /** The labels of the first sample; empty when there is none. */
    public Labels firstLabels() {
        return firstLabels;
    }

    /** When the first sample is. */
    public long firstMillis() {
        return firstMillis;
    }

    /** The request of remote write that has all that was taken. */
    public byte[] body() {
        return Arrays.copyOf(out.bytes(), out.size());
    }

    /** Adds what is known of a family. */
    public void metadata(String family, MetricType type, String help, String unit) {
        int start = out.begin(3);
        out.varint(1, type.ordinal());
        ReadAnswers.text(out, 2, family);
        ReadAnswers.text(out, 4, help);
        ReadAnswers.text(out, 5, unit);
        out.end(start);
    }

    /**
     * Takes a message of the stream, {@code ChunkedReadResponse}.
     *
     * @throws BelfryException VALIDATION_ERROR when it is none
     */
    public void addChunks(byte[] message, int length) {
        read(
                message,
                length,
                in -> {
                    while (in.more()) {
                        int tag = in.tag();
                        if (tag == LABEL) {
                            int outer = in.enter();
                            chunkedSeries(in);
                            in.leave(outer);
                        } else {
                            in.skip(tag);
                        }
                    }
                });
    }

    /**
     * Where the series of an answer of samples, {@code ReadResponse}, stand: from and to in turn.
     *
     * @throws BelfryException VALIDATION_ERROR when it is none
     */
    public static List<int[]> series(byte[] message, int length) {
        List<int[]> spans = new ArrayList<>();
        read(
                message,
                length,
                in -> {
                    while (in.more()) {
                        int tag = in.tag();
                        if (tag == LABEL) {
                            int outer = in.enter();
                            spans(in, spans);
                            in.leave(outer);
                        } else {
                            in.skip(tag);
                        }
                    }
                });
        return spans;
    }

    private static void spans(ProtoReader in, List<int[]> spans) {
        while (in.more()) {
            int tag = in.tag();
            if (tag == LABEL) {
                int length = in.length();
                spans.add(new int[] {in.at, in.at + length});
                in.at += length;
            } else {
                in.skip(tag);
            }
        }
    }

    /**
     * Takes one series of an answer of samples.
     *
     * @throws BelfryException VALIDATION_ERROR when it is none
     */
    public void addSamples(byte[] message, int[] span) {
        read(
                message,
                span[1],
                in -> {
                    in.at = span[0];
                    timeSeries(in);
                });
    }

    private interface Reading {
        void read(ProtoReader in);
    }

    private static void read(byte[] message, int length, Reading reading) {
        try {
            reading.read(new ProtoReader(message, 0, length));
        } catch (ProtoException failure) {
            throw failure.refusal("answer: no message of remote read");
        }
    }

    private Labels labels(ProtoReader in) {
        LabelPairs pairs = new LabelPairs();
        int start = in.at;
        while (in.more()) {
            int tag = in.tag();
            if (tag == LABEL) {
                int outer = in.enter();
                String name = "";
                String value = "";
                while (in.more()) {
                    int inner = in.tag();
                    if (inner == LABEL || inner == SECOND) {
                        int length = in.length();
                        String text = pairs.text(in.bytes, in.at, length);
                        in.at += length;
                        name = inner == LABEL ? text : name;
                        value = inner == LABEL ? value : text;
                    } else {
                        in.skip(inner);
                    }
                }
                in.leave(outer);
                pairs.add(name, value);
            } else {
                in.skip(tag);
            }
        }
        in.at = start;
        return labelling.apply(pairs.labels());
    }

    /* ChunkedSeries { Label 1 …; Chunk 2 … { min_time_ms 1; max_time_ms 2; type 3; data 4 } } */
    private void chunkedSeries(ProtoReader in) {
        Labels labels = labels(in);
        int before = samples;
        int without = out.size();
        int start = out.begin(1);
        ReadAnswers.labels(out, labels);
        Taking taking = new Taking(labels);
        while (in.more()) {
            int tag = in.tag();
            if (tag == SECOND) {
                int outer = in.enter();
                chunk(in, taking);
                in.leave(outer);
            } else {
                in.skip(tag);
            }
        }
        end(start, samples > before, without);
    }

    private void end(int start, boolean any, int without) {
        if (any) {
            out.end(start);
        } else {
            out.truncate(without);
        }
    }

    private static void chunk(ProtoReader in, Taking taking) {
        int type = 0;
        int from = in.at;
        int to = in.at;
        while (in.more()) {
            int tag = in.tag();
            switch (tag) {
                case 3 << 3 -> type = (int) in.varint();
                case HISTOGRAM -> {
                    int length = in.length();
                    from = in.at;
                    to = in.at + length;
                    in.at = to;
                }
                default -> in.skip(tag);
            }
        }
        ChunkReader.read(type, in.bytes, from, to, taking);
    }

    /** Writes the samples of the wanted times. */
    private final class Taking implements ChunkReader.Sink {
        private final Labels labels;

        Taking(Labels labels) {
            this.labels = labels;
        }

        @Override
        public void number(long millis, double value) {
            if (wants(millis, labels)) {
                int sample = out.begin(2);
                out.fixed64(1, Double.doubleToRawLongBits(value));
                out.varint(2, millis);
                out.end(sample);
            }
        }

        @Override
        public void histogram(long millis, FloatHistogram histogram) {
            if (wants(millis, labels)) {
                ReadAnswers.histogram(out, millis, histogram);
            }
        }
    }

    private boolean wants(long millis, Labels labels) {
        if (millis < startMillis || millis > endMillis) {
            return false;
        }
        if (firstLabels.isEmpty()) {
            firstLabels = labels;
            firstMillis = millis;
        }
        samples++;
        return true;
    }

    /* TimeSeries { Label 1 …; Sample 2 …; Histogram 4 … }: samples are as remote write has them. */
    private void timeSeries(ProtoReader in) {
        Labels labels = labels(in);
        int before = samples;
        int without = out.size();
        int start = out.begin(1);
        ReadAnswers.labels(out, labels);
        while (in.more()) {
            int tag = in.tag();
            if (tag == SECOND || tag == HISTOGRAM) {
                int length = in.length();
                int stamp = tag == SECOND ? 2 << 3 : 15 << 3;
                if (wants(millis(in, length, stamp), labels)) {
                    out.bytes(tag >>> 3, in.bytes, in.at, length);
                }
                in.at += length;
            } else {
                in.skip(tag);
            }
        }
        end(start, samples > before, without);
    }

    private static long millis(ProtoReader in, int length, int stamp) {
        ProtoReader sample = new ProtoReader(in.bytes, in.at, in.at + length);
        long millis = 0;
        while (sample.more()) {
            int tag = sample.tag();
            if (tag == stamp) {
                millis = sample.varint();
            } else {
                sample.skip(tag);
            }
        }
        return millis;
    }

    /** What selects every series. */
    public static List<RemoteRead.Matcher> all() {
        return List.of(new RemoteRead.Matcher(LabelMatcher.Operator.MATCH, Labels.NAME, ".+"));
    }
}
