/**
 * What every protocol does with a body that came in, and the endpoints of the protocols that others
 * made.
 */
@NullMarked
package dev.belfry.server.receive;

import org.jspecify.annotations.NullMarked;
