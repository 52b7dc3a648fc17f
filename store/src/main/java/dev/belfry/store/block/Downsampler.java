package dev.belfry.store.block;

import dev.belfry.model.CorruptFileException;
import dev.belfry.model.disk.Disk;
import dev.belfry.model.series.FloatHistogram;
import dev.belfry.model.series.StaleNaN;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Makes a block of a tier: for each series and step, the {@link Aggregate}s of its samples. For one
 * thread, once.
 */
public final class Downsampler {
    /*
     * A step is left-open, as ranges of PromQL are, and bears the time of its end: (end − tier, end].
     * It has what is needed to join steps, so that a coarser tier is made of a finer one, and steps
     * of blocks that follow each other need no look back. Of native histograms, the last one of a
     * step is kept, in a chunk of one column.
     */
    private final Block input;
    private final long tierMillis;
    private final BlockWriter writer;
    private final BlockReader reader = new BlockReader();
    private final Samples samples = new Samples();
    private final TierSteps read = new TierSteps();
    private final TierSteps steps = new TierSteps();

    /* The last histogram of each step that has one. */
    private long[] times = new long[16];
    private @Nullable FloatHistogram[] histograms = new @Nullable FloatHistogram[16];
    private double[] values = new double[16];

    private Downsampler(Block input, long tierMillis, BlockWriter writer) {
        this.input = input;
        this.tierMillis = tierMillis;
        this.writer = writer;
    }

    /**
     * Makes the block of {@code tierMillis} of {@code input}, which is of samples as they came, or
     * of a tier of which that is a multiple; the caller has acquired it.
     *
     * @return what the new block says of itself, null when there were no samples
     * @throws CorruptFileException when the labels cannot be read
     */
    public static @Nullable BlockInfo downsample(Disk disk, Block input, long tierMillis, Path path)
            throws IOException {
        BlockInfo of = input.info();
        if (tierMillis <= of.tierMillis()
                || of.tierMillis() > 0 && tierMillis % of.tierMillis() != 0) {
            throw new IllegalArgumentException(
                    "tier: "
                            + tierMillis
                            + " ms (expected: a multiple of "
                            + of.tierMillis()
                            + ")");
        }
        try (BlockWriter writer = BlockWriter.create(disk, path)) {
            new Downsampler(input, tierMillis, writer).run();
            if (writer.chunks() == 0) {
                return null;
            }
            return writer.finish(of.fromOffset(), of.toOffset(), tierMillis);
        }
    }

    private void run() throws IOException {
        LabelCursor cursor = new LabelCursor(input, new BlockReader());
        for (; cursor.has(); cursor.advance()) {
            SeriesOrder order = cursor.current().order();
            int count = load(order.id());
            if (steps.size + count > 0) {
                writer.series(order, cursor.current().labels());
                writer.addSteps(order, steps);
                if (count > 0) {
                    writer.add(order, times, values, histograms, 0, count);
                }
            }
        }
    }

    /* Loads the steps of a series; how many have histograms. */
    private int load(int series) {
        steps.clear();
        samples.clear();
        if (input.info().tierMillis() == 0) {
            reader.read(input, series, Long.MIN_VALUE, Long.MAX_VALUE, samples);
            samples.settle();
            @Nullable FloatHistogram @Nullable [] found = samples.histograms();
            for (int i = 0; i < samples.size(); i++) {
                boolean number = found == null || found[i] == null;
                if (number && !StaleNaN.is(samples.values()[i])) {
                    steps.add(end(samples.times()[i]), tierMillis, samples.values()[i]);
                }
            }
        } else {
            read.clear();
            reader.readSteps(input, series, Long.MIN_VALUE, Long.MAX_VALUE, read, samples);
            samples.settle();
            for (int i = 0; i < read.size; i++) {
                steps.add(end(read.times[i]), tierMillis, read, i);
            }
        }
        return lastHistograms();
    }

    private int lastHistograms() {
        @Nullable FloatHistogram @Nullable [] found = samples.histograms();
        if (found == null) {
            return 0;
        }
        int count = 0;
        for (int i = 0; i < samples.size(); i++) {
            if (found[i] != null) {
                long end = end(samples.times()[i]);
                count -= count > 0 && times[count - 1] == end ? 1 : 0;
                if (count == times.length) {
                    times = Arrays.copyOf(times, 2 * count);
                    histograms = Arrays.copyOf(histograms, 2 * count);
                    values = new double[2 * count];
                }
                times[count] = end;
                histograms[count++] = found[i];
            }
        }
        return count;
    }

    private long end(long time) {
        return Math.ceilDiv(time, tierMillis) * tierMillis;
    }
}
