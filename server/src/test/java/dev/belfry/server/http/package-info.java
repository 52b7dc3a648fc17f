/** Tests. */
@NullMarked
package dev.belfry.server.http;

import org.jspecify.annotations.NullMarked;
