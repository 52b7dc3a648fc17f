/**
 * What stores have in common: a file of checksummed records, steps of upkeep, reports of damage.
 */
@NullMarked
package dev.belfry.store.record;

import org.jspecify.annotations.NullMarked;
