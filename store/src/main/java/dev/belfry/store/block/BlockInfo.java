package dev.belfry.store.block;

/**
 * What a block says of itself.
 *
 * @param minMillis the earliest time of a sample
 * @param maxMillis the latest
 * @param fromOffset the journal's offset from which on its samples came
 * @param toOffset the offset before which they came; samples of a block with a higher one go ahead
 * @param tierMillis 0 for samples as they came, else the distance of those that were made of them
 * @param series how many series it has
 * @param chunks how many runs of a series
 * @param samples how many samples
 */
public record BlockInfo(
        long minMillis,
        long maxMillis,
        long fromOffset,
        long toOffset,
        long tierMillis,
        int series,
        int chunks,
        long samples) {}
