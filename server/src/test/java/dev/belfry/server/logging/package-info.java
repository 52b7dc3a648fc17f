/** Tests. */
@NullMarked
package dev.belfry.server.logging;

import org.jspecify.annotations.NullMarked;
