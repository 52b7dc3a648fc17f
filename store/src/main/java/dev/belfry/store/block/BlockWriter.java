package dev.belfry.store.block;

import dev.belfry.model.disk.Disk;
import dev.belfry.model.disk.DiskFile;
import dev.belfry.model.series.FloatHistogram;
import dev.belfry.model.series.Labels;
import dev.belfry.model.wire.WireWriter;
import dev.belfry.store.chunk.ChunkEncoder;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Writes a block under a temporary name, and gives it its own when it is whole and durable. Keeps a
 * chunk, and 16 bytes for each chunk before, in memory. For one thread.
 *
 * <p>Series are told in the order of {@link SeriesOrder}. Samples of one ascend; those of series of
 * one group and the same times are smaller when they come one after the other.
 */
public final class BlockWriter implements Closeable {
    /* A column that is found beside the one of a series. */
    private static final int NO_SERIES = -1;

    private final Disk disk;
    private final Path path;
    private final CellSink cells;
    private final ChunkEncoder encoder = new ChunkEncoder();
    private final TimesTable times = new TimesTable();
    private final Directory directory = new Directory();
    private final WireWriter timesBytes = new WireWriter(1 << 12);

    /* The chunk to which columns are added. */
    private final WireWriter columns = new WireWriter(1 << 14);
    private final WireWriter chunk = new WireWriter(1 << 14);
    private final int[] columnSeries = new int[Limits.CHUNK_COLUMNS_MAX];
    private final int[] columnEnds = new int[Limits.CHUNK_COLUMNS_MAX];
    private int columnCount;
    private long chunkGroup;
    private int chunkTimes;
    private int chunkSamples;
    private boolean joinable;
    private @Nullable SeriesOrder seriesBefore;

    private BlockWriter(Disk disk, Path path, DiskFile file) throws IOException {
        this.disk = disk;
        this.path = path;
        cells = new CellSink(file);
        cells.header();
    }

    /**
     * Begins the block that will be at {@code path}; what is left of an earlier try is replaced.
     */
    public static BlockWriter create(Disk disk, Path path) throws IOException {
        Path temporary = temporary(path);
        disk.delete(temporary);
        return new BlockWriter(disk, path, disk.open(temporary, Disk.Mode.CREATE));
    }

    /** The name that a block has while it is written; such files are to be deleted at the start. */
    public static Path temporary(Path path) {
        return path.resolveSibling(path.getFileName() + ".tmp");
    }

    /**
     * Tells that a series follows: once for each, in the order of series.
     *
     * @throws IllegalStateException when it stands before the one told last
     */
    public void series(SeriesOrder order, Labels labels) throws IOException {
        if (seriesBefore != null && seriesBefore.compareTo(order) >= 0) {
            throw new IllegalStateException("BUG: " + order + " after " + seriesBefore);
        }
        seriesBefore = order;
        directory.labels(order.id(), labels, cells);
    }

    /**
     * Adds the samples {@code [from .. to)} of a series, ascending and above those before.
     *
     * @param order the series and where it stands
     * @param histograms null when all are numbers; else null at the places of numbers
     * @throws IllegalArgumentException when times do not ascend
     */
    public void add(
            SeriesOrder order,
            long[] timesMillis,
            double[] values,
            @Nullable FloatHistogram @Nullable [] histograms,
            int from,
            int to)
            throws IOException {
        int at = from;
        while (at < to) {
            int count = Math.min(Limits.CHUNK_SAMPLES, to - at);
            if (histograms == null) {
                addFloats(order, timesMillis, values, at, count);
            } else {
                count = ChunkEncoder.rowsThatFit(histograms, at, count);
                addHistograms(order, timesMillis, values, histograms, at, count);
            }
            at += count;
        }
    }

    private void addFloats(
            SeriesOrder order, long[] timesMillis, double[] values, int from, int count)
            throws IOException {
        int column = times(timesMillis, from, count);
        boolean joins =
                joinable
                        && chunkGroup == order.group()
                        && chunkTimes == column
                        && columnCount < Limits.CHUNK_COLUMNS_MAX
                        && columns.size() < Limits.CHUNK_BYTES;
        if (joins) {
            encoder.floatsBeside(values, from, count, columns);
        } else {
            begin(order, column, count);
            encoder.floats(values, from, count, columns);
            joinable = order.rank() != 0;
        }
        endColumn(order.id());
    }

