package dev.belfry.receive.otlp;

import dev.belfry.model.ErrorCode;
import dev.belfry.model.series.FloatHistogram;
import dev.belfry.model.series.FloatHistogram.ResetHint;
import dev.belfry.model.series.SeriesResolver;
import dev.belfry.model.series.StaleNaN;
import dev.belfry.receive.protobuf.ProtoReader;
import dev.belfry.receive.series.Limits;
import dev.belfry.receive.series.SampleSink;
import java.util.Arrays;

/** Reads histograms: with bounds into {@code _bucket}, exponential ones as native; one thread. */
final class HistogramPoints {
    /*
     * HistogramDataPoint { start 2 | time 3 | count 4 | sum 5 | bucket_counts 6 … | explicit_bounds 7 … |
     *                      exemplars 8 … | attributes 9 … | flags 10 | min 11 | max 12 }
     * ExponentialHistogramDataPoint { attributes 1 … | start 2 | time 3 | count 4 | sum 5 | scale 6 | zero_count 7 |
     *                      positive 8 | negative 9 | flags 10 | exemplars 11 … | min 12 | max 13 |
     *                      zero_threshold 14 };  Buckets { offset 1 | bucket_counts 2 … }
     *
     * Bucket i of OpenTelemetry is (base^i, base^(i+1)], that of Prometheus (base^(i-1), base^i]. A scale above 8 is
     * made coarser: two neighbours become one, i >> 1.
     */
    private static final int COUNT = 4 << 3 | ProtoReader.FIXED64;
    private static final int SUM = 5 << 3 | ProtoReader.FIXED64;
    private static final int CLASSIC_COUNT = 6 << 3 | ProtoReader.FIXED64;
    private static final int CLASSIC_COUNTS = 6 << 3 | ProtoReader.LENGTH;
    private static final int CLASSIC_BOUND = 7 << 3 | ProtoReader.FIXED64;
    private static final int CLASSIC_BOUNDS = 7 << 3 | ProtoReader.LENGTH;
    private static final int CLASSIC_EXEMPLAR = 8 << 3 | ProtoReader.LENGTH;
    private static final int CLASSIC_ATTRIBUTE = 9 << 3 | ProtoReader.LENGTH;
    private static final int FLAGS = 10 << 3 | ProtoReader.VARINT;
    private static final int ATTRIBUTE = 1 << 3 | ProtoReader.LENGTH;
    private static final int SCALE = 6 << 3 | ProtoReader.VARINT;
    private static final int ZERO_COUNT = 7 << 3 | ProtoReader.FIXED64;
    private static final int POSITIVE = 8 << 3 | ProtoReader.LENGTH;
    private static final int NEGATIVE = 9 << 3 | ProtoReader.LENGTH;
    private static final int EXEMPLAR = 11 << 3 | ProtoReader.LENGTH;
    private static final int ZERO_THRESHOLD = 14 << 3 | ProtoReader.FIXED64;
    private static final int OFFSET = 1 << 3 | ProtoReader.VARINT;
    private static final int BUCKET = 2 << 3 | ProtoReader.VARINT;
    private static final int BUCKETS = 2 << 3 | ProtoReader.LENGTH;

    /** The finest one, as OpenTelemetry's SDKs begin with. */
    private static final int SCALE_MAX = 20;

    /** Where buckets begin at most: the largest double at the finest scale. */
    private static final int OFFSET_MAX = 1 << 30;

    private static final int PART_SUM = 1;
    private static final int PART_COUNT = 2;
    private static final int PART_BUCKET = 3;
    private static final double ZERO_THRESHOLD_DEFAULT = 1e-128;
    private static final double[] NO_BOUNDS = {};

    private final ProtoReader in;
    private final SampleSink sink;
    private final Point point;
    private final Family family;
    private final Doubles counts = new Doubles();
    private final Doubles bounds = new Doubles();
    private final Doubles negatives = new Doubles();
    private int offset;

    HistogramPoints(ProtoReader in, SampleSink sink, Point point, Family family) {
        this.in = in;
        this.sink = sink;
        this.point = point;
        this.family = family;
    }

