/** Doors beside HTTP: syslog and Fluent forward, each with a socket of its own. */
@NullMarked
package dev.belfry.server.listen;

import org.jspecify.annotations.NullMarked;
