package dev.belfry.receive.series;

import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.model.series.FloatHistogram;
import dev.belfry.model.series.FloatHistogram.ResetHint;
import dev.belfry.model.series.HistogramForms;
import dev.belfry.receive.protobuf.ProtoReader;
import java.util.Arrays;

/** Gathers a native histogram as Prometheus' messages have it, and checks it; for one thread. */
public final class NativeHistogram {
    /*
     * Remote write and expositions number the fields differently, what is in them is the same:
     *
     *   BucketSpan { offset 1 (zigzag); length 2 }
     *
     * Whole numbers come as the differences of neighbouring buckets, others as they are. The first span's offset is
     * the index of its first bucket, another's the gap to the span before it.
     */
    private static final int SCHEMA_FINEST = 52;

    /** Up to here a double holds every whole number. */
    private static final double EXACT_MAX = 1L << 53;

    /** Whether the counts of buckets came as differences of whole numbers. */
    public boolean whole;

    /** Observations. */
    public double count;

    /** Of what was observed. */
    public double sum;

    /** Resolution, -53 for bounds of its own. */
    public int schema;

    /** How far from 0 an observation still is one of 0. */
    public double zeroThreshold;

    /** Observations of 0. */
    public double zeroCount;

    /** What is known of the one before. */
    public ResetHint hint = ResetHint.UNKNOWN;

    /** Buckets above zero. */
    public final Side positive = new Side("positive");

    /** Buckets below zero. */
    public final Side negative = new Side("negative");

    private double[] bounds = new double[16];
    private int boundCount;

    /** Begins another one. */
    public void clear() {
        whole = true;
        count = 0;
        sum = 0;
        schema = 0;
        zeroThreshold = 0;
        zeroCount = 0;
        hint = ResetHint.UNKNOWN;
        positive.clear();
        negative.clear();
        boundCount = 0;
    }

    /** A number of Protocol Buffers' zigzag form. */
    public static long zigzag(long value) {
        return value >>> 1 ^ -(value & 1);
    }

    /** A count of 64 bits without sign. */
    public static double unsigned(long value) {
        return value >= 0 ? value : (value >>> 1 | value & 1) * 2.0;
    }

    /**
     * Adds an upper bound of its own.
     *
     * @throws BelfryException VALIDATION_ERROR when there are too many
     */
    public void bound(double value) {
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
    public FloatHistogram histogram() {
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
                        hint,
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
    public static final class Side {
        private final String name;
        private int[] offsets = new int[8];
        private int[] lengths = new int[8];
        private int spanCount;
        private int bucketCount;
        private double[] values = new double[64];
        private int valueCount;
        private long[] deltas = new long[64];
        private int deltaCount;

        private Side(String name) {
            this.name = name;
        }

        private void clear() {
            spanCount = 0;
            bucketCount = 0;
            valueCount = 0;
            deltaCount = 0;
        }

        private boolean isEmpty() {
            return bucketCount == 0;
        }

        /**
         * Passes a span.
         *
         * @throws BelfryException VALIDATION_ERROR when it is too long, or goes back
         */
        public void span(ProtoReader in) {
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

        /** Passes differences, packed or one; other types of fields are skipped. */
        public void deltas(ProtoReader in, int tag) {
            if ((tag & 7) == ProtoReader.VARINT) {
                delta(zigzag(in.varint()));
            } else if ((tag & 7) == ProtoReader.LENGTH) {
                int outer = in.enter();
                while (in.more()) {
                    delta(zigzag(in.varint()));
                }
                in.leave(outer);
            } else {
                in.skip(tag);
            }
        }

        /** Passes counts, packed or one; other types of fields are skipped. */
        public void values(ProtoReader in, int tag) {
            if ((tag & 7) == ProtoReader.FIXED64) {
                value(Double.longBitsToDouble(in.fixed64()));
            } else if ((tag & 7) == ProtoReader.LENGTH) {
                int outer = in.enter();
                while (in.more()) {
                    value(Double.longBitsToDouble(in.fixed64()));
                }
                in.leave(outer);
            } else {
                in.skip(tag);
            }
        }

        private void delta(long value) {
            if (deltaCount == Limits.BUCKETS_MAX) {
                throw tooMany();
            }
            if (deltaCount == deltas.length) {
                deltas = Arrays.copyOf(deltas, deltaCount * 2);
            }
            deltas[deltaCount++] = value;
        }

        private void value(double value) {
            if (valueCount == Limits.BUCKETS_MAX) {
                throw tooMany();
            }
            if (valueCount == values.length) {
                values = Arrays.copyOf(values, valueCount * 2);
            }
            values[valueCount++] = value;
        }

        private void check(boolean whole) {
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

        private double total(boolean whole) {
            double total = 0;
            for (double each : counts(whole)) {
                total += each;
            }
            return total;
        }

        private int firstIndex() {
            return isEmpty() ? 0 : indexes()[0];
        }

        private int lastIndex() {
            return isEmpty() ? 0 : indexes()[bucketCount - 1];
        }

        private int[] indexes() {
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

        private double[] counts(boolean whole) {
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
