/** Influx' line protocol. */
@NullMarked
package dev.belfry.receive.influx;

import org.jspecify.annotations.NullMarked;