    /** Adds the steps of a series in a tier: a chunk has a column for each {@link Aggregate}. */
    void addSteps(SeriesOrder order, TierSteps steps) throws IOException {
        for (int at = 0; at < steps.size; at += Limits.CHUNK_SAMPLES) {
            int count = Math.min(Limits.CHUNK_SAMPLES, steps.size - at);
            begin(order, times(steps.times, at, count), count);
            for (Aggregate aggregate : Aggregate.values()) {
                double[] column = steps.column(aggregate);
                if (aggregate.ordinal() == 0) {
                    encoder.floats(column, at, count, columns);
                } else {
                    encoder.floatsBeside(column, at, count, columns);
                }
                endColumn(aggregate.ordinal() == 0 ? order.id() : NO_SERIES);
            }
        }
        endChunk();
    }

    private void addHistograms(
            SeriesOrder order,
            long[] timesMillis,
            double[] values,
            @Nullable FloatHistogram[] histograms,
            int from,
            int count)
            throws IOException {
        begin(order, times(timesMillis, from, count), count);
        encoder.histograms(values, histograms, from, count, columns);
        endColumn(order.id());
    }

    private void begin(SeriesOrder order, int column, int count) throws IOException {
        endChunk();
        chunkGroup = order.group();
        chunkTimes = column;
        chunkSamples = count;
    }

    private void endColumn(int series) {
        columnSeries[columnCount] = series;
        columnEnds[columnCount++] = columns.size();
    }

    private void endChunk() throws IOException {
        if (columnCount > 0) {
            chunk.clear();
            chunk.u8(columnCount - 1);
            for (int i = 0; i < columnCount - 1; i++) {
                chunk.varint(columnEnds[i] - (i == 0 ? 0 : columnEnds[i - 1]));
            }
            chunk.bytes(columns.array(), 0, columns.size());
            long place = cells.cell(chunk.array(), 0, chunk.size());
            for (int i = 0; i < columnCount; i++) {
                if (columnSeries[i] != NO_SERIES) {
                    directory.entry(columnSeries[i], chunkTimes, place, i, chunkSamples);
                }
            }
        }
        columns.clear();
        columnCount = 0;
        joinable = false;
    }

    /** The column of these times, which is written when there is none yet. */
    int times(long[] timesMillis, int from, int count) throws IOException {
        int known = times.find(timesMillis, from, count);
        if (known >= 0) {
            return known;
        }
        timesBytes.clear();
        encoder.times(timesMillis, from, count, timesBytes);
        return times.add(
                timesMillis, from, count, cells.cell(timesBytes.array(), 0, timesBytes.size()));
    }

    /**
     * Adds a chunk of another block byte for byte; where it begins.
     *
     * @param bytes the chunk, as its cell has it
     */
    long copy(byte[] bytes, int length) throws IOException {
        endChunk();
        return cells.cell(bytes, 0, length);
    }

    /** Adds a series' column in a copied chunk. */
    void copied(int series, int timesColumn, long place, int column) {
        directory.entry(series, timesColumn, place, column, times.count(timesColumn));
    }

    /** Bytes written so far, about. */
    public long sizeBytes() {
        return cells.position();
    }

    /** How many chunks there are so far. */
    public int chunks() {
        return directory.entries() + columnCount;
    }

    /**
     * Ends the block: it is durable under its name when this returns.
     *
     * @param fromOffset the journal's offset from which on its samples came
     * @param toOffset the offset before which they came
     * @param tierMillis 0, or the distance of samples that were made of others
     * @throws IllegalStateException when samples of a series did not ascend
     */
    public BlockInfo finish(long fromOffset, long toOffset, long tierMillis) throws IOException {
        endChunk();
        BlockInfo info = directory.write(cells, times, fromOffset, toOffset, tierMillis);
        cells.force();
        cells.close();
        Path temporary = temporary(path);
        disk.rename(temporary, path);
        Path folder = path.toAbsolutePath().getParent();
        if (folder != null) {
            disk.forceFolder(folder);
        }
        return info;
    }

    /** Closes the file; without {@link #finish} before, it is deleted. */
    @Override
    public void close() throws IOException {
        cells.close();
        disk.delete(temporary(path));
    }
}
