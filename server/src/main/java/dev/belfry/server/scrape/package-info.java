/** Scraping: prometheus.yml, discovery, relabeling, the loops, their targets. */
@NullMarked
package dev.belfry.server.scrape;

import org.jspecify.annotations.NullMarked;
