/** Endpoints as declarations, and the web server that serves them. */
@NullMarked
package dev.belfry.server.http;

import org.jspecify.annotations.NullMarked;
