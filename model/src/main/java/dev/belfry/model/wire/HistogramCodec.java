package dev.belfry.model.wire;

import dev.belfry.model.series.FloatHistogram;

/** A {@link FloatHistogram} as bytes, bit for bit; {@code docs/formats/sample-batch.md}. */
public final class HistogramCodec {
    private static final int BUCKETS_MAX = 1 << 20;

    private HistogramCodec() {}

    /** Writes {@code histogram} to the end of {@code writer}. */
    public static void encode(FloatHistogram histogram, WireWriter writer) {
        writer.u8(histogram.schema());
        writer.u8(histogram.hint().ordinal());
        number(histogram.count(), writer);
        writer.i64(Double.doubleToRawLongBits(histogram.sum()));
        number(histogram.zeroThreshold(), writer);
        number(histogram.zeroCount(), writer);
        buckets(histogram.positiveIndexes(), histogram.positiveCounts(), writer);
        buckets(histogram.negativeIndexes(), histogram.negativeCounts(), writer);
        double[] bounds = histogram.bounds();
        writer.varint(bounds.length);
        for (double bound : bounds) {
            number(bound, writer);
        }
    }

    /**
     * Reads what {@link #encode} wrote.
     *
     * @throws WireFormatException when the bytes are damaged
     */
    public static FloatHistogram decode(WireReader reader) {
        int schema = (byte) reader.u8();
        boolean known =
                schema == FloatHistogram.CUSTOM
                        || schema >= FloatHistogram.SCHEMA_MIN
                                && schema <= FloatHistogram.SCHEMA_MAX;
        if (!known) {
            throw reader.wrong("schema " + schema, "-53 or -4 to 8");
        }
        int hint = reader.u8();
        if (hint >= FloatHistogram.ResetHint.values().length) {
            throw reader.wrong("reset hint " + hint, "0-3");
        }
        double count = number(reader);
        double sum = Double.longBitsToDouble(reader.i64());
        double zeroThreshold = number(reader);
        double zeroCount = number(reader);
        int positives = bucketCount(reader);
        int[] positiveIndexes = reader.intDeltas(positives);
        double[] positiveCounts = numbers(positives, reader);
        int negatives = bucketCount(reader);
        int[] negativeIndexes = reader.intDeltas(negatives);
        double[] negativeCounts = numbers(negatives, reader);
        double[] bounds = numbers(bucketCount(reader), reader);
        return new FloatHistogram(
                schema,
                FloatHistogram.ResetHint.values()[hint],
                count,
                sum,
                zeroThreshold,
                zeroCount,
                positiveIndexes,
                positiveCounts,
                negativeIndexes,
                negativeCounts,
                bounds);
    }

    private static int bucketCount(WireReader reader) {
        return reader.count("buckets", Math.min(BUCKETS_MAX, reader.remaining()));
    }

    private static void buckets(int[] indexes, double[] counts, WireWriter writer) {
        writer.varint(indexes.length);
        writer.deltas(indexes, indexes.length);
        for (double count : counts) {
            number(count, writer);
        }
    }

    private static double[] numbers(int count, WireReader reader) {
        double[] numbers = new double[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = number(reader);
        }
        return numbers;
    }

    /* A whole number of 0 to 2^53 as a varint of it plus 1; anything else as 0 and its bits. */
    private static void number(double value, WireWriter writer) {
        long whole = (long) value;
        if (whole >= 0
                && whole <= 1L << 53
                && Double.doubleToRawLongBits(whole) == Double.doubleToRawLongBits(value)) {
            writer.varint(whole + 1);
        } else {
            writer.u8(0);
            writer.i64(Double.doubleToRawLongBits(value));
        }
    }

    private static double number(WireReader reader) {
        long whole = reader.varint();
        return whole == 0 ? Double.longBitsToDouble(reader.i64()) : whole - 1;
    }
}
