/** Tests. */
@NullMarked
package dev.belfry.server.metrics;

import org.jspecify.annotations.NullMarked;
