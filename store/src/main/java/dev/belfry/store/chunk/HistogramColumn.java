package dev.belfry.store.chunk;

import dev.belfry.model.series.FloatHistogram;
import dev.belfry.model.wire.WireReader;
import dev.belfry.model.wire.WireWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A column of native histograms, with numbers among them; reused; for one thread. */
final class HistogramColumn {
    /*
     *   layouts, varint │ layout … │ a column of longs: for each row 0 (a number) or its layout + 1
     *   numbers: a column of doubles, when there are rows with one
     *   for each layout, of its rows:
     *     hints, a column of longs │ zero counts │ for each bucket of the layout, its counts
     *     │ sums │ 1 when all counts are the sum of what is in the buckets, else 0 and the counts
     *
     *   layout: schema u8 │ zero threshold, 8 bytes │ bounds: how many, doubles
     *           │ buckets above zero: how many, a column of indexes │ those below
     *
     * A layout has the buckets of all its rows; who lacks one has a count of 0 there, which a
     * histogram does not keep. Each bucket is a column, and grows slowly.
     */
    private static final int BUCKETS_MAX = 1 << 20;
    private static final int LAYOUTS_TRIED = 8;
    private static final FloatHistogram.ResetHint[] HINTS = FloatHistogram.ResetHint.values();

    private final LongColumn longs = new LongColumn();
    private final DoubleColumn doubles = new DoubleColumn();
    private long[] rowLayouts = new long[0];
    private long[] integers = new long[0];
    private double[] column = new double[0];

    /** What histograms of one shape have in common. */
    private static final class Layout {
        final int schema;
        final double zeroThreshold;
        final double[] bounds;
        int[] positive = {};
        int[] negative = {};

        Layout(int schema, double zeroThreshold, double[] bounds) {
            this.schema = schema;
            this.zeroThreshold = zeroThreshold;
            this.bounds = bounds;
        }

        /* Whether the histogram belongs to it; its buckets then do as well. */
        boolean take(FloatHistogram histogram) {
            if (!holds(histogram)) {
                return false;
            }
            int[] above = union(positive, histogram.positiveIndexes());
            int[] below = union(negative, histogram.negativeIndexes());
            if (above.length + below.length > bucketsMax(histogram)) {
                return false;
            }
            positive = above;
            negative = below;
            return true;
        }

        /* Where buckets wander, a new layout is smaller than columns that are mostly zeros. */
        private static int bucketsMax(FloatHistogram histogram) {
            return 64 + 4 * buckets(histogram);
        }

        private boolean holds(FloatHistogram histogram) {
            return schema == histogram.schema()
                    && Double.doubleToRawLongBits(zeroThreshold)
                            == Double.doubleToRawLongBits(histogram.zeroThreshold())
                    && sameBits(bounds, histogram.bounds());
        }

        private static boolean sameBits(double[] first, double[] second) {
            boolean same = first.length == second.length;
            for (int i = 0; same && i < first.length; i++) {
                same =
                        Double.doubleToRawLongBits(first[i])
                                == Double.doubleToRawLongBits(second[i]);
            }
            return same;
        }
    }

    private static int buckets(FloatHistogram histogram) {
        return histogram.positiveIndexes().length + histogram.negativeIndexes().length;
    }

    /** How many of the rows from {@code from} on may be one chunk; at least 1. */
    static int rowsThatFit(@Nullable FloatHistogram[] histograms, int from, int count) {
        long widest = 1;
        for (int row = 0; row < count; row++) {
            FloatHistogram histogram = histograms[from + row];
            widest = histogram == null ? widest : Math.max(widest, Layout.bucketsMax(histogram));
            if (row > 0 && (row + 1) * widest > Limits.HISTOGRAM_CELLS_MAX) {
                return row;
            }
        }
        return count;
    }

    /** Writes the rows: a histogram, or a value where there is none. */
    void write(
            double[] values,
            @Nullable FloatHistogram[] histograms,
            int from,
            int count,
            WireWriter out) {
        room(count);
        List<Layout> layouts = new ArrayList<>();
        int numbers = 0;
        for (int i = 0; i < count; i++) {
            FloatHistogram histogram = histograms[from + i];
            rowLayouts[i] = histogram == null ? 0 : 1 + layoutOf(histogram, layouts);
            if (histogram == null) {
                column[numbers++] = values[from + i];
            }
        }
        out.varint(layouts.size());
        for (Layout layout : layouts) {
            write(layout, out);
        }
        longs.write(rowLayouts, count, out);
        if (numbers > 0) {
            doubles.write(column, 0, numbers, out);
        }
        for (int i = 0; i < layouts.size(); i++) {
            List<FloatHistogram> rows = new ArrayList<>();
            for (int row = 0; row < count; row++) {
                FloatHistogram histogram = histograms[from + row];
                if (histogram != null && rowLayouts[row] == i + 1) {
                    rows.add(histogram);
                }
            }
            writeRows(layouts.get(i), rows, out);
        }
    }

