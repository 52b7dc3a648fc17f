/** What the operating system is asked for before it is needed. */
@NullMarked
package dev.belfry.server.memory;

import org.jspecify.annotations.NullMarked;