    /** Takes the histogram that the reader is in. */
    void classic() {
        double count = 0;
        double sum = 0;
        boolean hasSum = false;
        point.clear();
        counts.size = 0;
        bounds.size = 0;
        while (in.more()) {
            int tagAt = in.at;
            int tag = in.tag();
            switch (tag) {
                case Points.START -> point.startNanos = in.fixed64();
                case Points.TIME -> point.timeNanos = in.fixed64();
                case COUNT -> count = Points.unsigned(in.fixed64());
                case SUM -> {
                    sum = Double.longBitsToDouble(in.fixed64());
                    hasSum = true;
                }
                case CLASSIC_COUNT -> counts.add(Points.unsigned(in.fixed64()));
                case CLASSIC_COUNTS -> {
                    int outer = in.enter();
                    while (in.more()) {
                        counts.add(Points.unsigned(in.fixed64()));
                    }
                    in.leave(outer);
                }
                case CLASSIC_BOUND -> bounds.add(Double.longBitsToDouble(in.fixed64()));
                case CLASSIC_BOUNDS -> {
                    int outer = in.enter();
                    while (in.more()) {
                        bounds.add(Double.longBitsToDouble(in.fixed64()));
                    }
                    in.leave(outer);
                }
                case CLASSIC_EXEMPLAR -> point.exemplar();
                case CLASSIC_ATTRIBUTE -> point.attribute(tagAt);
                case FLAGS -> point.flags = in.varint();
                default -> in.skip(tag);
            }
        }
        if (fits()) {
            point.close();
            if (hasSum || point.isStale()) {
                point.add(point.series(PART_SUM, "_sum", "", 0), sum);
            }
            point.add(point.series(PART_COUNT, "_count", "", 0), count);
            buckets(count);
        }
    }

    private boolean fits() {
        if (Math.max(counts.size, bounds.size) > Limits.BUCKETS_MAX) {
            sink.refuse(
                    ErrorCode.VALIDATION_ERROR,
                    family.name()
                            + ": more bucket_counts or explicit_bounds (expected: at most "
                            + Limits.BUCKETS_MAX
                            + ")");
            return false;
        }
        if (counts.size != 0 && counts.size != bounds.size + 1) {
            sink.refuse(
                    ErrorCode.VALIDATION_ERROR,
                    family.name()
                            + ": bucket_counts: "
                            + counts.size
                            + " with "
                            + bounds.size
                            + " explicit_bounds (expected: one more, or none)");
            return false;
        }
        for (int i = 0; i < bounds.size; i++) {
            double before = i == 0 ? Double.NEGATIVE_INFINITY : bounds.values[i - 1];
            if (!(bounds.values[i] > before)) {
                sink.refuse(
                        ErrorCode.VALIDATION_ERROR,
                        family.name()
                                + ": explicit_bounds: "
                                + bounds.values[i]
                                + " behind "
                                + before
                                + " (expected: ascending numbers)");
                return false;
            }
        }
        return true;
    }

    private void buckets(double count) {
        double sum = 0;
        for (int i = 0; i < counts.size - 1; i++) {
            sum += counts.values[i];
            double bound = bounds.values[i];
            if (bound == Double.POSITIVE_INFINITY) {
                break;
            }
            bucket(bound, sum);
        }
        bucket(Double.POSITIVE_INFINITY, count);
    }

    private void bucket(double bound, double cumulative) {
        int series = point.series(PART_BUCKET, "_bucket", "le", bound);
        point.add(series, cumulative);
        if (point.hasExemplars()) {
            point.addExemplars(series, bound);
        }
    }

