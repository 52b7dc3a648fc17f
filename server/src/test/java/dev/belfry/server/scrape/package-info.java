/** Tests. */
@NullMarked
package dev.belfry.server.scrape;

import org.jspecify.annotations.NullMarked;
