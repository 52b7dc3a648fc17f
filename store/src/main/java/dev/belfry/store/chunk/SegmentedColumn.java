package dev.belfry.store.chunk;

import dev.belfry.model.wire.WireReader;
import dev.belfry.model.wire.WireWriter;

/**
 * A column of longs of which any rows can be read without those far before them; reused; for one
 * thread.
 */
final class SegmentedColumn {
    /*
     *   head u8 │ base, zigzag varint │ step, varint │ rows of a segment, varint
     *           │ order 1: a column of the values at which segments begin, and of the last one
     *           │ order 0, smoothed: a column of averages, one for each segment
     *           │ quotients, coded in segments
     *
     * Order, base, step and quotients are those of a LongColumn. Of a segment of order 1 the last
     * difference is not written, since the next begin gives it. Where quotients are smoothed, a
     * segment needs an average to begin with: of order 1 it is the mean of its quotients, which is
     * known from its two begins.
     *
     * A segment adds some 44 bits; half of one is read for nothing before a row in its middle.
     */
    private static final int SEGMENT_BITS = 3072;
    private static final int ROWS_MAX = 512;
    private static final int LOSS_MAX = 16;
    private static final int AVERAGED = 16;

    /* None is shorter; it bounds how deep columns of begins have begins of their own. */
    private static final int ROWS_MIN = 8;

    private final SegmentCoder coder = new SegmentCoder();
    private final LongColumn perSegment = new LongColumn();

    /* What segments begin with; where each ends, or up to where it is read. */
    private long[] begins = new long[0];
    private int[] ends = new int[0];

    /**
     * Writes {@code values[0 .. count)} with their head; false, and nothing written, when that is
     * dear.
     *
     * @param quotients of values (order 0) or of differences (1), from index {@code order} on; they
     *     are overwritten
     * @param bits what they take without segments
     */
    boolean write(
            long[] values,
            int count,
            long[] quotients,
            int order,
            boolean smoothed,
            long base,
            long step,
            long bits,
            WireWriter out) {
        int all = count - order;
        int least = (int) Math.max(bits / SEGMENT_BITS, Math.ceilDiv(all, ROWS_MAX));
        int rows = Math.ceilDiv(all, least);
        int segments = Math.ceilDiv(all, rows);
        room(segments);
        int kept = 0;
        for (int i = 0; i < segments; i++) {
            int from = order + i * rows;
            int end = Math.min(from + rows, count);
            int coded = end - from - order;
            System.arraycopy(quotients, from, quotients, kept, coded);
            if (order == 1) {
                begins[i] = values[from - 1];
            }
            if (smoothed) {
                long average =
                        order == 1
                                ? mean(begins[i], values[end - 1], end - from, base, step)
                                : firstAverage(quotients, kept, kept + coded);
                LongColumn.smooth(quotients, kept, kept + coded, average);
                begins[i] = order == 1 ? begins[i] : average;
            }
            kept += coded;
            ends[i] = kept;
        }
        if (coder.estimateBits(quotients, kept) > bits + bits / LOSS_MAX) {
            return false;
        }
        out.u8(order | (smoothed ? LongColumn.SMOOTHED_SEGMENTS : LongColumn.SEGMENTS) << 2);
        LongColumn.zigzag(out, base);
        LongColumn.wide(out, step);
        out.varint(rows);
        if (order == 1) {
            begins[segments] = values[count - 1];
            perSegment.write(begins, segments + 1, out);
        } else if (smoothed) {
            perSegment.write(begins, segments, out);
        }
        coder.write(quotients, ends, segments, perSegment, out);
        return true;
    }

    /* Of the quotients between two values that are {@code rows} apart, about. */
    private static long mean(long first, long last, int rows, long base, long step) {
        return ((last - first) / rows - base) / step;
    }

    private static long firstAverage(long[] quotients, int from, int end) {
        int to = Math.min(end, from + AVERAGED);
        double sum = 0;
        for (int i = from; i < to; i++) {
            sum += quotients[i];
        }
        return (long) (sum / (to - from));
    }

    private void room(int segments) {
        if (ends.length < segments) {
            ends = new int[segments];
            begins = new long[segments + 1];
        }
    }

    /**
     * Reads what follows on the head into {@code values[0 .. count)}, of which only the rows {@code
     * wanted} are sure to be read; the reader's array has slack behind its end.
     */
    void read(
            WireReader in,
            int order,
            boolean smoothed,
            long[] values,
            int count,
            RowRanges wanted) {
        if (count <= order) {
            throw in.wrong("segments of " + count + " values", "more than " + order);
        }
        long base = LongColumn.unzigzag(LongColumn.wide(in));
        long step = LongColumn.wide(in);
        int rows = in.count("rows of a segment", count);
        if (step == 0 || rows < ROWS_MIN) {
            throw in.wrong("step " + step + ", segments of " + rows + " rows", "not 0, 8–" + count);
        }
        int coded = count - order;
        int segments = Math.ceilDiv(coded, rows);
        room(segments);
        if (order == 1 || smoothed) {
            perSegment.read(in, begins, segments + order);
        }
        coder.open(in, segments, perSegment);
        findEnds(wanted, rows, segments, coded, count);
        try {
            for (int i = 0; i < segments; i++) {
                int from = i * rows + order;
                int end = Math.min(i * rows + rows, coded);
                int stop = Math.min(ends[i], end);
                if (from < stop) {
                    coder.read(i, from, stop - from, stop == end, values);
                }
            }
            coder.end(values);
        } catch (IndexOutOfBoundsException _) { // what is damaged may point anywhere
            throw in.wrong("values that go beyond their segments", "as many as were written");
        }
        for (int i = 0; i < segments; i++) {
            int from = i * rows;
            int end = Math.min(from + rows, coded);
            int stop = Math.min(ends[i], end);
            if (order == 0) {
                if (smoothed) {
                    LongColumn.unsmooth(values, from, stop, begins[i]);
                }
                LongColumn.multiply(values, from, stop, base, step);
            } else if (from < stop) {
                if (smoothed) {
                    long mean = mean(begins[i], begins[i + 1], end - from, base, step);
                    LongColumn.unsmooth(values, from + 1, stop, mean);
                }
                sum(values, begins[i], from, stop, base, step);
            }
        }
        if (order == 1) {
            values[count - 1] = begins[segments];
        }
    }

    /* Up to which row each segment is wanted, in `ends`; 0 for one that is not. */
    private void findEnds(RowRanges wanted, int rows, int segments, int coded, int count) {
        int range = 0;
        for (int i = 0; i < segments; i++) {
            int from = i * rows;
            int end = i == segments - 1 ? count : Math.min(from + rows, coded);
            ends[i] = 0;
            while (range < wanted.size() && wanted.from(range) < end) {
                ends[i] = Math.min(end, wanted.to(range));
                if (wanted.to(range) > end) {
                    break;
                }
                range++;
            }
        }
    }

    private static void sum(long[] values, long first, int from, int end, long base, long step) {
        long sum = first;
        values[from] = sum;
        for (int i = from + 1; i < end; i++) {
            sum += base + step * values[i];
            values[i] = sum;
        }
    }
}
