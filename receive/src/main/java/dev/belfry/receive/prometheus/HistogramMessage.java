package dev.belfry.receive.prometheus;

import dev.belfry.model.BelfryException;
import dev.belfry.model.series.FloatHistogram;
import dev.belfry.model.series.FloatHistogram.ResetHint;
import dev.belfry.receive.protobuf.ProtoReader;
import dev.belfry.receive.series.NativeHistogram;

/** Reads a native histogram, which both versions of remote write have alike. For one thread. */
final class HistogramMessage {
    /*
     * prompb/types.proto, prompb/io/prometheus/write/v2/types.proto of Prometheus:
     *
     *   Histogram  { count_int 1 | count_float 2; sum 3; schema 4 (zigzag); zero_threshold 5;
     *                zero_count_int 6 | zero_count_float 7; negative_spans 8 …; negative_deltas 9 (zigzag) …;
     *                negative_counts 10 …; positive_spans 11 …; positive_deltas 12 …; positive_counts 13 …;
     *                reset_hint 14; timestamp 15; custom_values 16 …; start_timestamp 17 }
     */
    /** Epoch milliseconds. */
    long timestampMillis;

    /** When what it counts began, epoch milliseconds; 0 when nobody said. */
    long startMillis;

    private final NativeHistogram read = new NativeHistogram();

    /** The sum of the histogram that was read. */
    double sum() {
        return read.sum;
    }

    /**
     * The histogram that was read.
     *
     * @throws BelfryException VALIDATION_ERROR when it contradicts itself
     */
    FloatHistogram histogram() {
        return read.histogram();
    }

    /** Reads the message that the reader stands in. */
    void read(ProtoReader in) {
        timestampMillis = 0;
        startMillis = 0;
        read.clear();
        while (in.more()) {
            int tag = in.tag();
            switch (tag) {
                case 1 << 3 -> read.count = NativeHistogram.unsigned(in.varint());
                case 2 << 3 | 1 -> {
                    read.count = number(in);
                    read.whole = false;
                }
                case 3 << 3 | 1 -> read.sum = number(in);
                case 4 << 3 -> read.schema = (int) NativeHistogram.zigzag(in.varint());
                case 5 << 3 | 1 -> read.zeroThreshold = number(in);
                case 6 << 3 -> read.zeroCount = NativeHistogram.unsigned(in.varint());
                case 7 << 3 | 1 -> read.zeroCount = number(in);
                case 8 << 3 | 2 -> read.negative.span(in);
                case 11 << 3 | 2 -> read.positive.span(in);
                case 14 << 3 -> read.hint = hint(in.varint());
                case 15 << 3 -> timestampMillis = in.varint();
                case 17 << 3 -> startMillis = in.varint();
                default -> repeated(in, tag);
            }
        }
    }

    private void repeated(ProtoReader in, int tag) {
        switch (tag >>> 3) {
            case 9 -> read.negative.deltas(in, tag);
            case 10 -> read.negative.values(in, tag);
            case 12 -> read.positive.deltas(in, tag);
            case 13 -> read.positive.values(in, tag);
            case 16 -> bounds(in, tag);
            default -> in.skip(tag);
        }
    }

    private void bounds(ProtoReader in, int tag) {
        switch (tag & 7) {
            case ProtoReader.FIXED64 -> read.bound(number(in));
            case ProtoReader.LENGTH -> {
                int outer = in.enter();
                while (in.more()) {
                    read.bound(number(in));
                }
                in.leave(outer);
            }
            default -> in.skip(tag);
        }
    }

    private static ResetHint hint(long number) {
        return switch ((int) number) {
            case 1 -> ResetHint.RESET;
            case 2 -> ResetHint.NOT_RESET;
            case 3 -> ResetHint.GAUGE;
            default -> ResetHint.UNKNOWN;
        };
    }

    private static double number(ProtoReader in) {
        return Double.longBitsToDouble(in.fixed64());
    }
}
