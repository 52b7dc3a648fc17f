package dev.belfry.store.chunk;

import dev.belfry.model.wire.WireReader;
import dev.belfry.model.wire.WireWriter;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A column of longs in few bytes; reused; for one thread. */
final class LongColumn {
    /*
     *   head u8: order (0–2) | form << 2
     *   the first value, zigzag varint, and for order 2 the first difference (as many as there are)
     *   base, zigzag varint │ step, varint          residual = base + step × quotient
     *   form 0: all quotients are 0
     *   form 1: quotients at least 0, bit-packed by groups of 64
     *   form 2: signed quotients, entropy-coded
     *   form 3: what they have more than a smoothed one of those before, entropy-coded
     *   form 4, 5: in segments, entropy-coded (SegmentedColumn), for columns of which often only a
     *     part is wanted; 5 is smoothed
     *
     * Order 0 has the values as residuals, order 1 their differences, order 2 the differences of
     * these. A rate that drifts through the day, with noise of its own, is smoothed: with rests r,
     * the quotient is r + (sum of all r before >> 4), an average of the quotients before in which
     * each counts a sixteenth less than the next. All arithmetic is modulo 2^64, so that every long comes back.
     */
    static final int CONSTANT = 0;
    static final int PACKED = 1;
    static final int ENTROPY = 2;
    static final int SMOOTHED = 3;
    static final int SEGMENTS = 4;
    static final int SMOOTHED_SEGMENTS = 5;
    private static final int SMOOTHING_SHIFT = 4;
    private static final int ORDER_MAX = 2;
    private static final int ENTROPY_VALUES_MIN = 32;
    private static final int SMOOTHED_VALUES_MIN = 256;
    private static final int SAMPLED = 31;

    private static final int SEGMENTS_VALUES_MIN = 1024;

    private final EntropyCoder coder = new EntropyCoder();
    private long[] residuals = new long[0];
    private long[] quotients = new long[0];
    private final long[] sample = new long[SAMPLED];
    private @Nullable SegmentedColumn segmented;

    /* What one order would cost. */
    private int order;
    private int form;
    private long base;
    private long step;
    private long bits;

    /** Writes {@code values[0 .. count)}, which it does not change. */
    void write(long[] values, int count, WireWriter out) {
        room(count);
        choose(values, count);
        writeWhole(values, count, out);
    }

    /** The same, in segments where it is long, since often only some rows are wanted. */
    void writeForRows(long[] values, int count, WireWriter out) {
        room(count);
        choose(values, count);
        boolean isLong = form >= ENTROPY && order <= 1 && count >= SEGMENTS_VALUES_MIN;
        if (!isLong || !writeSegments(values, count, out)) {
            writeWhole(values, count, out);
        }
    }

    private void room(int count) {
        if (residuals.length < count) {
            residuals = new long[Math.max(count, 2 * residuals.length)];
            quotients = new long[residuals.length];
        }
    }

    private void writeWhole(long[] values, int count, WireWriter out) {
        out.u8(order | form << 2);
        int firsts = Math.min(order, count);
        for (int i = 0; i < firsts; i++) {
            zigzag(out, i == 0 ? values[0] : values[1] - values[0]);
        }
        if (count <= order) {
            return;
        }
        zigzag(out, base);
        if (form == CONSTANT) {
            return;
        }
        wide(out, step);
        difference(values, count, order);
        divide(order, count);
        if (form == PACKED) {
            BitPacking.write(quotients, order, count, out);
        } else {
            if (form == SMOOTHED) {
                smooth(quotients, order, count, 0);
            }
            coder.write(quotients, order, count, out);
        }
    }

    private boolean writeSegments(long[] values, int count, WireWriter out) {
        difference(values, count, order);
        divide(order, count);
        boolean smoothed = form == SMOOTHED;
        return segmented().write(values, count, quotients, order, smoothed, base, step, bits, out);
    }

