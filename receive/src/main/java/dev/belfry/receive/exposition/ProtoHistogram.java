package dev.belfry.receive.exposition;

import dev.belfry.model.BelfryException;
import dev.belfry.model.series.Exemplar;
import dev.belfry.model.series.FloatHistogram;
import dev.belfry.model.series.FloatHistogram.ResetHint;
import dev.belfry.model.series.MetricType;
import dev.belfry.receive.protobuf.ProtoReader;
import dev.belfry.receive.series.Limits;
import dev.belfry.receive.series.NativeHistogram;
import org.jspecify.annotations.Nullable;

/** Reads one histogram, native or with classic buckets; for one thread. */
final class ProtoHistogram {
    /*
     * Histogram { sample_count 1 | sample_sum 2 | Bucket 3 … | sample_count_float 4 | schema 5 | zero_threshold 6 |
     *             zero_count 7 | zero_count_float 8 | negative_span 9 … | negative_delta 10 … | negative_count 11 … |
     *             positive_span 12 … | positive_delta 13 … | positive_count 14 … | created 15 | Exemplar 16 … }
     * Bucket    { cumulative_count 1 | upper_bound 2 | Exemplar 3 | cumulative_count_float 4 }
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
    private static final int NEGATIVE_DELTA = 10;
    private static final int NEGATIVE_COUNT = 11;
    private static final int POSITIVE_SPAN = 12 << 3 | ProtoReader.LENGTH;
    private static final int POSITIVE_DELTA = 13;
    private static final int POSITIVE_COUNT = 14;
    private static final int CREATED = 15 << 3 | ProtoReader.LENGTH;
    private static final int EXEMPLAR = 16 << 3 | ProtoReader.LENGTH;
    private static final int BUCKET_COUNT = 1 << 3 | ProtoReader.VARINT;
    private static final int BUCKET_BOUND = 2 << 3 | ProtoReader.FIXED64;
    private static final int BUCKET_EXEMPLAR = 3 << 3 | ProtoReader.LENGTH;
    private static final int BUCKET_FLOAT = 4 << 3 | ProtoReader.FIXED64;

    private final ProtoReader in;
    private final ProtoSamples samples;
    private final NativeHistogram read = new NativeHistogram();
    private boolean isNative;
    private long created;
    private int exemplarCount;
    private int bucketCount;

    ProtoHistogram(ProtoReader in, ProtoSamples samples) {
        this.in = in;
        this.samples = samples;
    }

    /**
     * Passes the histogram that the reader is in, and adds what it gives.
     *
     * @throws ExpositionException when it contradicts itself, or has too many buckets
     */
    void read() {
        int start = in.at;
        isNative = false;
        created = 0;
        exemplarCount = 0;
        bucketCount = 0;
        read.clear();
        try {
            while (in.more()) {
                field(in.tag());
            }
            if (isNative) {
                addNative(start);
            } else {
                addClassic(start);
            }
        } catch (BelfryException wrong) {
            throw new ExpositionException(String.valueOf(wrong.getMessage()));
        }
    }

    private void field(int tag) {
        switch (tag) {
            case COUNT -> read.count = NativeHistogram.unsigned(in.varint());
            case COUNT_FLOAT -> read.count = orElse(in.fixed64(), read.count);
            case SUM -> read.sum = Double.longBitsToDouble(in.fixed64());
            case BUCKET -> {
                if (bucketCount++ == Limits.BUCKETS_MAX) {
                    throw new ExpositionException(
                            "histogram: more buckets (expected: at most "
                                    + Limits.BUCKETS_MAX
                                    + ")");
                }
                in.skip(tag);
            }
            case SCHEMA -> read.schema = (int) NativeHistogram.zigzag(in.varint());
            case ZERO_THRESHOLD -> {
                read.zeroThreshold = Double.longBitsToDouble(in.fixed64());
                isNative |= read.zeroThreshold > 0;
            }
            case ZERO_COUNT -> {
                read.zeroCount = NativeHistogram.unsigned(in.varint());
                isNative |= read.zeroCount > 0;
            }
            case ZERO_COUNT_FLOAT -> {
                read.zeroCount = orElse(in.fixed64(), read.zeroCount);
                isNative |= read.zeroCount > 0;
            }
            case NEGATIVE_SPAN -> {
                isNative = true;
                read.negative.span(in);
            }
            case POSITIVE_SPAN -> {
                isNative = true;
                read.positive.span(in);
            }
            case CREATED -> created = samples.time();
            default -> counts(tag);
        }
    }

    private void counts(int tag) {
        switch (tag >>> 3) {
            case NEGATIVE_DELTA -> read.negative.deltas(in, tag);
            case POSITIVE_DELTA -> read.positive.deltas(in, tag);
            case NEGATIVE_COUNT -> read.negative.values(in, tag);
            case POSITIVE_COUNT -> read.positive.values(in, tag);
            default -> in.skip(tag);
        }
    }

    private void addNative(int start) {
        if (samples.type() == MetricType.GAUGEHISTOGRAM) {
            read.hint = ResetHint.GAUGE;
        }
        FloatHistogram histogram = read.histogram();
        int series = samples.series("", "", 0);
        if (series < 0) {
            return;
        }
        samples.samples().add(series, samples.millis(), histogram);
        if (created > 0 && created <= samples.millis()) {
            samples.samples().startOfLast(created);
        }
        in.at = start;
        while (in.more()) {
            int tag = in.tag();
            if (tag == EXEMPLAR) {
                exemplar(series, samples.exemplar());
            } else {
                in.skip(tag);
            }
        }
    }

    private void addClassic(int start) {
        samples.add("_count", "", 0, read.count, created);
        samples.add("_sum", "", 0, read.sum, created);
        boolean infinite = false;
        in.at = start;
        while (in.more()) {
            int tag = in.tag();
            if (tag == BUCKET) {
                int outer = in.enter();
                infinite |= bucket() == Double.POSITIVE_INFINITY;
                in.leave(outer);
            } else {
                in.skip(tag);
            }
        }
        if (!infinite) {
            samples.add("_bucket", "le", Double.POSITIVE_INFINITY, read.count, created);
        }
    }

    private double bucket() {
        double bucket = 0;
        double bound = 0;
        Exemplar exemplar = null;
        while (in.more()) {
            int tag = in.tag();
            switch (tag) {
                case BUCKET_COUNT -> bucket = NativeHistogram.unsigned(in.varint());
                case BUCKET_FLOAT -> bucket = orElse(in.fixed64(), bucket);
                case BUCKET_BOUND -> bound = Double.longBitsToDouble(in.fixed64());
                case BUCKET_EXEMPLAR -> exemplar = samples.exemplar();
                default -> in.skip(tag);
            }
        }
        int series = samples.add("_bucket", "le", bound, bucket, created);
        exemplar(series, exemplar);
        return bound;
    }

    private void exemplar(int series, @Nullable Exemplar exemplar) {
        if (exemplarCount < Limits.EXEMPLARS_MAX && samples.add(series, exemplar)) {
            exemplarCount++;
        }
    }

    /* Of a count in both forms, the float counts when it is there. */
    private double orElse(long bits, double integer) {
        double value = Double.longBitsToDouble(bits);
        if (!(value > 0)) {
            return integer;
        }
        read.whole = false;
        return value;
    }
}
