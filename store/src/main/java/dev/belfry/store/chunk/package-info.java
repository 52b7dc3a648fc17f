/**
 * How runs of samples become bytes: columns of longs, of doubles, chunks of floats and histograms.
 */
@NullMarked
package dev.belfry.store.chunk;

import org.jspecify.annotations.NullMarked;