    private SegmentedColumn segmented() {
        SegmentedColumn column = segmented;
        if (column == null) {
            column = new SegmentedColumn();
            segmented = column;
        }
        return column;
    }

    private void choose(long[] values, int count) {
        bits = Long.MAX_VALUE;
        int bestOrder = 0;
        int bestForm = CONSTANT;
        long bestBase = 0;
        long bestStep = 1;
        long best = Long.MAX_VALUE;
        for (order = 0; order <= ORDER_MAX && order <= count; order++) {
            difference(values, count, order);
            measure(order, count);
            if (bits < best) {
                best = bits;
                bestOrder = order;
                bestForm = form;
                bestBase = base;
                bestStep = step;
            }
            if (form == CONSTANT || order == 1 && form >= ENTROPY && !accelerates(values, count)) {
                break;
            }
        }
        bits = best;
        order = bestOrder;
        form = bestForm;
        base = bestBase;
        step = bestStep;
    }

    /*
     * Whether second differences are less than first ones are from their median, `base`. Those of a
     * noisy counter are larger by half, and need not be measured.
     */
    private boolean accelerates(long[] values, int count) {
        double first = 0;
        double second = 0;
        long before = values[1] - values[0];
        for (int i = 2; i < count; i++) {
            long difference = values[i] - values[i - 1];
            first += Math.abs((double) (difference - base));
            second += Math.abs((double) (difference - before));
            before = difference;
        }
        return second < first;
    }

    private void difference(long[] values, int count, int wanted) {
        System.arraycopy(values, 0, residuals, 0, count);
        for (int done = 0; done < wanted; done++) {
            for (int i = count - 1; i > done; i--) {
                residuals[i] -= residuals[i - 1];
            }
        }
    }

    /* Sets form, base, step and bits for the residuals [from, count). */
    private void measure(int from, int count) {
        bits = 8L * from;
        form = CONSTANT;
        base = from < count ? residuals[from] : 0;
        long min = base;
        long max = base;
        for (int i = from; i < count; i++) {
            min = Math.min(min, residuals[i]);
            max = Math.max(max, residuals[i]);
        }
        if (from >= count || min == max) {
            return;
        }
        step = commonStep(from, count, min);
        long first = base;
        base = min;
        divide(from, count);
        form = PACKED;
        long packedBits = 8 * BitPacking.size(quotients, from, count);
        if (count - from >= ENTROPY_VALUES_MIN) {
            base = middle(from, count, first);
            divide(from, count);
            long coded = coder.estimateBits(quotients, from, count);
            long smoothed = Long.MAX_VALUE;
            if (count >= SMOOTHED_VALUES_MIN) {
                smooth(quotients, from, count, 0);
                smoothed = coder.estimateBits(quotients, from, count);
            }
            long better = Math.min(coded, smoothed);
            if (better < packedBits) {
                form = smoothed < coded ? SMOOTHED : ENTROPY;
                bits += better;
                return;
            }
            base = min;
        }
        bits += packedBits;
    }

    /* In place; `mean` is the average to begin with. */
    static void smooth(long[] quotients, int from, int count, long mean) {
        long sum = mean << SMOOTHING_SHIFT;
        for (int i = from; i < count; i++) {
            quotients[i] -= sum >> SMOOTHING_SHIFT;
            sum += quotients[i];
        }
    }

    static void unsmooth(long[] rests, int from, int count, long mean) {
        long sum = mean << SMOOTHING_SHIFT;
        for (int i = from; i < count; i++) {
            long rest = rests[i];
            rests[i] = rest + (sum >> SMOOTHING_SHIFT);
            sum += rest;
        }
    }

    /* What divides all distances from the lowest, 1 when one of them does not fit into a long. */
    private long commonStep(int from, int count, long min) {
        long common = 0;
        for (int i = from; i < count && common != 1; i++) {
            long distance = residuals[i] - min;
            if (distance < 0) {
                return 1;
            }
            common = common != 0 && distance % common == 0 ? common : divisor(common, distance);
        }
        return common;
    }

