package dev.belfry.store.exec;

import org.jspecify.annotations.Nullable;

/**
 * Which group of the aggregation each chosen row belongs to.
 *
 * @param ids an id for each position; null: all belong to {@code single}
 * @param single the id of all when {@code ids} is null
 * @param count the positions
 * @param groups ids are below
 */
record GroupIds(int @Nullable [] ids, int single, int count, int groups) {
    /** The id of a position. */
    int at(int position) {
        return ids == null ? single : ids[position];
    }
}