    private static int layoutOf(FloatHistogram histogram, List<Layout> layouts) {
        int oldest = Math.max(0, layouts.size() - LAYOUTS_TRIED);
        for (int i = layouts.size() - 1; i >= oldest; i--) {
            if (layouts.get(i).take(histogram)) {
                return i;
            }
        }
        Layout layout =
                new Layout(histogram.schema(), histogram.zeroThreshold(), histogram.bounds());
        layout.positive = histogram.positiveIndexes();
        layout.negative = histogram.negativeIndexes();
        layouts.add(layout);
        return layouts.size() - 1;
    }

    private static int[] union(int[] known, int[] more) {
        int at = 0;
        int missing = 0;
        for (int index : more) {
            while (at < known.length && known[at] < index) {
                at++;
            }
            missing += at < known.length && known[at] == index ? 0 : 1;
        }
        if (missing == 0) {
            return known;
        }
        int[] all = Arrays.copyOf(known, known.length + more.length);
        System.arraycopy(more, 0, all, known.length, more.length);
        return Arrays.stream(all).sorted().distinct().toArray();
    }

    private void write(Layout layout, WireWriter out) {
        out.u8(layout.schema);
        out.i64(Double.doubleToRawLongBits(layout.zeroThreshold));
        out.varint(layout.bounds.length);
        if (layout.bounds.length > 0) {
            doubles.write(layout.bounds, 0, layout.bounds.length, out);
        }
        for (int[] indexes : new int[][] {layout.positive, layout.negative}) {
            out.varint(indexes.length);
            longs.write(Arrays.stream(indexes).asLongStream().toArray(), indexes.length, out);
        }
    }

    private void writeRows(Layout layout, List<FloatHistogram> rows, WireWriter out) {
        int count = rows.size();
        double[] sums = new double[count];
        for (int row = 0; row < count; row++) {
            integers[row] = rows.get(row).hint().ordinal();
            sums[row] = column[row] = rows.get(row).zeroCount();
        }
        longs.write(integers, count, out);
        doubles.write(column, 0, count, out);
        int[] places = new int[count];
        for (int index : layout.positive) {
            for (int row = 0; row < count; row++) {
                FloatHistogram histogram = rows.get(row);
                int[] indexes = histogram.positiveIndexes();
                int place = places[row];
                boolean there = place < indexes.length && indexes[place] == index;
                column[row] = there ? histogram.positiveCounts()[place] : 0;
                places[row] = there ? place + 1 : place;
            }
            writeBucket(count, sums, out);
        }
        Arrays.fill(places, 0);
        for (int index : layout.negative) {
            for (int row = 0; row < count; row++) {
                FloatHistogram histogram = rows.get(row);
                int[] indexes = histogram.negativeIndexes();
                int place = places[row];
                boolean there = place < indexes.length && indexes[place] == index;
                column[row] = there ? histogram.negativeCounts()[place] : 0;
                places[row] = there ? place + 1 : place;
            }
            writeBucket(count, sums, out);
        }
        writeTotals(rows, sums, out);
    }

    private void writeBucket(int count, double[] sums, WireWriter out) {
        for (int row = 0; row < count; row++) {
            sums[row] += column[row];
        }
        doubles.write(column, 0, count, out);
    }

    private void writeTotals(List<FloatHistogram> rows, double[] sums, WireWriter out) {
        int count = rows.size();
        boolean derived = true;
        for (int row = 0; row < count; row++) {
            column[row] = rows.get(row).sum();
            long bits = Double.doubleToRawLongBits(rows.get(row).count());
            derived &= bits == Double.doubleToRawLongBits(sums[row]);
        }
        doubles.write(column, 0, count, out);
        out.u8(derived ? 1 : 0);
        if (!derived) {
            for (int row = 0; row < count; row++) {
                column[row] = rows.get(row).count();
            }
            doubles.write(column, 0, count, out);
        }
    }

