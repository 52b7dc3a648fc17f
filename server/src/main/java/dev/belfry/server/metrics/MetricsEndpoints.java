package dev.belfry.server.metrics;

import dev.belfry.identity.Permission;
import dev.belfry.server.http.Access;
import dev.belfry.server.http.Endpoint;
import dev.belfry.server.http.Reply;
import dev.belfry.server.http.Shape;
import java.util.List;

/** The exposition of Belfry's own metrics. */
public final class MetricsEndpoints {
    private final Registry registry;
    private final Metric totalEvents;
    private final boolean open;

    /**
     * Exposes {@code registry}.
     *
     * @param totalEvents what seed 001's exposition has
     * @param open whether everyone may read {@code /metrics}
     */
    public MetricsEndpoints(Registry registry, Metric totalEvents, boolean open) {
        this.registry = registry;
        this.totalEvents = totalEvents;
        this.open = open;
    }

    /** The declarations. */
    public List<Endpoint> endpoints() {
        Access readers = Access.of(Permission.EVENTS_READ);
        return List.of(
                Endpoint.of(
                                "GET",
                                "/metrics",
                                open ? Access.PUBLIC : readers,
                                "Health",
                                "Belfry's own metrics in Prometheus' text format",
                                _ -> Reply.bytes(200, Exposition.CONTENT_TYPE, registry.expose()))
                        .answersRaw(200, Shape.TEXT)
                        .hushed(),
                Endpoint.of(
                                "GET",
                                "/api/v1/monitoring/metrics/prometheus",
                                readers,
                                "Health",
                                "The system's figures in Prometheus' text format",
                                _ -> {
                                    Exposition page = new Exposition();
                                    page.metric(totalEvents);
                                    return Reply.bytes(200, Exposition.CONTENT_TYPE, page.bytes());
                                })
                        .answersRaw(200, Shape.TEXT)
                        .hushed());
    }
}