    /** Takes the exponential histogram that the reader is in. */
    void exponential() {
        double count = 0;
        double sum = 0;
        double zeroCount = 0;
        double zeroThreshold = 0;
        long scale = 0;
        int positiveFrom = 0;
        int negativeFrom = 0;
        point.clear();
        counts.size = 0;
        negatives.size = 0;
        while (in.more()) {
            int tagAt = in.at;
            int tag = in.tag();
            switch (tag) {
                case ATTRIBUTE -> point.attribute(tagAt);
                case Points.START -> point.startNanos = in.fixed64();
                case Points.TIME -> point.timeNanos = in.fixed64();
                case COUNT -> count = Points.unsigned(in.fixed64());
                case SUM -> sum = Double.longBitsToDouble(in.fixed64());
                case SCALE -> scale = zigzag(in.varint());
                case ZERO_COUNT -> zeroCount = Points.unsigned(in.fixed64());
                case POSITIVE -> {
                    read(counts);
                    positiveFrom = offset;
                }
                case NEGATIVE -> {
                    read(negatives);
                    negativeFrom = offset;
                }
                case FLAGS -> point.flags = in.varint();
                case EXEMPLAR -> point.exemplar();
                case ZERO_THRESHOLD -> zeroThreshold = Double.longBitsToDouble(in.fixed64());
                default -> in.skip(tag);
            }
        }
        if (scale < FloatHistogram.SCHEMA_MIN || scale > SCALE_MAX) {
            sink.refuse(
                    ErrorCode.VALIDATION_ERROR,
                    family.name() + ": scale: " + scale + " (expected: -4 to 20)");
            return;
        }
        if (!near(positiveFrom, counts.size) || !near(negativeFrom, negatives.size)) {
            sink.refuse(
                    ErrorCode.VALIDATION_ERROR,
                    family.name()
                            + ": buckets: "
                            + Math.max(counts.size, negatives.size)
                            + " from "
                            + positiveFrom
                            + ", "
                            + negativeFrom
                            + " (expected: at most "
                            + Limits.BUCKETS_MAX
                            + ", from -2^30 to 2^30)");
            return;
        }
        int schema = (int) Math.min(scale, FloatHistogram.SCHEMA_MAX);
        Side positive = new Side(counts, positiveFrom, (int) scale - schema);
        Side negative = new Side(negatives, negativeFrom, (int) scale - schema);
        add(
                new FloatHistogram(
                        schema,
                        ResetHint.UNKNOWN,
                        count,
                        sum,
                        zeroThreshold == 0 ? ZERO_THRESHOLD_DEFAULT : zeroThreshold,
                        zeroCount,
                        positive.indexes,
                        positive.counts,
                        negative.indexes,
                        negative.counts,
                        NO_BOUNDS));
    }

    private void add(FloatHistogram histogram) {
        point.close();
        int series = point.series();
        if (series == SeriesResolver.NONE) {
            return;
        }
        if (point.isStale()) {
            sink.samples.add(series, point.millis(), StaleNaN.VALUE);
        } else if (family.delta) {
            sink.pushed.merge(series, point.millis(), histogram);
        } else {
            sink.samples.add(series, point.millis(), histogram);
            point.startOfLast();
        }
        if (point.hasExemplars()) {
            point.addExemplars(series, Double.POSITIVE_INFINITY);
        }
    }

    private static boolean near(int from, int size) {
        return size <= Limits.BUCKETS_MAX && Math.abs((long) from) <= OFFSET_MAX;
    }

    private void read(Doubles into) {
        into.size = 0;
        offset = 0;
        int outer = in.enter();
        while (in.more()) {
            int tag = in.tag();
            if (tag == OFFSET) {
                offset = (int) zigzag(in.varint());
            } else if (tag == BUCKET) {
                into.add(Points.unsigned(in.varint()));
            } else if (tag == BUCKETS) {
                int around = in.enter();
                while (in.more()) {
                    into.add(Points.unsigned(in.varint()));
                }
                in.leave(around);
            } else {
                in.skip(tag);
            }
        }
        in.leave(outer);
    }

    private static long zigzag(long coded) {
        return coded >>> 1 ^ -(coded & 1);
    }

    /** The buckets of one sign, 2^{@code shift} of them as one, at Prometheus' indexes. */
    private static final class Side {
        final int[] indexes;
        final double[] counts;

        Side(Doubles dense, int from, int shift) {
            int[] places = new int[dense.size];
            double[] sums = new double[dense.size];
            int size = 0;
            for (int i = 0; i < dense.size; i++) {
                int index = (from + i >> shift) + 1;
                if (size == 0 || places[size - 1] != index) {
                    places[size++] = index;
                }
                sums[size - 1] += dense.values[i];
            }
            indexes = Arrays.copyOf(places, size);
            counts = Arrays.copyOf(sums, size);
        }
    }

    /** Numbers that are being read; one more than there may be, then no more. */
    private static final class Doubles {
        double[] values = new double[32];
        int size;

        void add(double value) {
            if (size > Limits.BUCKETS_MAX) {
                return;
            }
            if (size == values.length) {
                values = Arrays.copyOf(values, 2 * size);
            }
            values[size++] = value;
        }
    }
}
