/** Immutable files of metric samples: written, read, merged. */
@NullMarked
package dev.belfry.store.block;

import org.jspecify.annotations.NullMarked;
