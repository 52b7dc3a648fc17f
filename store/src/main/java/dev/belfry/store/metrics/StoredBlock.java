package dev.belfry.store.metrics;

import dev.belfry.store.block.Block;

/**
 * A block that is open.
 *
 * @param meta what the manifest says
 * @param block the open file
 */
record StoredBlock(BlockMeta meta, Block block) implements Stored {
    @Override
    public boolean mayHave(int series, long start, long end) {
        return meta.overlaps(start, end) && block.has(series);
    }

    @Override
    public void read(int series, long start, long end, Samples target, View.Scratch scratch) {
        scratch.blocks.read(block, series, start, end, target);
    }

    @Override
    public boolean acquire() {
        return block.acquire();
    }

    @Override
    public void close() {
        block.close();
    }
}
