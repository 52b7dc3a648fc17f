package dev.belfry.receive.exposition;

import dev.belfry.model.series.Exemplar;
import dev.belfry.model.series.FloatHistogram;
import dev.belfry.model.series.FloatHistogram.ResetHint;
import dev.belfry.model.series.MetricType;
import dev.belfry.receive.protobuf.ProtoReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Reads one histogram, native or with classic buckets; for one thread, used once. */
final class ProtoHistogram {
    /*
     * Histogram { sample_count 1 | sample_sum 2 | Bucket 3 … | sample_count_float 4 | schema 5 | zero_threshold 6 |
     *             zero_count 7 | zero_count_float 8 | negative_span 9 … | negative_delta 10 … | negative_count 11 … |
     *             positive_span 12 … | positive_delta 13 … | positive_count 14 … | created 15 | Exemplar 16 … }
     * Bucket    { cumulative_count 1 | upper_bound 2 | Exemplar 3 | cumulative_count_float 4 }
     * BucketSpan { offset 1 | length 2 }
     *
     * It is native when it has a zero threshold, a zero count or a span. Then its classic buckets, if it has any, are
     * left, as Prometheus leaves them.
     */
    private static final int COUNT = 1 << 3 | ProtoReader.VARINT;
    private static final int SUM = 2 << 3 | ProtoReader.FIXED64;
    private static final int BUCKET = 3 << 3 | ProtoReader.LENGTH;
    private static final int COUNT_FLOAT = 4 << 3 | ProtoReader.FIXED64;
    private static final int SCHEMA = 5 << 3 | ProtoReader.VARINT;
    private static final int ZERO_THRESHOLD = 6 << 3 | ProtoReader.FIXED64;
    private static final int ZERO_COUNT = 7 << 3 | ProtoReader.VARINT;
    private static final int ZERO_COUNT_FLOAT = 8 << 3 | ProtoReader.FIXED64;
    private static final int NEGATIVE_SPAN = 9 << 3 | ProtoReader.LENGTH;
    private static final int NEGATIVE_DELTA = 10 << 3;
    private static final int NEGATIVE_COUNT = 11 << 3;
    private static final int POSITIVE_SPAN = 12 << 3 | ProtoReader.LENGTH;
    private static final int POSITIVE_DELTA = 13 << 3;
    private static final int POSITIVE_COUNT = 14 << 3;
    private static final int CREATED = 15 << 3 | ProtoReader.LENGTH;
    private static final int EXEMPLAR = 16 << 3 | ProtoReader.LENGTH;
    private static final int BUCKET_COUNT = 1 << 3 | ProtoReader.VARINT;
    private static final int BUCKET_BOUND = 2 << 3 | ProtoReader.FIXED64;
    private static final int BUCKET_EXEMPLAR = 3 << 3 | ProtoReader.LENGTH;
    private static final int BUCKET_FLOAT = 4 << 3 | ProtoReader.FIXED64;
    private static final int SPAN_OFFSET = 1 << 3 | ProtoReader.VARINT;
    private static final int SPAN_LENGTH = 2 << 3 | ProtoReader.VARINT;
    private static final int BUCKETS_MAX = 10_000;
    private static final double[] NO_BOUNDS = {};

    private final ProtoReader in;
    private final ProtoSamples samples;
    private double count;
    private double sum;
    private long schema;
    private double zeroThreshold;
    private double zeroCount;
    private boolean isNative;
    private long created;
    private final Side positive = new Side();
    private final Side negative = new Side();
    private final List<Exemplar> exemplars = new ArrayList<>();
    private final List<int[]> classic = new ArrayList<>();

    ProtoHistogram(ProtoReader in, ProtoSamples samples) {
        this.in = in;
        this.samples = samples;
    }

    /** Passes the histogram that the reader is in, and adds what it gives. */
    void read() {
        while (in.more()) {
            int tag = in.tag();
            switch (tag) {
                case COUNT -> count = ProtoSamples.unsigned(in.varint());
                case COUNT_FLOAT -> count = orElse(in.fixed64(), count);
                case SUM -> sum = Double.longBitsToDouble(in.fixed64());
                case BUCKET -> {
                    int length = in.length();
                    classic.add(new int[] {in.at, in.at + length});
                    in.at += length;
                }
                case SCHEMA -> schema = zigzag(in.varint());
                case ZERO_THRESHOLD -> {
                    zeroThreshold = Double.longBitsToDouble(in.fixed64());
                    isNative |= zeroThreshold > 0;
                }
                case ZERO_COUNT -> {
                    zeroCount = ProtoSamples.unsigned(in.varint());
                    isNative |= zeroCount > 0;
                }
                case ZERO_COUNT_FLOAT -> {
                    zeroCount = orElse(in.fixed64(), zeroCount);
                    isNative |= zeroCount > 0;
                }
                case NEGATIVE_SPAN -> span(negative);
                case POSITIVE_SPAN -> span(positive);
                case CREATED -> created = samples.time();
                case EXEMPLAR -> exemplars.add(samples.exemplar());
                default -> counts(tag);
            }
        }
        if (isNative) {
            addNative();
        } else {
            addClassic();
        }
    }

    private void counts(int tag) {
        switch (tag & ~7) {
            case NEGATIVE_DELTA -> deltas(negative, tag);
            case POSITIVE_DELTA -> deltas(positive, tag);
            case NEGATIVE_COUNT -> floats(negative, tag);
            case POSITIVE_COUNT -> floats(positive, tag);
            default -> in.skip(tag);
        }
    }

