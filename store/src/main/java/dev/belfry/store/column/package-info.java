/** Columns in memory: what a row group is made of, and what the executor computes on. */
@NullMarked
package dev.belfry.store.column;

import org.jspecify.annotations.NullMarked;
