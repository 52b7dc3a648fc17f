/** Tests. */
@NullMarked
package dev.belfry.server;

import org.jspecify.annotations.NullMarked;
