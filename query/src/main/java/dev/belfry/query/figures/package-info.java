/** Figures of a metric by its type: increments of counters, values of gauges, observations. */
@NullMarked
package dev.belfry.query.figures;

import org.jspecify.annotations.NullMarked;
