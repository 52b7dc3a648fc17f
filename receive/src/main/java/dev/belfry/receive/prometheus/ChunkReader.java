package dev.belfry.receive.prometheus;

import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.model.series.FloatHistogram;
import dev.belfry.model.series.FloatHistogram.ResetHint;
import dev.belfry.model.series.StaleNaN;
import dev.belfry.receive.series.Limits;
import java.util.Arrays;

/** Reads chunks of Prometheus' store, in which remote read streams samples; for one thread. */
final class ChunkReader {
    /*
     * The formats are those of ChunkWriter (tsdb/chunkenc of Prometheus). Here a chunk has many histograms, too: the
     * layout of their buckets stands first, then
     *
     *   whole     time, count, zero count (prefix code), sum (64 bits), buckets (prefix code, differences of neighbours);
     *             then of each number the second difference, of the sum the XOR
     *   others    time (prefix code), count, zero count, sum, buckets (64 bits); then the time's second difference and
     *             of each number the XOR
     *
     * One whose sum is the staleness marker ends behind the sum.
     */
    static final int XOR = 1;
    static final int HISTOGRAM = 2;
    static final int FLOAT_HISTOGRAM = 3;

    private static final int NO_WINDOW = 0xFF;
    private static final int[] TIME_WIDTHS = {14, 17, 20};
    private static final int[] WIDTHS = {3, 6, 9, 12, 18, 25, 56};
    private static final double BOUND_SCALE = 1000;

    private final byte[] bytes;
    private final long end;
    private final Sink sink;
    private long at;

    /** Takes samples, by their times. */
    interface Sink {
        void number(long millis, double value);

        void histogram(long millis, FloatHistogram histogram);
    }

    /** A number whose changes are coded by XOR. */
    private final class Varying {
        double value;
        int leading = NO_WINDOW;
        int trailing;

        void first() {
            value = Double.longBitsToDouble(bits(64));
        }

        void next() {
            if (bits(1) == 0) {
                return;
            }
            int width;
            if (bits(1) == 0) {
                if (leading == NO_WINDOW) {
                    throw wrong("a window of bits before it is used again");
                }
                width = 64 - leading - trailing;
            } else {
                leading = (int) bits(5);
                width = (int) bits(6);
                width = width == 0 ? 64 : width;
                trailing = 64 - leading - width;
                if (trailing < 0) {
                    throw wrong("a window of at most 64 bits");
                }
            }
            long difference = bits(width) << trailing;
            value = Double.longBitsToDouble(Double.doubleToRawLongBits(value) ^ difference);
        }
    }

    /** A whole number whose changes are coded by second differences. */
    private final class Counting {
        long value;
        long change;

        void next() {
            change += signed();
            value += change;
        }
    }

    private ChunkReader(byte[] bytes, int from, int to, Sink sink) {
        this.bytes = bytes;
        this.at = 8L * from;
        this.end = 8L * to;
        this.sink = sink;
    }

    /**
     * Reads the chunk {@code bytes[from .. to)}.
     *
     * @throws BelfryException VALIDATION_ERROR when it is none
     */
    static void read(int type, byte[] bytes, int from, int to, Sink sink) {
        ChunkReader reader = new ChunkReader(bytes, from, to, sink);
        int count = (int) reader.bits(16);
        switch (type) {
            case XOR -> reader.numbers(count);
            case HISTOGRAM -> reader.histograms(count, true);
            case FLOAT_HISTOGRAM -> reader.histograms(count, false);
            default -> throw wrong("type 1, 2 or 3, not " + type);
        }
    }

    private void numbers(int count) {
        Varying value = new Varying();
        long time = 0;
        long delta = 0;
        for (int index = 0; index < count; index++) {
            if (index == 0) {
                long coded = varint();
                time = coded >>> 1 ^ -(coded & 1);
                value.first();
            } else {
                delta = index == 1 ? varint() : delta + secondDifference();
                time += delta;
                value.next();
            }
            sink.number(time, value.value);
        }
    }

