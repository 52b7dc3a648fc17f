/** What decoders of metrics share: the way from labels to a series, and what labels may be. */
@NullMarked
package dev.belfry.receive.series;

import org.jspecify.annotations.NullMarked;
