package dev.belfry.receive;

import dev.belfry.model.series.FloatHistogram;
import dev.belfry.model.series.FloatHistogram.ResetHint;
import dev.belfry.receive.protobuf.ProtoWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** Samples as families of Protocol Buffers, each behind its length, as bytes; for one thread. */
public final class FamilyMessages {
    /*
     * https://github.com/prometheus/client_model/blob/master/io/prometheus/client/metrics.proto
     *
     *   (length MetricFamily)*
     *   MetricFamily { name 1 | type 3 | Metric 4 ... }
     *   Metric       { LabelPair 1 ... { name 1 | value 2 } | Untyped 5 { value 1 } | timestamp_ms 6 | Histogram 7 }
     *   Histogram    { sample_sum 2 | Bucket 3 ... | sample_count_float 4 | schema 5 | zero_threshold 6 |
     *                  zero_count_float 8 | negative_span 9 ... | negative_count 11 ... | positive_span 12 ... |
     *                  positive_count 14 ... }
     *   BucketSpan   { offset 1 (zigzag) | length 2 }
     *   Bucket       { upper_bound 2 | cumulative_count_float 4 }
     *
     * A histogram with bounds of its own has no other form here than that of classic buckets. One without buckets
     * gets a span of none, which says that it is a native one.
     */
    private static final int UNTYPED = 3;
    private static final int HISTOGRAM = 4;
    private static final int GAUGE_HISTOGRAM = 5;
    private static final int LENGTH_BYTES_MAX = 5;

    private final ProtoWriter family;
    private String name = "";
    private int type;

    /* Families that are whole. */
    private byte[] bytes;
    private int size;

    /**
     * No samples yet.
     *
     * @param capacity bytes that are expected
     */
    public FamilyMessages(int capacity) {
        this.family = new ProtoWriter(capacity);
        this.bytes = new byte[capacity];
    }

    /** How many bytes there are, about. */
    public int size() {
        return size + family.size();
    }

    /** The bytes, which are taken away; what follows begins a family. */
    public byte[] take() {
        endFamily();
        byte[] taken = Arrays.copyOf(bytes, size);
        size = 0;
        return taken;
    }

    /** A number of a metric; {@code labels} passes its labels on. */
    public void sample(
            String metric,
            Consumer<BiConsumer<String, String>> labels,
            long timeMillis,
            double value) {
        int start = begin(metric, UNTYPED, labels);
        int untyped = family.begin(5);
        number(1, value);
        family.end(untyped);
        end(start, timeMillis);
    }

    /** The same of a native histogram. */
    public void sample(
            String metric,
            Consumer<BiConsumer<String, String>> labels,
            long timeMillis,
            FloatHistogram histogram) {
        boolean gauge = histogram.hint() == ResetHint.GAUGE;
        int start = begin(metric, gauge ? GAUGE_HISTOGRAM : HISTOGRAM, labels);
        int message = family.begin(7);
        number(2, histogram.sum());
        number(4, histogram.count());
        if (histogram.custom()) {
            classic(histogram);
        } else {
            family.varint(5, zigzag(histogram.schema()));
            number(6, histogram.zeroThreshold());
            number(8, histogram.zeroCount());
            buckets(9, 11, histogram.negativeIndexes(), histogram.negativeCounts());
            buckets(12, 14, histogram.positiveIndexes(), histogram.positiveCounts());
            if (histogram.positiveCounts().length + histogram.negativeCounts().length == 0) {
                span(12, 0, 0);
            }
        }
        family.end(message);
        end(start, timeMillis);
    }

    private int begin(String metric, int newType, Consumer<BiConsumer<String, String>> labels) {
        if (!metric.equals(name) || newType != type || family.size() == 0) {
            endFamily();
            name = metric;
            type = newType;
            text(1, metric);
            family.varint(3, newType);
        }
        int start = family.begin(4);
        labels.accept(this::label);
        return start;
    }

    private void end(int start, long timeMillis) {
        family.varint(6, timeMillis);
        family.end(start);
    }

    private void endFamily() {
        int length = family.size();
        if (length == 0) {
            return;
        }
        if (bytes.length - size < length + LENGTH_BYTES_MAX) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + length + 16));
        }
        int rest = length;
        while (rest > 0x7F) {
            bytes[size++] = (byte) (rest & 0x7F | 0x80);
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
        System.arraycopy(family.bytes(), 0, bytes, size, length);
        size += length;
        family.truncate(0);
    }

    private void label(String label, String value) {
        int start = family.begin(1);
        text(1, label);
        text(2, value);
        family.end(start);
    }

    private void text(int field, String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        family.bytes(field, utf8, 0, utf8.length);
    }

    private void number(int field, double value) {
        family.fixed64(field, Double.doubleToRawLongBits(value));
    }

    /* Runs of neighbours; the first from 0 on, others from the end of the one before. */
    private void buckets(int spanField, int countField, int[] indexes, double[] counts) {
        int end = 0;
        for (int from = 0; from < indexes.length; ) {
            int to = from + 1;
            while (to < indexes.length && indexes[to] == indexes[to - 1] + 1) {
                to++;
            }
            span(spanField, indexes[from] - end, to - from);
            end = indexes[to - 1] + 1;
            from = to;
        }
        for (double count : counts) {
            number(countField, count);
        }
    }

    private void span(int field, int offset, int length) {
        int start = family.begin(field);
        family.varint(1, zigzag(offset));
        family.varint(2, length);
        family.end(start);
    }

    private static long zigzag(int value) {
        return value << 1 ^ value >> 31;
    }

    private void classic(FloatHistogram histogram) {
        double below = 0;
        int at = 0;
        for (int i = 0; i <= histogram.bounds().length; i++) {
            boolean any =
                    at < histogram.positiveIndexes().length && histogram.positiveIndexes()[at] == i;
            below += any ? histogram.positiveCounts()[at++] : 0;
            int start = family.begin(3);
            number(2, histogram.upperBound(i));
            number(4, below);
            family.end(start);
        }
    }
}
