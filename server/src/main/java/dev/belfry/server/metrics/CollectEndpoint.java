package dev.belfry.server.metrics;

import static dev.belfry.server.http.Shape.member;
import static dev.belfry.server.http.Shape.object;

import dev.belfry.identity.Permission;
import dev.belfry.identity.Role;
import dev.belfry.model.ErrorCode;
import dev.belfry.server.http.Access;
import dev.belfry.server.http.Endpoint;
import dev.belfry.server.http.Reply;
import dev.belfry.server.http.Shape;

/** Collects metrics out of turn. */
public final class CollectEndpoint {
    private static final Shape COLLECTED =
            object(
                    "CollectedMetrics",
                    member(
                            "samples",
                            Shape.WHOLE,
                            "How many samples were stored; 0 when metrics.store is off."));

    private final OwnSamples own;

    /** Collects by {@code own}. */
    public CollectEndpoint(OwnSamples own) {
        this.own = own;
    }

    /** The declaration. */
    public Endpoint endpoint() {
        return Endpoint.of(
                        "POST",
                        "/api/v1/monitoring/metrics/collect",
                        new Access.Holders(Role.MODERATOR, Permission.EVENTS_WRITE),
                        "Metrics",
                        "Put Belfry's own metrics into its store now, not only every 15 s",
                        _ -> {
                            int samples = own.collect();
                            return Reply.data(
                                    200,
                                    text ->
                                            text.object()
                                                    .name("samples")
                                                    .number(samples)
                                                    .endObject());
                        })
                .answers(200, COLLECTED)
                .fails(ErrorCode.OVERLOADED, ErrorCode.STORAGE_FULL);
    }
}
