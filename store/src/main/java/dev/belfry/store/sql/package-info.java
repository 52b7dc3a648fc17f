/** SQL of administrators over a view of the store, in a DuckDB instance of its own. */
@NullMarked
package dev.belfry.store.sql;

import org.jspecify.annotations.NullMarked;
