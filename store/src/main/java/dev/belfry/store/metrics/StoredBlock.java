package dev.belfry.store.metrics;

import dev.belfry.store.block.Block;
import dev.belfry.store.block.Samples;
import dev.belfry.store.block.TierSteps;

/**
 * A block that is open.
 *
 * @param meta what the manifest says
 * @param block the open file
 */
record StoredBlock(BlockMeta meta, Block block) implements Stored {
    @Override
    public boolean mayHave(int series, long start, long end) {
        return meta.overlaps(start, reach(end)) && block.has(series);
    }

    @Override
    public void read(int series, long start, long end, Samples target, View.Scratch scratch) {
        scratch.blocks().read(block, series, start, end, scratch.windows, target);
    }

    @Override
    public boolean acquire() {
        return block.acquire();
    }

    @Override
    public void close() {
        block.close();
    }

    /** Until when steps end that may be of samples up to {@code end}. */
    private long reach(long end) {
        return end > Long.MAX_VALUE - meta.tierMillis() ? end : end + meta.tierMillis();
    }

    /** Adds the steps of a series that samples from {@code start} to {@code end} may be in. */
    void readSteps(
            int series,
            long start,
            long end,
            TierSteps steps,
            Samples histograms,
            View.Scratch scratch) {
        scratch.blocks().readSteps(block, series, start, reach(end), steps, histograms);
    }
}
