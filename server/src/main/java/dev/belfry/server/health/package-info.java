/** Health, readiness, and the figures of the system. */
@NullMarked
package dev.belfry.server.health;

import org.jspecify.annotations.NullMarked;
