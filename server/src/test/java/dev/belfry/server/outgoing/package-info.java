/** Tests. */
@NullMarked
package dev.belfry.server.outgoing;

import org.jspecify.annotations.NullMarked;
