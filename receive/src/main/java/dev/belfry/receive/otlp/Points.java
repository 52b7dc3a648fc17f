package dev.belfry.receive.otlp;

import dev.belfry.model.ErrorCode;
import dev.belfry.receive.protobuf.ProtoReader;
import dev.belfry.receive.series.SampleSink;

/** Reads points that are numbers, and summaries; for one thread. */
final class Points {
    /*
     * NumberDataPoint  { start 2 | time 3 | as_double 4 | exemplars 5 … | as_int 6 | attributes 7 … | flags 8 }
     * SummaryDataPoint { start 2 | time 3 | count 4 | sum 5 | quantile_values 6 … | attributes 7 … | flags 8 }
     * ValueAtQuantile  { quantile 1 | value 2 }
     */
    static final int START = 2 << 3 | ProtoReader.FIXED64;
    static final int TIME = 3 << 3 | ProtoReader.FIXED64;
    private static final int NUMBER_DOUBLE = 4 << 3 | ProtoReader.FIXED64;
    private static final int NUMBER_EXEMPLAR = 5 << 3 | ProtoReader.LENGTH;
    private static final int NUMBER_INT = 6 << 3 | ProtoReader.FIXED64;
    private static final int ATTRIBUTE = 7 << 3 | ProtoReader.LENGTH;
    private static final int FLAGS = 8 << 3 | ProtoReader.VARINT;
    private static final int SUMMARY_COUNT = 4 << 3 | ProtoReader.FIXED64;
    private static final int SUMMARY_SUM = 5 << 3 | ProtoReader.FIXED64;
    private static final int SUMMARY_QUANTILE = 6 << 3 | ProtoReader.LENGTH;
    private static final int QUANTILE = 1 << 3 | ProtoReader.FIXED64;
    private static final int QUANTILE_VALUE = 2 << 3 | ProtoReader.FIXED64;

    private final ProtoReader in;
    private final SampleSink sink;
    private final Point point;
    private final Family family;
    private final Spans quantiles = new Spans();

    Points(ProtoReader in, SampleSink sink, Point point, Family family) {
        this.in = in;
        this.sink = sink;
        this.point = point;
        this.family = family;
    }

    /** Takes the number that the reader is in. */
    void number() {
        double value = 0;
        boolean given = false;
        point.clear();
        while (in.more()) {
            int tagAt = in.at;
            int tag = in.tag();
            switch (tag) {
                case START -> point.startNanos = in.fixed64();
                case TIME -> point.timeNanos = in.fixed64();
                case NUMBER_DOUBLE -> {
                    value = Double.longBitsToDouble(in.fixed64());
                    given = true;
                }
                case NUMBER_INT -> {
                    value = in.fixed64();
                    given = true;
                }
                case ATTRIBUTE -> point.attribute(tagAt);
                case NUMBER_EXEMPLAR -> point.exemplar();
                case FLAGS -> point.flags = in.varint();
                default -> in.skip(tag);
            }
        }
        if (!given && !point.isStale()) {
            sink.refuse(
                    ErrorCode.VALIDATION_ERROR,
                    family.name() + ": value: none (expected: as_double or as_int)");
            return;
        }
        point.close();
        int series = point.series();
        point.add(series, value);
        if (point.hasExemplars()) {
            point.addExemplars(series, Double.POSITIVE_INFINITY);
        }
    }

    /** Takes the summary that the reader is in. */
    void summary() {
        double count = 0;
        double sum = 0;
        point.clear();
        quantiles.clear();
        while (in.more()) {
            int tagAt = in.at;
            int tag = in.tag();
            switch (tag) {
                case START -> point.startNanos = in.fixed64();
                case TIME -> point.timeNanos = in.fixed64();
                case SUMMARY_COUNT -> count = unsigned(in.fixed64());
                case SUMMARY_SUM -> sum = Double.longBitsToDouble(in.fixed64());
                case SUMMARY_QUANTILE -> {
                    int length = in.length();
                    quantiles.add(in.at, in.at + length);
                    in.at += length;
                }
                case ATTRIBUTE -> point.attribute(tagAt);
                case FLAGS -> point.flags = in.varint();
                default -> in.skip(tag);
            }
        }
        point.close();
        point.add(point.series(1, "_sum", "", 0), sum);
        point.add(point.series(2, "_count", "", 0), count);
        for (int i = 0; i < quantiles.size(); i++) {
            quantile(quantiles.from(i), quantiles.to(i));
        }
    }

    private void quantile(int from, int to) {
        int at = in.at;
        int end = in.end;
        in.at = from;
        in.end = to;
        double quantile = 0;
        double value = 0;
        while (in.more()) {
            int tag = in.tag();
            if (tag == QUANTILE) {
                quantile = Double.longBitsToDouble(in.fixed64());
            } else if (tag == QUANTILE_VALUE) {
                value = Double.longBitsToDouble(in.fixed64());
            } else {
                in.skip(tag);
            }
        }
        in.at = at;
        in.end = end;
        point.add(point.series(3, "", "quantile", quantile), value);
    }

    /** A count of 64 bits without sign. */
    static double unsigned(long count) {
        return count >= 0 ? count : (double) (count >>> 1) * 2;
    }
}
