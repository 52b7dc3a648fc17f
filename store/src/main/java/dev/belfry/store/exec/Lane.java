package dev.belfry.store.exec;

import dev.belfry.store.column.Vector;
import org.jspecify.annotations.Nullable;

/**
 * The values of one physical column for chosen rows.
 *
 * @param vector where they stand
 * @param index position to index in the vector, or null when they follow one another from base
 * @param base the index of position 0 when {@code index} is null
 * @param count the positions
 */
record Lane(Vector vector, int @Nullable [] index, int base, int count) {
    /** Where the value of {@code position} stands in the vector. */
    int at(int position) {
        return index == null ? base + position : index[position];
    }

    /** Whether {@code position} has no value. */
    boolean isNull(int position) {
        return vector.isNull(at(position));
    }
}
