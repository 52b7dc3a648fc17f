package dev.belfry.store.chunk;

import dev.belfry.model.series.FloatHistogram;
import dev.belfry.model.wire.WireFormatException;
import dev.belfry.model.wire.WireReader;
import org.jspecify.annotations.Nullable;

/**
 * Reads what {@link ChunkEncoder} wrote; damage is a {@link WireFormatException}, or other samples
 * where no checksum was looked at. Keeps working space, so it is for one thread; make one for each.
 */
public final class ChunkDecoder {
    /** Bytes behind the end of what is read with which the arrays need not be copied. */
    public static final int SLACK_BYTES = BitPacking.SLACK_BYTES;

    /**
     * What stands in front of a column of times.
     *
     * @param count how many there are, at least 1
     * @param minMillis the first
     * @param maxMillis the last
     */
    record TimeHeader(int count, long minMillis, long maxMillis) {}

    private final TimeColumn times = new TimeColumn();
    private final HistogramColumn histograms = new HistogramColumn();
    private final Padding padding = new Padding();
    private DoubleColumn doubles = new DoubleColumn();
    private DoubleColumn doublesBefore = new DoubleColumn();

    private static TimeHeader timeHeader(WireReader in) {
        int version = in.u8();
        if (version != ChunkEncoder.VERSION) {
            throw in.wrong("times of version " + version, "version " + ChunkEncoder.VERSION);
        }
        return TimeColumn.readHeader(in);
    }

    /**
     * Reads times into {@code timesMillis} from index {@code at} on, where there is room.
     *
     * @return how many
     */
    public int times(byte[] bytes, int from, int length, long[] timesMillis, int at) {
        WireReader in = padding.reader(bytes, from, length);
        TimeHeader header = timeHeader(in);
        if (header.count() > timesMillis.length - at) {
            throw in.wrong(header.count() + " times", "room for them");
        }
        times.read(in, header, timesMillis, at);
        end(in);
        return header.count();
    }

    /** Whether the column of samples that begins at {@code bytes[from]} has histograms. */
    public static boolean hasHistograms(byte[] bytes, int from) {
        return bytes[from] == (ChunkEncoder.VERSION << 4 | ChunkEncoder.HISTOGRAMS);
    }

    /** Whether the column of samples that begins at {@code bytes[from]} needs the one before it. */
    public static boolean isBeside(byte[] bytes, int from) {
        return bytes[from] == (ChunkEncoder.VERSION << 4 | ChunkEncoder.FLOATS)
                && DoubleColumn.isBeside(bytes[from + 1]);
    }

    /**
     * Reads values into {@code values} from index {@code at} on. A column that was written beside
     * another is read right after it.
     */
    public void floats(byte[] bytes, int from, int length, double[] values, int at, int count) {
        floats(bytes, from, length, values, at, count, RowRanges.all(count));
    }

    /**
     * The same, but only the values of {@code rows}, counted from 0, are sure to be read; a column
     * that was written beside another is read with the same rows.
     */
    public void floats(
            byte[] bytes,
            int from,
            int length,
            double[] values,
            int at,
            int count,
            RowRanges rows) {
        WireReader in = padding.reader(bytes, from, length);
        kind(in, ChunkEncoder.FLOATS);
        DoubleColumn swap = doublesBefore;
        doublesBefore = doubles;
        doubles = swap;
        doubles.read(in, values, at, count, rows, doublesBefore);
        end(in);
    }

    /** Reads rows: a histogram, or a value and no histogram. */
    public void histograms(
            byte[] bytes,
            int from,
            int length,
            double[] values,
            @Nullable FloatHistogram[] rows,
            int at,
            int count) {
        WireReader in = padding.reader(bytes, from, length);
        kind(in, ChunkEncoder.HISTOGRAMS);
        histograms.read(in, values, rows, at, count);
        end(in);
    }

    private static void kind(WireReader in, int kind) {
        int found = in.u8();
        if (found != (ChunkEncoder.VERSION << 4 | kind)) {
            throw in.wrong("samples of kind " + found, "version 1, kind " + kind);
        }
    }

    private static void end(WireReader in) {
        if (in.remaining() > 0) {
            throw in.wrong(in.remaining() + " bytes more", "the end");
        }
    }
}
