package dev.belfry.server.metrics;

/** The metrics that the endpoints move, by group; see {@code docs/metrics.md}. */
public final class OwnMetrics {
    private static final int BUSINESS_TYPES_MAX = 200;
    private static final int REDACTION_KINDS_MAX = 150;

    // ingestion
    public final Counter eventsIngested;
    public final Counter eventsIngestedByType;
    public final Counter samplesIngested;
    public final Histogram ingestionDuration;
    public final Counter ingestionErrors;
    public final Counter ingestionErrorsByReason;
    public final Counter redactions;
    // query
    public final Counter queries;
    public final Histogram queryDuration;
    public final Gauge queryResults;
    // WebSocket
    public final Gauge socketsActive;
    public final Counter sockets;
    public final Counter socketMessages;
    public final Counter socketErrors;
    // HTTP
    public final Counter httpRequests;
    public final Histogram httpDuration;
    public final Gauge httpInFlight;
    // control plane
    public final Counter controlRequests;
    public final Histogram controlDuration;
    // identity
    public final Counter logins;

    /** Registers them in {@code registry}. */
    public OwnMetrics(Registry registry) {
        eventsIngested =
                registry.counter(
                        "events_ingested_total", "Events acknowledged since the process started.");
        eventsIngestedByType =
                registry.cappedCounter(
                        "events_ingested_by_type",
                        "Events acknowledged, by business type (the tag event_type) where they have"
                                + " one, else by type.",
                        BUSINESS_TYPES_MAX,
                        "event_type");
        samplesIngested =
                registry.counter(
                        "samples_ingested_total",
                        "Samples of series acknowledged since the process started.");
        ingestionDuration =
                registry.histogram(
                        "ingestion_duration_seconds",
                        "Time from a receiving request's first byte to its acknowledgement.");
        ingestionErrors =
                registry.counter(
                        "ingestion_errors_total", "Events and requests that were refused.");
        ingestionErrorsByReason =
                registry.counter(
                        "ingestion_errors_by_reason_total",
                        "Events and requests that were refused, by error code.",
                        "reason");
        redactions =
                registry.cappedCounter(
                        "redactions_total",
                        "Secrets replaced in events, by kind.",
                        REDACTION_KINDS_MAX,
                        "kind");
        queries = registry.counter("queries_total", "Queries answered.", "query_type");
        queryDuration =
                registry.histogram(
                        "query_duration_seconds",
                        "Time from a query's start to its result.",
                        "query_type");
        queryResults =
                registry.gauge(
                        "query_results_total",
                        "Rows that the newest query of a type answered.",
                        "query_type");
        socketsActive =
                registry.gauge("websocket_connections_active", "WebSocket connections open now.");
        sockets = registry.counter("websocket_connections_total", "WebSocket connections opened.");
        socketMessages = registry.counter("websocket_messages_sent", "Messages sent by WebSocket.");
        socketErrors =
                registry.counter(
                        "websocket_errors_total",
                        "WebSocket connections that ended with an error.");
        httpRequests =
                registry.counter(
                        "http_requests_total",
                        "HTTP requests answered, by route.",
                        "method",
                        "endpoint",
                        "status");
        httpDuration =
                registry.histogram(
                        "http_request_duration_seconds",
                        "Time from an HTTP request's head to the end of its answer.",
                        "method",
                        "endpoint");
        httpInFlight =
                registry.gauge("http_requests_in_flight", "HTTP requests that are in work now.");
        controlRequests =
                registry.bareCounter(
                        "control_plane_http_requests_total",
                        "HTTP requests answered, by route.",
                        "method",
                        "endpoint",
                        "status");
        controlDuration =
                registry.bareHistogram(
                        "control_plane_http_request_duration_seconds",
                        "Time from an HTTP request's head to the end of its answer.",
                        "method",
                        "endpoint");
        logins = registry.counter("logins_total", "Log-ins, by outcome.", "result");
        ProcessMetrics.register(registry);
    }
}
