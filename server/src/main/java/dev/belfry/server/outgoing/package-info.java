/** Calls that Belfry makes to others. */
@NullMarked
package dev.belfry.server.outgoing;

import org.jspecify.annotations.NullMarked;