    private static long divisor(long first, long second) {
        long a = first;
        long b = second;
        while (b != 0) {
            long rest = a % b;
            a = b;
            b = rest;
        }
        return a;
    }

    /* About the median; one of the residuals, so that the step holds. */
    private long middle(int from, int count, long first) {
        int size = Math.min(SAMPLED, count - from);
        for (int i = 0; i < size; i++) {
            sample[i] = residuals[from + (int) ((long) (count - from) * i / size)];
        }
        Arrays.sort(sample, 0, size);
        return size == 0 ? first : sample[size / 2];
    }

    private void divide(int from, int count) {
        if (step == 1) {
            for (int i = from; i < count; i++) {
                quotients[i] = residuals[i] - base;
            }
        } else {
            for (int i = from; i < count; i++) {
                quotients[i] = (residuals[i] - base) / step;
            }
        }
    }

    /** Reads into {@code values[0 .. count)}; the reader's array has slack behind its end. */
    void read(WireReader in, long[] values, int count) {
        read(in, values, count, RowRanges.all(count));
    }

    /** The same, but only {@code rows} are sure to be read. */
    void read(WireReader in, long[] values, int count, RowRanges rows) {
        int head = in.u8();
        int readOrder = head & 3;
        int readForm = head >> 2;
        if (readOrder <= 1 && (readForm == SEGMENTS || readForm == SMOOTHED_SEGMENTS)) {
            segmented().read(in, readOrder, readForm == SMOOTHED_SEGMENTS, values, count, rows);
            return;
        }
        if (readOrder > ORDER_MAX || readForm > SMOOTHED) {
            throw in.wrong("a column of head " + head, "order 0–2 and form 0–5");
        }
        for (int i = 0; i < Math.min(readOrder, count); i++) {
            values[i] = unzigzag(wide(in));
        }
        if (count <= readOrder) {
            sum(values, count, Math.min(readOrder, count));
            return;
        }
        long readBase = unzigzag(wide(in));
        switch (readForm) {
            case CONSTANT -> Arrays.fill(values, readOrder, count, readBase);
            case PACKED -> {
                long readStep = wide(in);
                BitPacking.read(in, values, readOrder, count);
                multiply(values, readOrder, count, readBase, readStep);
            }
            default -> {
                long readStep = wide(in);
                coder.read(in, values, readOrder, count);
                if (readForm == SMOOTHED) {
                    unsmooth(values, readOrder, count, 0);
                }
                multiply(values, readOrder, count, readBase, readStep);
            }
        }
        sum(values, count, readOrder);
    }

    static void multiply(long[] values, int from, int count, long base, long step) {
        for (int i = from; i < count; i++) {
            values[i] = base + step * values[i];
        }
    }

    private static void sum(long[] values, int count, int order) {
        for (int left = order; left > 0; left--) {
            long sum = values[left - 1];
            for (int i = left; i < count; i++) {
                sum += values[i];
                values[i] = sum;
            }
        }
    }

    /* Varints of all 64 bits: WireWriter's end at 63. */
    static void zigzag(WireWriter out, long value) {
        wide(out, value << 1 ^ value >> 63);
    }

    static long unzigzag(long value) {
        return value >>> 1 ^ -(value & 1);
    }

    static void wide(WireWriter out, long value) {
        long rest = value;
        for (; rest < 0 || rest > 0x7F; rest >>>= 7) {
            out.u8((int) rest | 0x80);
        }
        out.u8((int) rest);
    }

    static long wide(WireReader in) {
        long value = 0;
        for (int shift = 0; shift < 70; shift += 7) {
            int next = in.u8();
            value |= (long) (next & 0x7F) << shift;
            if (next < 0x80) {
                return value;
            }
        }
        throw in.wrong("a number of over 10 bytes", "at most 10");
    }
}
