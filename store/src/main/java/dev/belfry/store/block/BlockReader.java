package dev.belfry.store.block;

import dev.belfry.model.series.FloatHistogram;
import dev.belfry.model.wire.WireFormatException;
import dev.belfry.model.wire.WireReader;
import dev.belfry.store.chunk.ChunkDecoder;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Reads samples of blocks into arrays that it uses again. For one thread. */
public final class BlockReader {
    /* The longest varint in front of a cell. */
    private static final int LENGTH_BYTES_MAX = 5;

    private final ChunkDecoder decoder = new ChunkDecoder();
    private byte[] bytes = new byte[1 << 12];
    private long[] times = new long[0];
    private double[] values = new double[0];
    private @Nullable FloatHistogram[] histograms = {};
    private boolean withHistograms;

    /* The columns of times and values that the arrays hold. */
    private @Nullable Block timesBlock;
    private int timesColumn;
    private int timesCount;
    private @Nullable Block chunkBlock;
    private long chunkPlace;
    private int chunkColumn;

    /* Where the series after the one that was read last begins: mostly it is read next. */
    private @Nullable Block entryBlock;
    private int nextEntry;

    /**
     * Gives the samples of {@code series} from {@code startMillis} to {@code endMillis}, both
     * inclusive, to {@code sink}, ascending. The caller has acquired the block. What is damaged is
     * left out, and told to the block's listener.
     */
    public void read(Block block, int series, long startMillis, long endMillis, SampleSink sink) {
        read(block, series, startMillis, endMillis, null, sink);
    }

    /** The same, but only of samples in {@code windows}, if there are any. */
    public void read(
            Block block,
            int series,
            long startMillis,
            long endMillis,
            @Nullable Windows windows,
            SampleSink sink) {
        BlockDirectory directory = block.directory();
        int entries = block.info().chunks();
        for (int entry = find(block, series); entry < entries; entry++) {
            if (directory.series(entry) != series) {
                entryBlock = block;
                nextEntry = entry;
                return;
            }
            int column = directory.times(entry);
            if (!directory.soundTimes(column)
                    || directory.timesMax(column) < startMillis
                    || directory.timesMin(column) > endMillis
                    || (windows != null
                            && !windows.touch(
                                    directory.timesMin(column), directory.timesMax(column)))) {
                continue;
            }
            if (loadTimes(block, column)
                    && loadColumn(block, directory.place(entry), directory.column(entry))) {
                give(startMillis, endMillis, windows, sink);
            }
        }
    }

    private int find(Block block, int series) {
        return block == entryBlock && block.directory().series(nextEntry) == series
                ? nextEntry
                : block.directory().find(series);
    }

    /**
     * Adds the steps of {@code series} in a block of a tier that end from {@code startMillis} to
     * {@code endMillis}, both inclusive, to {@code steps}, and gives the last histograms of steps
     * that had any to {@code histogramSink}.
     */
    public void readSteps(
            Block block,
            int series,
            long startMillis,
            long endMillis,
            TierSteps steps,
            SampleSink histogramSink) {
        BlockDirectory directory = block.directory();
        int entries = block.info().chunks();
        for (int entry = directory.find(series); entry < entries; entry++) {
            if (directory.series(entry) != series) {
                return;
            }
            int column = directory.times(entry);
            if (!directory.soundTimes(column)
                    || directory.timesMax(column) < startMillis
                    || directory.timesMin(column) > endMillis
                    || !loadTimes(block, column)
                    || !loadColumn(block, directory.place(entry), 0)) {
                continue;
            }
            if (withHistograms) {
                give(startMillis, endMillis, null, histogramSink);
            } else {
                giveSteps(block, directory.place(entry), startMillis, endMillis, steps);
            }
        }
    }

    private void giveSteps(Block block, long place, long start, long end, TierSteps steps) {
        double[][] columns = new double[Aggregate.SIZE][];
        for (int i = 0; i < Aggregate.SIZE; i++) {
            if (!loadColumn(block, place, i)) {
                return;
            }
            columns[i] = Arrays.copyOf(values, timesCount);
        }
        int from = lowerBound(start);
        int to = times[timesCount - 1] <= end ? timesCount : lowerBound(end + 1);
        steps.append(times, block.info().tierMillis(), columns, from, to);
    }

    private void give(
            long startMillis, long endMillis, @Nullable Windows windows, SampleSink sink) {
        int from = times[0] >= startMillis ? 0 : lowerBound(startMillis);
        int to = times[timesCount - 1] <= endMillis ? timesCount : lowerBound(endMillis + 1);
        if (windows == null) {
            take(from, to, sink);
            return;
        }
        int at = from;
        while (at < to) {
            long begin = windows.beginOfNext(times[at]);
            int first = lowerBound(at, to, begin);
            at = lowerBound(first, to, begin + windows.lengthMillis() + 1);
            take(first, at, sink);
        }
    }

    private void take(int from, int to, SampleSink sink) {
        if (from < to) {
            sink.take(times, values, withHistograms ? histograms : null, from, to);
        }
    }

