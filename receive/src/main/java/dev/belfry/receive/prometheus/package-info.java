/** Prometheus' remote write and remote read. */
@NullMarked
package dev.belfry.receive.prometheus;

import org.jspecify.annotations.NullMarked;
