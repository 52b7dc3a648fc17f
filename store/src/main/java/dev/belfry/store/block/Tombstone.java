package dev.belfry.store.block;

import java.util.function.IntPredicate;

/**
 * A deletion: samples that came before it are gone.
 *
 * @param series whose samples
 * @param startMillis from when, inclusive
 * @param endMillis until when, inclusive
 * @param offset its own place in the journal
 */
public record Tombstone(IntPredicate series, long startMillis, long endMillis, long offset) {
    /*
     * A block whose offsets reach beyond the deletion was written by a head that had applied it: so
     * it concerns blocks that end at or before it.
     */
    boolean concerns(BlockInfo block) {
        return block.toOffset() <= offset
                && block.minMillis() <= endMillis
                && block.maxMillis() >= startMillis;
    }
}
