package dev.belfry.store.chunk;

import dev.belfry.model.series.FloatHistogram;
import dev.belfry.model.wire.WireWriter;
import org.jspecify.annotations.Nullable;

/**
 * Writes columns of times and of samples ({@code docs/formats/chunk.md}), which {@link
 * ChunkDecoder} reads. Keeps working space, so it is for one thread; make one for each.
 */
public final class ChunkEncoder {
    static final int VERSION = 1;
    static final int FLOATS = 0;
    static final int HISTOGRAMS = 1;

    private final TimeColumn times = new TimeColumn();
    private final HistogramColumn histograms = new HistogramColumn();
    private DoubleColumn doubles = new DoubleColumn();
    private DoubleColumn doublesBefore = new DoubleColumn();

    /**
     * Writes the times {@code [from .. from + count)}, count at least 1.
     *
     * @throws IllegalArgumentException when they do not ascend or are too many
     */
    public void times(long[] timesMillis, int from, int count, WireWriter out) {
        out.u8(VERSION);
        times.write(timesMillis, from, count, out);
    }

    /** Writes the values {@code [from .. from + count)}. */
    public void floats(double[] values, int from, int count, WireWriter out) {
        swap();
        out.u8(VERSION << 4 | FLOATS);
        doubles.write(values, from, count, out);
    }

    /**
     * Writes values that may be like those of {@link #floats} or this method right before, of the
     * same times; they can be read only after them.
     */
    public void floatsBeside(double[] values, int from, int count, WireWriter out) {
        swap();
        out.u8(VERSION << 4 | FLOATS);
        doubles.write(values, from, count, doublesBefore, out);
    }

    private void swap() {
        DoubleColumn swap = doublesBefore;
        doublesBefore = doubles;
        doubles = swap;
    }

    /**
     * How many of the rows from {@code from} on {@link #histograms} may take, so that the column
     * stays below {@link Limits#HISTOGRAM_CELLS_MAX}; at least 1.
     */
    public static int rowsThatFit(@Nullable FloatHistogram[] rows, int from, int count) {
        return HistogramColumn.rowsThatFit(rows, from, count);
    }

    /** Writes rows: the histogram, or the value where there is none. */
    public void histograms(
            double[] values, @Nullable FloatHistogram[] rows, int from, int count, WireWriter out) {
        out.u8(VERSION << 4 | HISTOGRAMS);
        histograms.write(values, rows, from, count, out);
    }
}
