/** What PromQL costs: the engine alone, and side by side with others over HTTP. */
@NullMarked
package dev.belfry.bench.promql;

import org.jspecify.annotations.NullMarked;
