/** Metrics that clients push one by one: JSON, StatsD. */
@NullMarked
package dev.belfry.receive.push;

import org.jspecify.annotations.NullMarked;