    private void deltas(Side side, int tag) {
        if ((tag & 7) == ProtoReader.VARINT) {
            side.delta(zigzag(in.varint()));
        } else if ((tag & 7) == ProtoReader.LENGTH) {
            int outer = in.enter();
            while (in.more()) {
                side.delta(zigzag(in.varint()));
            }
            in.leave(outer);
        } else {
            in.skip(tag);
        }
    }

    private void floats(Side side, int tag) {
        if ((tag & 7) == ProtoReader.FIXED64) {
            side.count(Double.longBitsToDouble(in.fixed64()));
        } else if ((tag & 7) == ProtoReader.LENGTH) {
            int outer = in.enter();
            while (in.more()) {
                side.count(Double.longBitsToDouble(in.fixed64()));
            }
            in.leave(outer);
        } else {
            in.skip(tag);
        }
    }

    private void span(Side side) {
        isNative = true;
        int outer = in.enter();
        long offset = 0;
        long length = 0;
        while (in.more()) {
            int tag = in.tag();
            if (tag == SPAN_OFFSET) {
                offset = zigzag(in.varint());
            } else if (tag == SPAN_LENGTH) {
                length = in.varint();
            } else {
                in.skip(tag);
            }
        }
        in.leave(outer);
        side.span(offset, length);
    }

    private void addNative() {
        boolean custom = schema == FloatHistogram.CUSTOM;
        if (custom || schema < FloatHistogram.SCHEMA_MIN || schema > FloatHistogram.SCHEMA_MAX) {
            throw new ExpositionException("schema " + schema + " (expected: -4 to 8)");
        }
        positive.check();
        negative.check();
        int series = samples.series("", "", 0);
        if (series < 0) {
            return;
        }
        ResetHint hint =
                samples.type() == MetricType.GAUGEHISTOGRAM ? ResetHint.GAUGE : ResetHint.UNKNOWN;
        samples.samples()
                .add(
                        series,
                        samples.millis(),
                        new FloatHistogram(
                                (int) schema,
                                hint,
                                count,
                                sum,
                                zeroThreshold,
                                zeroCount,
                                positive.indexes(),
                                positive.counts(),
                                negative.indexes(),
                                negative.counts(),
                                NO_BOUNDS));
        if (created > 0 && created <= samples.millis()) {
            samples.samples().startOfLast(created);
        }
        for (Exemplar exemplar : exemplars) {
            samples.samples().add(series, exemplar);
        }
    }

    private void addClassic() {
        samples.add("_count", "", 0, count, created);
        samples.add("_sum", "", 0, sum, created);
        boolean infinite = false;
        int at = in.at;
        int end = in.end;
        for (int[] span : classic) {
            in.at = span[0];
            in.end = span[1];
            infinite |= bucket() == Double.POSITIVE_INFINITY;
        }
        in.at = at;
        in.end = end;
        if (!infinite) {
            samples.add("_bucket", "le", Double.POSITIVE_INFINITY, count, created);
        }
    }

    private double bucket() {
        double bucket = 0;
        double bound = 0;
        Exemplar exemplar = null;
        while (in.more()) {
            int tag = in.tag();
            switch (tag) {
                case BUCKET_COUNT -> bucket = ProtoSamples.unsigned(in.varint());
                case BUCKET_FLOAT -> bucket = orElse(in.fixed64(), bucket);
                case BUCKET_BOUND -> bound = Double.longBitsToDouble(in.fixed64());
                case BUCKET_EXEMPLAR -> exemplar = samples.exemplar();
                default -> in.skip(tag);
            }
        }
        int series = samples.add("_bucket", "le", bound, bucket, created);
        if (exemplar != null && series >= 0) {
            samples.samples().add(series, exemplar);
        }
        return bound;
    }

    /* Of a count in both forms, the float counts when it is there. */
    private static double orElse(long bits, double whole) {
        double value = Double.longBitsToDouble(bits);
        return value > 0 ? value : whole;
    }

    private static long zigzag(long coded) {
        return coded >>> 1 ^ -(coded & 1);
    }

    /** Buckets on one side of zero. */
    private static final class Side {
        private int[] indexes = new int[16];
        private double[] counts = new double[16];
        private int places;
        private int size;
        private long next;
        private long running;

        void span(long offset, long length) {
            next += offset;
            if (length < 0
                    || length > BUCKETS_MAX - places
                    || Math.abs(next) > 1 << 30
                    || places > 0 && offset < 0) {
                throw new ExpositionException(
                        "a span of "
                                + length
                                + " buckets at "
                                + next
                                + " (expected: at most "
                                + BUCKETS_MAX
                                + " in all, ascending)");
            }
            for (long i = 0; i < length; i++) {
                if (places == indexes.length) {
                    indexes = Arrays.copyOf(indexes, 2 * places);
                }
                indexes[places++] = (int) next++;
            }
        }

        void delta(long delta) {
            running += delta;
            count(running);
        }

        void count(double value) {
            if (size == counts.length) {
                counts = Arrays.copyOf(counts, 2 * size);
            }
            counts[size++] = value;
        }

        void check() {
            if (size != places) {
                throw new ExpositionException(
                        size + " counts of buckets (expected: " + places + ", as the spans say)");
            }
        }

        int[] indexes() {
            return Arrays.copyOf(indexes, places);
        }

        double[] counts() {
            return Arrays.copyOf(counts, places);
        }
    }
}