    private long secondDifference() {
        int ones = 0;
        while (ones < 4 && bits(1) == 1) {
            ones++;
        }
        return switch (ones) {
            case 0 -> 0;
            case 4 -> bits(64);
            default -> ranged(TIME_WIDTHS[ones - 1]);
        };
    }

    private void histograms(int count, boolean whole) {
        if (count == 0) {
            return;
        }
        ResetHint hint =
                switch ((int) bits(8) & 0xC0) {
                    case 0xC0 -> ResetHint.GAUGE;
                    case 0x80 -> ResetHint.RESET;
                    case 0x40 -> ResetHint.NOT_RESET;
                    default -> ResetHint.UNKNOWN;
                };
        double threshold = zeroThreshold();
        long schema = signed();
        int[] positive = spans();
        int[] negative = spans();
        double[] bounds = schema == FloatHistogram.CUSTOM ? bounds() : new double[0];
        boolean known = schema == FloatHistogram.CUSTOM || schema >= -4 && schema <= 8;
        if (!known) {
            throw wrong("schema -4 to 8, or -53, not " + schema);
        }
        Layout layout = new Layout((int) schema, threshold, positive, negative, bounds);
        if (whole) {
            wholeHistograms(count, hint, layout);
        } else {
            otherHistograms(count, hint, layout);
        }
    }

    private record Layout(
            int schema, double threshold, int[] positive, int[] negative, double[] bounds) {
        FloatHistogram of(
                ResetHint hint,
                double count,
                double zeroCount,
                double sum,
                double[] above,
                double[] below) {
            return new FloatHistogram(
                    schema, hint, count, sum, threshold, zeroCount, positive, above, negative,
                    below, bounds);
        }
    }

    private void wholeHistograms(int samples, ResetHint firstHint, Layout layout) {
        Counting time = new Counting();
        Counting count = new Counting();
        Counting zeros = new Counting();
        Varying sum = new Varying();
        Counting[] above = countings(layout.positive.length);
        Counting[] below = countings(layout.negative.length);
        for (int index = 0; index < samples; index++) {
            if (index == 0) {
                time.value = signed();
                count.value = unsigned();
                zeros.value = unsigned();
                sum.first();
            } else {
                time.next();
                count.next();
                zeros.next();
                sum.next();
            }
            if (StaleNaN.is(sum.value)) {
                sink.number(time.value, sum.value);
                continue;
            }
            sink.histogram(
                    time.value,
                    layout.of(
                            hint(firstHint, index),
                            count.value,
                            zeros.value,
                            sum.value,
                            buckets(above, index == 0),
                            buckets(below, index == 0)));
        }
    }

    private Counting[] countings(int count) {
        Counting[] all = new Counting[count];
        for (int i = 0; i < count; i++) {
            all[i] = new Counting();
        }
        return all;
    }

    private double[] buckets(Counting[] differences, boolean first) {
        double[] counts = new double[differences.length];
        long running = 0;
        for (int i = 0; i < counts.length; i++) {
            if (first) {
                differences[i].value = signed();
            } else {
                differences[i].next();
            }
            running += differences[i].value;
            counts[i] = running;
        }
        return counts;
    }

    private void otherHistograms(int samples, ResetHint firstHint, Layout layout) {
        Counting time = new Counting();
        Varying[] all = new Varying[3 + layout.positive.length + layout.negative.length];
        for (int i = 0; i < all.length; i++) {
            all[i] = new Varying();
        }
        for (int index = 0; index < samples; index++) {
            if (index == 0) {
                time.value = signed();
            } else {
                time.next();
            }
            for (int i = 0; i < all.length; i++) {
                boolean stale = i >= 3 && StaleNaN.is(all[2].value);
                if (index == 0) {
                    all[i].first();
                } else if (!stale) {
                    all[i].next();
                }
            }
            if (StaleNaN.is(all[2].value)) {
                sink.number(time.value, all[2].value);
                continue;
            }
            sink.histogram(
                    time.value,
                    layout.of(
                            hint(firstHint, index),
                            all[0].value,
                            all[1].value,
                            all[2].value,
                            values(all, 3, layout.positive.length),
                            values(all, 3 + layout.positive.length, layout.negative.length)));
        }
    }

