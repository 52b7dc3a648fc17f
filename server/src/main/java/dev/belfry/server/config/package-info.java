/** The configuration: one table of keys, read from file, environment and flags. */
@NullMarked
package dev.belfry.server.config;

import org.jspecify.annotations.NullMarked;
