/** Adding up what is pushed: totals of counters, sketches of observations. */
@NullMarked
package dev.belfry.query.push;

import org.jspecify.annotations.NullMarked;
