package dev.belfry.store.exec;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows of a result, and whether more were cut at the query's bound. */
record RowsAnswer(List<@Nullable Object[]> rows, boolean truncated) {}
