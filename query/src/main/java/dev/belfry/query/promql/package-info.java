/** PromQL as Prometheus 3.14 has it: text to expression, expression to result and annotations. */
@NullMarked
package dev.belfry.query.promql;

import org.jspecify.annotations.NullMarked;
