/**
 * The event store: hot rows and Parquet segments behind one sealed {@link dev.belfry.store.Plan}.
 */
@NullMarked
package dev.belfry.store;

import org.jspecify.annotations.NullMarked;
