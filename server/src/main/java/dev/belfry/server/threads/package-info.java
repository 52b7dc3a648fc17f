/** What the operating system is told about threads. */
@NullMarked
package dev.belfry.server.threads;

import org.jspecify.annotations.NullMarked;
