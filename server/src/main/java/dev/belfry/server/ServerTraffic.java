package dev.belfry.server;

import dev.belfry.server.http.Endpoint;
import dev.belfry.server.http.Traffic;
import dev.belfry.server.logging.Log;
import dev.belfry.server.metrics.OwnMetrics;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Counts requests, and writes the access log. */
final class ServerTraffic implements Traffic {
    private static final int CLIENT_LEFT = 499;

    private final OwnMetrics metrics;
    private final Log log;

    ServerTraffic(OwnMetrics metrics, Log log) {
        this.metrics = metrics;
        this.log = log;
    }

    @Override
    public void began() {
        metrics.httpInFlight.add(1);
    }

    @Override
    public void ended(@Nullable Endpoint endpoint, Exchange exchange) {
        int status = exchange.status() == 0 ? CLIENT_LEFT : exchange.status();
        String code = Integer.toString(status);
        metrics.httpInFlight.add(-1);
        metrics.httpRequests.increment(exchange.method(), exchange.route(), code);
        metrics.httpDuration.observeNanos(
                exchange.durationNanos(), exchange.method(), exchange.route());
        if (endpoint != null && endpoint.path().startsWith("/api/")) {
            metrics.controlRequests.increment(exchange.method(), exchange.route(), code);
            metrics.controlDuration.observeNanos(
                    exchange.durationNanos(), exchange.method(), exchange.route());
        }
        boolean quiet = endpoint == null ? exchange.route().equals("static") : endpoint.quiet();
        if (!quiet) {
            log.access(
                    exchange.method() + " " + exchange.path() + " " + status,
                    tags(exchange, status));
        }
    }

    @Override
    public void failed(Exchange exchange, Throwable failure) {
        log.error(
                "http",
                exchange.method() + " " + exchange.path() + " failed",
                Map.of("request_id", exchange.requestId(), "endpoint", exchange.route()),
                failure);
    }

    private static Map<String, Object> tags(Exchange exchange, int status) {
        Map<String, Object> tags = new HashMap<>();
        tags.put("method", exchange.method());
        tags.put("endpoint", exchange.route());
        tags.put("status", status);
        tags.put("duration_ms", exchange.durationNanos() / 1_000 / 1e3);
        tags.put("response_bytes", exchange.responseBytes());
        tags.put("request_id", exchange.requestId());
        tags.put("ip_address", exchange.address());
        if (exchange.principal() != null) {
            tags.put("user_id", exchange.principal());
        }
        return tags;
    }
}
