package dev.belfry.receive.prometheus;

import dev.belfry.model.series.FloatHistogram;
import java.util.Arrays;

/** Writes chunks of Prometheus' store, in which remote read streams samples. */
final class ChunkWriter {
    /*
     * tsdb/chunkenc of Prometheus (xor.go, float_histogram.go, histogram_meta.go, varbit.go): a count of samples of two
     * bytes, the highest first, and bits. Numbers: of the first sample time (zigzag varint) and value (64 bits); then
     * the times' second differences in a prefix code and the values' XOR with the ones before (Gorilla,
     * https://www.vldb.org/pvldb/vol8/p1816-teller.pdf). A histogram stands in a chunk of its own here, with the layout
     * of its buckets and all values in full.
     */
    private static final int NO_WINDOW = 0xFF;
    private static final int GAUGE = 0xC0;
    private static final int RESET = 0x80;
    private static final int NOT_RESET = 0x40;

    private byte[] bytes = new byte[256];
    private int bits;
    private int leading = NO_WINDOW;
    private int trailing;

    private ChunkWriter(int samples) {
        bits(samples, 16);
    }

    /** The chunk of numbers {@code [from .. to)}. */
    static byte[] numbers(long[] times, double[] values, int from, int to) {
        ChunkWriter out = new ChunkWriter(to - from);
        out.varint(zigzag(times[from]));
        long before = Double.doubleToRawLongBits(values[from]);
        out.bits(before, 64);
        long delta = 0;
        for (int index = from + 1; index < to; index++) {
            long next = times[index] - times[index - 1];
            if (index == from + 1) {
                out.varint(next);
            } else {
                out.secondDifference(next - delta);
            }
            delta = next;
            long value = Double.doubleToRawLongBits(values[index]);
            out.xor(value ^ before);
            before = value;
        }
        return out.whole();
    }

    /** The chunk of one histogram. */
    static byte[] histogram(long timeMillis, FloatHistogram histogram) {
        ChunkWriter out = new ChunkWriter(1);
        out.bits(
                switch (histogram.hint()) {
                    case UNKNOWN -> 0;
                    case RESET -> RESET;
                    case NOT_RESET -> NOT_RESET;
                    case GAUGE -> GAUGE;
                },
                8);
        out.zeroThreshold(histogram.zeroThreshold());
        out.signed(histogram.schema());
        out.spans(histogram.positiveIndexes());
        out.spans(histogram.negativeIndexes());
        if (histogram.custom()) {
            out.unsigned(histogram.bounds().length);
            for (double bound : histogram.bounds()) {
                out.bits(0, 1);
                out.number(bound);
            }
        }
        out.signed(timeMillis);
        out.number(histogram.count());
        out.number(histogram.zeroCount());
        out.number(histogram.sum());
        for (double bucket : histogram.positiveCounts()) {
            out.number(bucket);
        }
        for (double bucket : histogram.negativeCounts()) {
            out.number(bucket);
        }
        return out.whole();
    }

    private byte[] whole() {
        return Arrays.copyOf(bytes, bits + 7 >>> 3);
    }

    private void secondDifference(long value) {
        if (value == 0) {
            bits(0, 1);
        } else if (fits(value, 14)) {
            bits(0b10, 2);
            bits(value, 14);
        } else if (fits(value, 17)) {
            bits(0b110, 3);
            bits(value, 17);
        } else if (fits(value, 20)) {
            bits(0b1110, 4);
            bits(value, 20);
        } else {
            bits(0b1111, 4);
            bits(value, 64);
        }
    }

    private void xor(long difference) {
        if (difference == 0) {
            bits(0, 1);
            return;
        }
        bits(1, 1);
        int zerosBefore = Math.min(31, Long.numberOfLeadingZeros(difference));
        int zerosAfter = Long.numberOfTrailingZeros(difference);
        if (leading != NO_WINDOW && zerosBefore >= leading && zerosAfter >= trailing) {
            bits(0, 1);
            bits(difference >>> trailing, 64 - leading - trailing);
            return;
        }
        leading = zerosBefore;
        trailing = zerosAfter;
        int length = 64 - leading - trailing;
        bits(1, 1);
        bits(leading, 5);
        bits(length, 6);
        bits(difference >>> trailing, length);
    }

    private void zeroThreshold(double threshold) {
        if (threshold == 0) {
            bits(0, 8);
            return;
        }
        int exponent = Math.getExponent(threshold) + 1;
        if (threshold != Math.scalb(0.5, exponent) || exponent < -242 || exponent > 11) {
            bits(255, 8);
            number(threshold);
        } else {
            bits(exponent + 243, 8);
        }
    }

    private void spans(int[] indexes) {
        BucketSpans spans = BucketSpans.of(indexes);
        unsigned(spans.count());
        for (int span = 0; span < spans.count(); span++) {
            unsigned(spans.length(span));
            signed(spans.offset(span));
        }
    }

    private void number(double value) {
        bits(Double.doubleToRawLongBits(value), 64);
    }

    /* Widths of the prefix code, after 1 to 8 ones and a zero; the last has no zero. */
    private static final int[] WIDTHS = {3, 6, 9, 12, 18, 25, 56};

    private void signed(long value) {
        int width = 0;
        while (width < WIDTHS.length && !fits(value, WIDTHS[width])) {
            width++;
        }
        coded(value, width);
    }

    private void unsigned(long value) {
        int width = 0;
        while (width < WIDTHS.length && value >>> WIDTHS[width] != 0) {
            width++;
        }
        coded(value, width);
    }

    private void coded(long value, int width) {
        if (value == 0) {
            bits(0, 1);
        } else if (width == WIDTHS.length) {
            bits(0xFF, 8);
            bits(value, 64);
        } else {
            bits((1 << width + 2) - 2, width + 2);
            bits(value, WIDTHS[width]);
        }
    }

    /* Prometheus' bitRange: one more above zero than below. */
    private static boolean fits(long value, int width) {
        return -((1L << width - 1) - 1) <= value && value <= 1L << width - 1;
    }

    private static long zigzag(long value) {
        return value << 1 ^ value >> 63;
    }

    private void varint(long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            bits(rest & 0x7F | 0x80, 8);
            rest >>>= 7;
        }
        bits(rest, 8);
    }

    /** Writes the lowest {@code count} bits of {@code value}, the highest of them first. */
    private void bits(long value, int count) {
        if (bits + 64 >>> 3 >= bytes.length - 1) {
            bytes = Arrays.copyOf(bytes, bytes.length * 2);
        }
        int left = count;
        while (left > 0) {
            int room = 8 - (bits & 7);
            int take = Math.min(room, left);
            int part = (int) (value >>> left - take) & (1 << take) - 1;
            bytes[bits >>> 3] |= (byte) (part << room - take);
            bits += take;
            left -= take;
        }
    }
}
