/**
 * What stores have in common: a file of checksummed records, steps of upkeep, reports of damage,
 * how far they are behind the journal and what of it they could not read.
 */
@NullMarked
package dev.belfry.store.record;

import org.jspecify.annotations.NullMarked;
