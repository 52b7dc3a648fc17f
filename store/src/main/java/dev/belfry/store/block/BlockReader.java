package dev.belfry.store.block;

import dev.belfry.model.series.FloatHistogram;
import dev.belfry.model.wire.WireFormatException;
import dev.belfry.model.wire.WireReader;
import dev.belfry.store.chunk.ChunkDecoder;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads samples of blocks into arrays that it uses again. For one thread. */
public final class BlockReader {
    /* The longest varint in front of a cell. */
    private static final int LENGTH_BYTES_MAX = 5;

    /* Two MiB of longs: a day at 15 s is 45 KiB. When there are more, reading begins anew. */
    private static final int TIMES_KEPT_MAX = 1 << 18;

    /* What a column takes besides its times, in longs. */
    private static final int TIMES_OVERHEAD = 32;

    private final ChunkDecoder decoder = new ChunkDecoder();
    private byte[] bytes = new byte[1 << 12];
    private double[] values = new double[0];
    private @Nullable FloatHistogram[] histograms = {};
    private boolean withHistograms;

    /* Columns of times: the series of a target have them together, series by series. */
    private record TimesKey(Block block, int column) {}

    private final Map<TimesKey, TimesColumn> timesRead = new HashMap<>();
    private int timesKept;
    private TimesColumn times = new TimesColumn(new long[1]);

    /* The column of values that the array holds, in the rows that these times want. */
    private @Nullable TimesColumn chunkTimes;
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
        TimesColumn.Range range = new TimesColumn.Range(startMillis, endMillis, windows);
        int entries = block.info().chunks();
        for (int entry = find(block, series); entry < entries; entry++) {
            if (directory.series(entry) != series) {
                entryBlock = block;
                nextEntry = entry;
                return;
            }
            int column = directory.times(entry);
            if (directory.soundTimes(column)
                    && range.touches(directory.timesMin(column), directory.timesMax(column))
                    && loadTimes(block, column)
                    && want(range)
                    && loadColumn(block, directory.place(entry), directory.column(entry))) {
                give(sink);
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
                    || !want(TimesColumn.Range.ALL)
                    || !loadColumn(block, directory.place(entry), 0)) {
                continue;
            }
            if (withHistograms) {
                take(times.lowerBound(startMillis), times.upperBound(endMillis), histogramSink);
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
            columns[i] = Arrays.copyOf(values, times.times.length);
        }
        int from = times.lowerBound(start);
        int to = times.upperBound(end);
        steps.append(times.times, block.info().tierMillis(), columns, from, to);
    }

    /* Whether the loaded times have any in the range. */
    private boolean want(TimesColumn.Range range) {
        if (times.want(range)) {
            chunkTimes = null;
        }
        return times.rows.size() > 0;
    }

    private void give(SampleSink sink) {
        for (int i = 0; i < times.rows.size(); i++) {
            take(times.rows.from(i), times.rows.to(i), sink);
        }
    }

    private void take(int from, int to, SampleSink sink) {
        if (from < to) {
            sink.take(times.times, values, withHistograms ? histograms : null, from, to);
        }
    }

    boolean loadTimes(Block block, int column) {
        TimesKey key = new TimesKey(block, column);
        TimesColumn read = timesRead.get(key);
        if (read == null) {
            read = readTimes(block, column);
            if (read == null) {
                return false;
            }
            int size = read.times.length + TIMES_OVERHEAD;
            if (timesKept + size > TIMES_KEPT_MAX) {
                timesRead.clear();
                timesKept = 0;
            }
            timesKept += size;
            timesRead.put(key, read);
        }
        times = read;
        return true;
    }

    private @Nullable TimesColumn readTimes(Block block, int column) {
        BlockDirectory directory = block.directory();
        int count = directory.timesCount(column);
        long place = directory.timesCell(column);
        int length = load(block, place);
        if (length < 0) {
            return null;
        }
        try {
            room(count);
            long[] read = new long[count];
            int found = decoder.times(bytes, 0, length, read, 0);
            if (found != count
                    || read[0] != directory.timesMin(column)
                    || read[count - 1] != directory.timesMax(column)) {
                block.damaged(place, found + " other times", "what the directory says");
                return null;
            }
            return new TimesColumn(read);
        } catch (WireFormatException broken) {
            block.damaged(place, String.valueOf(broken.getMessage()), "times");
            return null;
        }
    }

    private void room(int count) {
        if (count < 1 || count > dev.belfry.store.chunk.Limits.CHUNK_SAMPLES_MAX) {
            throw new WireFormatException(0, count + " samples", "1–65536");
        }
        if (values.length < count) {
            values = new double[count];
            chunkTimes = null;
        }
    }

    /* Loads the values of a column whose times are loaded, at least in the rows that are wanted. */
    private boolean loadColumn(Block block, long place, int column) {
        int have = chunkTimes == times && chunkPlace == place ? chunkColumn : -1;
        if (have == column) {
            return true;
        }
        chunkTimes = null;
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
        chunkTimes = times;
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
            starts[i] = starts[i - 1] + in.count("bytes", length - starts[i - 1]);
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
        if (from == 0 && ChunkDecoder.isBeside(bytes, base)) {
            throw in.wrong("a first column beside another", "one that stands alone");
        }
        for (int i = from; i <= column; i++) {
            decodeColumn(base + starts[i], starts[i + 1] - starts[i]);
        }
    }

    private void decodeColumn(int from, int length) {
        withHistograms = length > 0 && ChunkDecoder.hasHistograms(bytes, from);
        if (withHistograms) {
            if (histograms.length < values.length) {
                histograms = new @Nullable FloatHistogram[values.length];
            }
            decoder.histograms(bytes, from, length, values, histograms, 0, times.times.length);
        } else {
            decoder.floats(bytes, from, length, values, 0, times.times.length, times.rows);
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

    /** The times that {@link #loadTimes} loaded. */
    long[] times() {
        return times.times;
    }
}
