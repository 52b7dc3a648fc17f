package dev.belfry.store.events;

import dev.belfry.store.column.Vector;
import org.jspecify.annotations.Nullable;

/** A chunk's column as it was at one moment; safe for many threads. */
interface FrozenColumn {
    /** How many rows have a value. */
    int count();

    /**
     * The whole column in order.
     *
     * @param rowCount the chunk's rows
     * @param positions row to position in the order; null when the rows are in order as they are
     */
    Vector vector(int rowCount, int @Nullable [] positions);

    /** The values of {@code rows}, in any order. */
    Vector pick(int[] rows);
}
