package dev.belfry.store.metrics;

import dev.belfry.store.block.Samples;

/** A file of samples that the manifest names; open as long as it was acquired and not closed. */
sealed interface Stored extends AutoCloseable permits StoredBlock, Spill {
    /** What the manifest says of it. */
    BlockMeta meta();

    /** Whether it may have samples of a series from {@code start} to {@code end}, inclusive. */
    boolean mayHave(int series, long start, long end);

    /**
     * Adds the samples of a series from {@code start} to {@code end}, both inclusive, to {@code
     * target}, in the order in which they came.
     */
    void read(int series, long start, long end, Samples target, View.Scratch scratch);

    /** Holds it open until {@link #close}; false when it is not open any more. */
    boolean acquire();

    /** Lets it go. */
    @Override
    void close();
}
