/** Prometheus' expositions: text, OpenMetrics, Protocol Buffers. */
@NullMarked
package dev.belfry.receive.exposition;

import org.jspecify.annotations.NullMarked;
