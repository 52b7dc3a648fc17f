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
    private final boolean open;

    /**
     * Exposes {@code registry}.
     *
     * @param open whether everyone may read {@code /metrics}
     */
    public MetricsEndpoints(Registry registry, boolean open) {
        this.registry = registry;
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
                        .hushed());
    }
}
