/** How much each key and user may do in a second. */
@NullMarked
package dev.belfry.server.limits;

import org.jspecify.annotations.NullMarked;
