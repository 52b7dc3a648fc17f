/** Belfry's own metrics and their exposition. */
@NullMarked
package dev.belfry.server.metrics;

import org.jspecify.annotations.NullMarked;
