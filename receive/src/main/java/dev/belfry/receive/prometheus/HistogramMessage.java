package dev.belfry.receive.prometheus;

import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.model.series.FloatHistogram;
import dev.belfry.model.series.FloatHistogram.ResetHint;
import dev.belfry.model.series.HistogramForms;
import dev.belfry.receive.protobuf.ProtoReader;
import java.util.Arrays;

/** Reads a native histogram, which both versions of remote write have alike. For one thread. */
final class HistogramMessage {
    /*
     * prompb/types.proto, prompb/io/prometheus/write/v2/types.proto of Prometheus:
     *
     *   Histogram  { count_int 1 | count_float 2; sum 3; schema 4 (zigzag); zero_threshold 5;
     *                zero_count_int 6 | zero_count_float 7; negative_spans 8 …; negative_deltas 9 (zigzag) …;
     *                negative_counts 10 …; positive_spans 11 …; positive_deltas 12 …; positive_counts 13 …;
     *                reset_hint 14; timestamp 15; custom_values 16 …; start_timestamp 17 }
     *   BucketSpan { offset 1 (zigzag); length 2 }
     *
     * Whole numbers come as the differences of neighbouring buckets, others as they are. The first span's offset is
     * the index of its first bucket, another's the gap to the span before it.
     */
    private static final int SCHEMA_FINEST = 52;

    /** Up to here a double holds every whole number. */
    private static final double EXACT_MAX = 1L << 53;

    /** Epoch milliseconds. */
    long timestampMillis;

    /** When what it counts began, epoch milliseconds; 0 when nobody said. */
    long startMillis;

    private boolean whole;
    private double count;
    private double sum;
    private int schema;
    private double zeroThreshold;
    private double zeroCount;
    private int hint;
    private final Side positive = new Side("positive");
    private final Side negative = new Side("negative");
    private double[] bounds = new double[16];
    private int boundCount;

    /** The sum of the histogram that was read. */
    double sum() {
        return sum;
    }

    /** Reads the message that the reader stands in. */
    void read(ProtoReader in) {
        timestampMillis = 0;
        startMillis = 0;
        whole = true;
        count = 0;
        sum = 0;
        schema = 0;
        zeroThreshold = 0;
        zeroCount = 0;
        hint = 0;
        positive.clear();
        negative.clear();
        boundCount = 0;
        while (in.more()) {
            int tag = in.tag();
            switch (tag) {
                case 1 << 3 -> count = unsigned(in.varint());
                case 2 << 3 | 1 -> {
                    count = number(in);
                    whole = false;
                }
                case 3 << 3 | 1 -> sum = number(in);
                case 4 << 3 -> schema = (int) zigzag(in.varint());
                case 5 << 3 | 1 -> zeroThreshold = number(in);
                case 6 << 3 -> zeroCount = unsigned(in.varint());
                case 7 << 3 | 1 -> zeroCount = number(in);
                case 8 << 3 | 2 -> negative.span(in);
                case 11 << 3 | 2 -> positive.span(in);
                case 14 << 3 -> hint = (int) in.varint();
                case 15 << 3 -> timestampMillis = in.varint();
                case 17 << 3 -> startMillis = in.varint();
                default -> repeated(in, tag);
            }
        }
    }

    private void repeated(ProtoReader in, int tag) {
        switch (tag) {
            case 9 << 3 -> negative.delta(zigzag(in.varint()));
            case 9 << 3 | 2 -> deltas(in, negative);
            case 10 << 3 | 1 -> negative.value(number(in));
            case 10 << 3 | 2 -> values(in, negative);
            case 12 << 3 -> positive.delta(zigzag(in.varint()));
            case 12 << 3 | 2 -> deltas(in, positive);
            case 13 << 3 | 1 -> positive.value(number(in));
            case 13 << 3 | 2 -> values(in, positive);
            case 16 << 3 | 1 -> bound(number(in));
            case 16 << 3 | 2 -> {
                int outer = in.enter();
                while (in.more()) {
                    bound(number(in));
                }
                in.leave(outer);
            }
            default -> in.skip(tag);
        }
    }

