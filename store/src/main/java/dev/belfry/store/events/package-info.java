/** Rows on their way: hot chunks, row groups, segments, manifest, compaction, retention. */
@NullMarked
package dev.belfry.store.events;

import org.jspecify.annotations.NullMarked;
