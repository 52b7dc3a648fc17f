package dev.belfry.store.exec;

import dev.belfry.store.column.RowGroup;
import java.io.IOException;
import java.io.UncheckedIOException;

/** A row group could not be read. */
public final class UnreadableGroupException extends UncheckedIOException {
    private static final long serialVersionUID = 1L;

    private final transient RowGroup group;
    private final IOException failure;

    UnreadableGroupException(RowGroup group, IOException cause) {
        super(cause);
        this.group = group;
        this.failure = cause;
    }

    /** Why it could not be read. */
    public IOException failure() {
        return failure;
    }

    /** The row group, as the executor was given it. */
    public RowGroup group() {
        return group;
    }
}