    private static void deltas(ProtoReader in, Side side) {
        int outer = in.enter();
        while (in.more()) {
            side.delta(zigzag(in.varint()));
        }
        in.leave(outer);
    }

    private static void values(ProtoReader in, Side side) {
        int outer = in.enter();
        while (in.more()) {
            side.value(number(in));
        }
        in.leave(outer);
    }

    private static double number(ProtoReader in) {
        return Double.longBitsToDouble(in.fixed64());
    }

    private static long zigzag(long value) {
        return value >>> 1 ^ -(value & 1);
    }

    private static double unsigned(long value) {
        return value >= 0 ? value : (value >>> 1 | value & 1) * 2.0;
    }

    private void bound(double value) {
        if (boundCount == Limits.BUCKETS_MAX) {
            throw tooMany();
        }
        if (boundCount == bounds.length) {
            bounds = Arrays.copyOf(bounds, boundCount * 2);
        }
        bounds[boundCount++] = value;
    }

    /**
     * The histogram that was read.
     *
     * @throws BelfryException VALIDATION_ERROR when it contradicts itself
     */
    FloatHistogram histogram() {
        boolean custom = schema == FloatHistogram.CUSTOM;
        if (custom) {
            checkCustom();
        } else if (schema < FloatHistogram.SCHEMA_MIN || schema > SCHEMA_FINEST) {
            throw wrong(
                    "schema " + schema,
                    FloatHistogram.SCHEMA_MIN + " to " + SCHEMA_FINEST + ", or -53");
        } else if (boundCount > 0) {
            throw wrong(boundCount + " custom values with schema " + schema, "schema -53");
        }
        positive.check(whole);
        negative.check(whole);
        checkCounts();
        FloatHistogram histogram =
                new FloatHistogram(
                        schema,
                        switch (hint) {
                            case 1 -> ResetHint.RESET;
                            case 2 -> ResetHint.NOT_RESET;
                            case 3 -> ResetHint.GAUGE;
                            default -> ResetHint.UNKNOWN;
                        },
                        count,
                        sum,
                        zeroThreshold,
                        zeroCount,
                        positive.indexes(),
                        positive.counts(whole),
                        negative.indexes(),
                        negative.counts(whole),
                        Arrays.copyOf(bounds, boundCount));
        return custom || schema <= FloatHistogram.SCHEMA_MAX
                ? histogram
                : HistogramForms.toSchema(histogram, FloatHistogram.SCHEMA_MAX);
    }

    private void checkCustom() {
        if (zeroCount != 0 || zeroThreshold != 0) {
            throw wrong("a zero bucket with custom bounds", "none");
        }
        if (!negative.isEmpty()) {
            throw wrong("negative buckets with custom bounds", "none");
        }
        for (int index = 0; index < boundCount; index++) {
            boolean ascends = index == 0 || bounds[index] > bounds[index - 1];
            if (!ascends || !(bounds[index] < Double.POSITIVE_INFINITY)) {
                throw wrong("custom bound " + bounds[index], "finite ones, ascending");
            }
        }
        int last = positive.lastIndex();
        if (last > boundCount || positive.firstIndex() < 0) {
            throw wrong(
                    "custom bucket " + (last > boundCount ? last : positive.firstIndex()),
                    "0 to " + boundCount + ", as there are bounds");
        }
    }

    private void checkCounts() {
        if (!(zeroThreshold >= 0) || zeroThreshold == Double.POSITIVE_INFINITY) {
            throw wrong("zero threshold " + zeroThreshold, "at least 0, finite");
        }
        if (zeroCount < 0 || count < 0) {
            throw wrong("count " + (count < 0 ? count : zeroCount), "at least 0");
        }
        if (whole && count < EXACT_MAX) {
            double inBuckets = positive.total(true) + negative.total(true) + zeroCount;
            boolean good = Double.isNaN(sum) ? inBuckets <= count : inBuckets == count;
            if (!good) {
                throw wrong(inBuckets + " observations in buckets", "the count, " + count);
            }
        }
    }

    private static BelfryException tooMany() {
        return wrong("more buckets", "at most " + Limits.BUCKETS_MAX);
    }

