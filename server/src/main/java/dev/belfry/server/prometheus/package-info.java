/** Prometheus' HTTP API: what its servers, Grafana and promtool call. */
@NullMarked
package dev.belfry.server.prometheus;

import org.jspecify.annotations.NullMarked;
