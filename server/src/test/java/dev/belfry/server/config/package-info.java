/** Tests. */
@NullMarked
package dev.belfry.server.config;

import org.jspecify.annotations.NullMarked;
