package dev.belfry.store.column;

import dev.belfry.model.BytesColumn;
import org.jspecify.annotations.Nullable;

/**
 * Rows of a group whose texts have what was looked for.
 *
 * @param rows their indexes, ascending; nobody changes them
 * @param texts the text of each; null when they were too many to keep
 */
public record FoundTexts(int[] rows, @Nullable BytesColumn texts) {}