    /** Reads rows into {@code values} and {@code histograms} from {@code at} on. */
    void read(
            WireReader in,
            double[] values,
            @Nullable FloatHistogram[] histograms,
            int at,
            int count) {
        room(count);
        int size = in.count("layouts", Math.min(count, in.remaining()));
        Layout[] layouts = new Layout[size];
        for (int i = 0; i < size; i++) {
            layouts[i] = readLayout(in);
        }
        longs.read(in, rowLayouts, count);
        int[] sizes = new int[size + 1];
        for (int row = 0; row < count; row++) {
            if (rowLayouts[row] < 0 || rowLayouts[row] > size) {
                throw in.wrong("layout " + rowLayouts[row], "at most " + size);
            }
            sizes[(int) rowLayouts[row]]++;
        }
        if (sizes[0] > 0) {
            doubles.read(in, column, 0, sizes[0]);
        }
        int number = 0;
        for (int row = 0; row < count; row++) {
            boolean numeric = rowLayouts[row] == 0;
            values[at + row] = numeric ? column[number++] : 0;
            histograms[at + row] = null;
        }
        for (int i = 0; i < size; i++) {
            FloatHistogram[] rows = readRows(layouts[i], sizes[i + 1], in);
            int next = 0;
            for (int row = 0; row < count; row++) {
                if (rowLayouts[row] == i + 1) {
                    histograms[at + row] = rows[next++];
                }
            }
        }
    }

    private Layout readLayout(WireReader in) {
        int schema = (byte) in.u8();
        boolean exponential =
                schema >= FloatHistogram.SCHEMA_MIN && schema <= FloatHistogram.SCHEMA_MAX;
        if (!exponential && schema != FloatHistogram.CUSTOM) {
            throw in.wrong("schema " + schema, "-53 or -4 to 8");
        }
        double zeroThreshold = Double.longBitsToDouble(in.i64());
        double[] bounds = new double[in.count("bounds", BUCKETS_MAX)];
        if (bounds.length > 0) {
            doubles.read(in, bounds, 0, bounds.length);
        }
        Layout layout = new Layout(schema, zeroThreshold, bounds);
        layout.positive = readIndexes(in);
        layout.negative = readIndexes(in);
        return layout;
    }

    private int[] readIndexes(WireReader in) {
        long[] wide = new long[in.count("buckets", BUCKETS_MAX)];
        longs.read(in, wide, wide.length);
        int[] indexes = new int[wide.length];
        for (int i = 0; i < wide.length; i++) {
            indexes[i] = (int) wide[i];
            if (indexes[i] != wide[i] || i > 0 && indexes[i] <= indexes[i - 1]) {
                throw in.wrong("bucket " + wide[i], "ascending indexes");
            }
        }
        return indexes;
    }

    private FloatHistogram[] readRows(Layout layout, int count, WireReader in) {
        long[] hints = new long[count];
        longs.read(in, hints, count);
        double[] zeros = new double[count];
        doubles.read(in, zeros, 0, count);
        double[] totals = zeros.clone();
        double[][] positive = readBuckets(layout.positive.length, totals, in);
        double[][] negative = readBuckets(layout.negative.length, totals, in);
        double[] sums = new double[count];
        doubles.read(in, sums, 0, count);
        if (in.u8() == 0) {
            doubles.read(in, totals, 0, count);
        }
        FloatHistogram[] rows = new FloatHistogram[count];
        for (int row = 0; row < count; row++) {
            if (hints[row] < 0 || hints[row] >= HINTS.length) {
                throw in.wrong("reset hint " + hints[row], "0-3");
            }
            rows[row] =
                    new FloatHistogram(
                            layout.schema,
                            HINTS[(int) hints[row]],
                            totals[row],
                            sums[row],
                            layout.zeroThreshold,
                            zeros[row],
                            layout.positive,
                            positive[row],
                            layout.negative,
                            negative[row],
                            layout.bounds);
        }
        return rows;
    }

    /* By row and bucket; adds them to the totals. */
    private double[][] readBuckets(int buckets, double[] totals, WireReader in) {
        int count = totals.length;
        if ((long) buckets * count > Limits.HISTOGRAM_CELLS_MAX) {
            throw in.wrong(
                    buckets + " buckets of " + count + " rows",
                    "at most " + Limits.HISTOGRAM_CELLS_MAX + " counts");
        }
        double[][] rows = new double[count][buckets];
        for (int bucket = 0; bucket < buckets; bucket++) {
            doubles.read(in, column, 0, count);
            for (int row = 0; row < count; row++) {
                rows[row][bucket] = column[row];
                totals[row] += column[row];
            }
        }
        return rows;
    }

    private void room(int count) {
        if (column.length < count) {
            int size = Math.max(count, 2 * column.length);
            column = new double[size];
            rowLayouts = new long[size];
            integers = new long[size];
        }
    }
}
