/** Tests. */
@NullMarked
package dev.belfry.server.health;

import org.jspecify.annotations.NullMarked;
