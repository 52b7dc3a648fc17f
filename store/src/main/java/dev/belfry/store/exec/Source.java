package dev.belfry.store.exec;

import dev.belfry.model.FieldSpace;
import dev.belfry.store.column.ColumnSpec;
import org.jspecify.annotations.Nullable;

/** One of the places of a group where values of a logical column stand. */
sealed interface Source {
    /** A physical column of its own. */
    record Physical(ColumnSpec spec) implements Source {}

    /** Inside the arrays and objects of a physical column, at {@code path}. */
    record Nested(ColumnSpec spec, String path) implements Source {}

    /**
     * A member of the JSON object that holds what has no column of its own.
     *
     * @param path further inside the member; null for the member itself
     */
    record Member(ColumnSpec rest, String key, @Nullable String path) implements Source {}

    /** The id, computed from offset and time of receipt. */
    record Id() implements Source {}

    /** All tags or the whole payload as a JSON object. */
    record Whole(FieldSpace space) implements Source {}
}