    private static double[] values(Varying[] all, int from, int count) {
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            values[i] = all[from + i].value;
        }
        return values;
    }

    /* What the chunk says holds for its first one; of gauges for all. */
    private static ResetHint hint(ResetHint first, int index) {
        return index == 0 || first == ResetHint.GAUGE ? first : ResetHint.NOT_RESET;
    }

    private double zeroThreshold() {
        int coded = (int) bits(8);
        return switch (coded) {
            case 0 -> 0;
            case 0xFF -> Double.longBitsToDouble(bits(64));
            default -> Math.scalb(0.5, coded - 243);
        };
    }

    private int[] spans() {
        long count = unsigned();
        if (count < 0 || count > Limits.BUCKETS_MAX) {
            throw wrong("at most " + Limits.BUCKETS_MAX + " spans");
        }
        int[] indexes = new int[16];
        int size = 0;
        long next = 0;
        for (int span = 0; span < count; span++) {
            long length = unsigned();
            next += signed();
            if (length < 0
                    || length > Limits.BUCKETS_MAX - size
                    || next != (int) next
                    || next + length != (int) (next + length)) {
                throw wrong("at most " + Limits.BUCKETS_MAX + " buckets with indexes of 32 bits");
            }
            for (int i = 0; i < length; i++) {
                if (size == indexes.length) {
                    indexes = Arrays.copyOf(indexes, 2 * size);
                }
                indexes[size++] = (int) next++;
            }
        }
        return Arrays.copyOf(indexes, size);
    }

    /* Thousandths plus one, or 0 and all bits. */
    private double[] bounds() {
        long count = unsigned();
        if (count < 0 || count > Limits.BUCKETS_MAX) {
            throw wrong("at most " + Limits.BUCKETS_MAX + " bounds");
        }
        double[] bounds = new double[(int) count];
        for (int i = 0; i < count; i++) {
            long coded = unsigned();
            bounds[i] = coded == 0 ? Double.longBitsToDouble(bits(64)) : (coded - 1) / BOUND_SCALE;
        }
        return bounds;
    }

    private int width() {
        int ones = 0;
        while (ones < 8 && bits(1) == 1) {
            ones++;
        }
        return ones == 0 ? 0 : ones == 8 ? 64 : WIDTHS[ones - 1];
    }

    private long signed() {
        int width = width();
        return width == 0 || width == 64 ? bits(width) : ranged(width);
    }

    private long unsigned() {
        return bits(width());
    }

    /* Prometheus' bitRange: one more above zero than below. */
    private long ranged(int width) {
        long value = bits(width);
        return value > 1L << width - 1 ? value - (1L << width) : value;
    }

    private long varint() {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            long next = bits(8);
            value |= (next & 0x7F) << shift;
            if (next < 0x80) {
                return value;
            }
        }
        throw wrong("a varint of at most 10 bytes");
    }

    private long bits(int count) {
        if (at + count > end) {
            throw wrong("more bytes");
        }
        long value = 0;
        int left = count;
        while (left > 0) {
            int room = 8 - (int) (at & 7);
            int take = Math.min(room, left);
            int part = bytes[(int) (at >>> 3)] >>> room - take & (1 << take) - 1;
            value = value << take | part;
            at += take;
            left -= take;
        }
        return value;
    }

    private static BelfryException wrong(String expected) {
        return new BelfryException(
                ErrorCode.VALIDATION_ERROR, "chunk: not readable (expected: " + expected + ")");
    }
}
