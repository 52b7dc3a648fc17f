package dev.belfry.server.receive;

import dev.belfry.identity.Permission;
import dev.belfry.model.BelfryException;
import dev.belfry.receive.DatadogLogs;
import dev.belfry.receive.ItemError;
import dev.belfry.receive.JsonEventsConfig;
import dev.belfry.server.http.Access;
import dev.belfry.server.http.Call;
import dev.belfry.server.http.Dialect;
import dev.belfry.server.http.Endpoint;
import dev.belfry.server.http.JsonText;
import dev.belfry.server.http.Reply;
import dev.belfry.server.http.Shape;
import java.util.List;

/** Takes in what senders give to Datadog's logs intake. */
public final class DatadogEndpoints {
    private static final Access WRITERS = Access.of(Permission.EVENTS_WRITE);
    private static final Dialect DIALECT = new DatadogDialect();
    private static final String GROUP = "Datadog";
    private static final String EXAMPLE =
            """
            [{"message":"timed out","service":"shop","ddsource":"java","ddtags":"env:prod",\
            "hostname":"web-1","status":"error"}]\
            """;

    private final Receiving receiving;
    private final JsonEventsConfig limits;

    /** Takes logs by {@code receiving}. */
    public DatadogEndpoints(Receiving receiving, JsonEventsConfig limits) {
        this.receiving = receiving;
        this.limits = limits;
    }

    /** The declarations. */
    public List<Endpoint> endpoints() {
        return List.of(
                taking("/api/v2/logs", 202),
                taking("/v1/input", 200),
                Endpoint.of(
                                "GET",
                                "/api/v1/validate",
                                WRITERS,
                                GROUP,
                                "Whether the key is good",
                                _ ->
                                        Reply.json(
                                                200,
                                                new JsonText(16)
                                                        .object()
                                                        .name("valid")
                                                        .truth(true)
                                                        .endObject()))
                        .answersRaw(200, Shape.FREE)
                        .hushed()
                        .speaks(DIALECT));
    }

    private Endpoint taking(String path, int status) {
        return Endpoint.of(
                        "POST",
                        path,
                        WRITERS,
                        GROUP,
                        "Take in logs: one, or an array",
                        call -> take(call, status))
                .takes(Shape.FREE, EXAMPLE)
                .answersRaw(status, Shape.FREE)
                .bodyMax(receiving.bodyBytesMax())
                .hushed()
                .speaks(DIALECT);
    }

    private Reply take(Call call, int status) {
        Taken taken =
                receiving.take(
                        call,
                        (body, length, nowNanos, sources) ->
                                DatadogLogs.decode(body, length, limits, nowNanos, sources));
        List<ItemError> errors = taken.decoded().errors();
        if (taken.decoded().batch().count() == 0 && !errors.isEmpty()) {
            ItemError first = errors.getFirst();
            throw new BelfryException(first.code(), first.message());
        }
        return Reply.json(status, new JsonText(4).object().endObject());
    }
}
