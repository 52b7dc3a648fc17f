package dev.belfry.store.exec;

import org.jspecify.annotations.Nullable;

/**
 * How many rows of a whole group have each value of a group key.
 *
 * @param keys what a code stands for
 * @param counts the rows of each code; null: all rows have code 0
 * @param absent rows without a value
 */
record KeyCounts(KeyCodes keys, int @Nullable [] counts, int absent) {
    /** The same value in all rows. */
    static KeyCounts constant(@Nullable Object value) {
        return new KeyCounts(KeyCodes.constant(value), null, 0);
    }
}