    private static BelfryException wrong(String what, String expected) {
        return new BelfryException(
                ErrorCode.VALIDATION_ERROR, "histogram: " + what + " (expected: " + expected + ")");
    }

    /** The buckets on one side of zero. */
    private static final class Side {
        private final String name;
        private int[] offsets = new int[8];
        private int[] lengths = new int[8];
        private int spanCount;
        private int bucketCount;
        private double[] values = new double[64];
        private int valueCount;
        private long[] deltas = new long[64];
        private int deltaCount;

        Side(String name) {
            this.name = name;
        }

        void clear() {
            spanCount = 0;
            bucketCount = 0;
            valueCount = 0;
            deltaCount = 0;
        }

        boolean isEmpty() {
            return bucketCount == 0;
        }

        void span(ProtoReader in) {
            int outer = in.enter();
            long offset = 0;
            long length = 0;
            while (in.more()) {
                int tag = in.tag();
                switch (tag) {
                    case 1 << 3 -> offset = (int) zigzag(in.varint());
                    case 2 << 3 -> length = in.varint() & 0xFFFFFFFFL;
                    default -> in.skip(tag);
                }
            }
            in.leave(outer);
            if (length > Limits.BUCKETS_MAX - bucketCount || spanCount == Limits.BUCKETS_MAX) {
                throw tooMany();
            }
            if (spanCount > 0 && offset < 0) {
                throw wrong("a span of " + name + " buckets at offset " + offset, "at least 0");
            }
            if (spanCount == offsets.length) {
                offsets = Arrays.copyOf(offsets, spanCount * 2);
                lengths = Arrays.copyOf(lengths, spanCount * 2);
            }
            offsets[spanCount] = (int) offset;
            lengths[spanCount++] = (int) length;
            bucketCount += (int) length;
        }

        void delta(long value) {
            if (deltaCount == Limits.BUCKETS_MAX) {
                throw tooMany();
            }
            if (deltaCount == deltas.length) {
                deltas = Arrays.copyOf(deltas, deltaCount * 2);
            }
            deltas[deltaCount++] = value;
        }

        void value(double value) {
            if (valueCount == Limits.BUCKETS_MAX) {
                throw tooMany();
            }
            if (valueCount == values.length) {
                values = Arrays.copyOf(values, valueCount * 2);
            }
            values[valueCount++] = value;
        }

        void check(boolean whole) {
            int given = whole ? deltaCount : valueCount;
            if (given != bucketCount) {
                throw wrong(given + " " + name + " buckets", bucketCount + ", as its spans have");
            }
            long sum = 0;
            for (int index = 0; index < given; index++) {
                sum = whole ? sum + deltas[index] : 0;
                double bucket = whole ? sum : values[index];
                if (!(bucket >= 0)) {
                    throw wrong("a " + name + " bucket of " + bucket, "at least 0");
                }
            }
            long next = 0;
            for (int span = 0; span < spanCount; span++) {
                next += offsets[span];
                if (next != (int) next || next + lengths[span] > Integer.MAX_VALUE) {
                    throw wrong("a " + name + " bucket with index " + next, "32 bits");
                }
                next += lengths[span];
            }
        }

        double total(boolean whole) {
            double total = 0;
            for (double each : counts(whole)) {
                total += each;
            }
            return total;
        }

        int firstIndex() {
            return isEmpty() ? 0 : indexes()[0];
        }

        int lastIndex() {
            return isEmpty() ? 0 : indexes()[bucketCount - 1];
        }

        int[] indexes() {
            int[] indexes = new int[bucketCount];
            int index = 0;
            int at = 0;
            for (int span = 0; span < spanCount; span++) {
                index += offsets[span];
                for (int each = 0; each < lengths[span]; each++) {
                    indexes[at++] = index++;
                }
            }
            return indexes;
        }

        double[] counts(boolean whole) {
            if (!whole) {
                return Arrays.copyOf(values, valueCount);
            }
            double[] counts = new double[deltaCount];
            long sum = 0;
            for (int index = 0; index < deltaCount; index++) {
                sum += deltas[index];
                counts[index] = sum;
            }
            return counts;
        }
    }
}