    private int lowerBound(long time) {
        return lowerBound(0, timesCount, time);
    }

    private int lowerBound(int from, int to, long time) {
        int found = Arrays.binarySearch(times, from, to, time);
        return found < 0 ? -found - 1 : found;
    }

    boolean loadTimes(Block block, int column) {
        if (timesBlock == block && timesColumn == column) {
            return true;
        }
        timesBlock = null;
        chunkBlock = null;
        BlockDirectory directory = block.directory();
        int count = directory.timesCount(column);
        long place = directory.timesCell(column);
        int length = load(block, place);
        if (length < 0) {
            return false;
        }
        try {
            room(count);
            int read = decoder.times(bytes, 0, length, times, 0);
            if (read != count
                    || times[0] != directory.timesMin(column)
                    || times[count - 1] != directory.timesMax(column)) {
                block.damaged(place, read + " other times", "what the directory says");
                return false;
            }
        } catch (WireFormatException broken) {
            block.damaged(place, String.valueOf(broken.getMessage()), "times");
            return false;
        }
        timesBlock = block;
        timesColumn = column;
        timesCount = count;
        return true;
    }

    private void room(int count) {
        if (count < 1 || count > dev.belfry.store.chunk.Limits.CHUNK_SAMPLES_MAX) {
            throw new WireFormatException(0, count + " samples", "1–65536");
        }
        if (times.length < count) {
            times = new long[count];
            values = new double[count];
        }
    }

    /* Loads the values of a column whose times are loaded. */
    private boolean loadColumn(Block block, long place, int column) {
        int have = chunkBlock == block && chunkPlace == place ? chunkColumn : -1;
        if (have == column) {
            return true;
        }
        chunkBlock = null;
        int length = load(block, place);
        if (length < 0) {
            return false;
        }
        try {
            decode(length, column, have);
        } catch (WireFormatException broken) {
            block.damaged(place, String.valueOf(broken.getMessage()), "a chunk");
            return false;
        }
        chunkBlock = block;
        chunkPlace = place;
        chunkColumn = column;
        return true;
    }

    /* Columns that are written as differences need those before them, back to one that is not. */
    private void decode(int length, int column, int have) {
        WireReader in = new WireReader(bytes, 0, length);
        int columns = in.u8() + 1;
        if (column >= columns) {
            throw in.wrong(columns + " columns", "over " + column);
        }
        int[] starts = new int[columns + 1];
        for (int i = 1; i < columns; i++) {
            starts[i] = starts[i - 1] + in.count("bytes", length);
        }
        int base = in.position();
        starts[columns] = length - base;
        if (starts[columns - 1] > starts[columns]) {
            throw in.wrong("columns of " + starts[columns - 1] + " bytes", "" + starts[columns]);
        }
        int from = column;
        while (from > 0 && from != have + 1 && ChunkDecoder.isBeside(bytes, base + starts[from])) {
            from--;
        }
        for (int i = from; i <= column; i++) {
            decodeColumn(base + starts[i], starts[i + 1] - starts[i]);
        }
    }

    private void decodeColumn(int from, int length) {
        withHistograms = length > 0 && ChunkDecoder.hasHistograms(bytes, from);
        if (withHistograms) {
            if (histograms.length < times.length) {
                histograms = new @Nullable FloatHistogram[times.length];
            }
            decoder.histograms(bytes, from, length, values, histograms, 0, timesCount);
        } else {
            decoder.floats(bytes, from, length, values, 0, timesCount);
        }
    }

    /** Loads a cell into {@link #bytes}; its length, or -1 when it is damaged and was reported. */
    int load(Block block, long place) {
        MemorySegment file = block.file();
        int length = 0;
        int header = 0;
        int next = 0x80;
        while (next >= 0x80) {
            if (place < 0 || place + header >= file.byteSize() || header == LENGTH_BYTES_MAX) {
                block.damaged(place, "no length", "a cell");
                return -1;
            }
            next = file.get(ValueLayout.JAVA_BYTE, place + header) & 0xFF;
            length |= (next & 0x7F) << 7 * header++;
        }
        long from = place + header + Integer.BYTES;
        if (length < 0 || from + length > file.byteSize()) {
            block.damaged(place, "a length of " + length, "a cell inside the file");
            return -1;
        }
        if (bytes.length < length + ChunkDecoder.SLACK_BYTES) {
            bytes = new byte[Math.max(length + ChunkDecoder.SLACK_BYTES, 2 * bytes.length)];
        }
        MemorySegment.copy(file, ValueLayout.JAVA_BYTE, from, bytes, 0, length);
        if (file.get(BlockFormat.INT, place + header) != BlockFormat.crc(bytes, 0, length)) {
            block.damaged(place, "another checksum", "the cell's");
            return -1;
        }
        return length;
    }

    byte[] bytes() {
        return bytes;
    }

    /** The times that {@link #loadTimes} loaded; longer than they are many. */
    long[] times() {
        return times;
    }
}
