/** Belfry's own log: to a file, to the error stream, and into its own store. */
@NullMarked
package dev.belfry.server.logging;

import org.jspecify.annotations.NullMarked;
