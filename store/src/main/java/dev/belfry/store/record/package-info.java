/**
 * What stores have in common: a file of checksummed records, steps of upkeep, reports of damage,
 * how far they are behind the journal, what of it they could not read, and who uses a file.
 */
@NullMarked
package dev.belfry.store.record;

import org.jspecify.annotations.NullMarked;
