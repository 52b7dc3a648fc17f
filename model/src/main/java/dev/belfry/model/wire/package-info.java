/** Batch columns to bytes and back: what a journal frame's body holds. */
@NullMarked
package dev.belfry.model.wire;

import org.jspecify.annotations.NullMarked;
