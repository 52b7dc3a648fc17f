/** A file of checksummed records, which a store's commits are. */
@NullMarked
package dev.belfry.store.record;

import org.jspecify.annotations.NullMarked;
