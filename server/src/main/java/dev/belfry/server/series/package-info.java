/** Metrics in and out, beside the protocols: pushed, imported, asked for, exposed. */
@NullMarked
package dev.belfry.server.series;

import org.jspecify.annotations.NullMarked;
