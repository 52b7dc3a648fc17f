package dev.belfry.server.events;

import static dev.belfry.server.http.Shape.either;
import static dev.belfry.server.http.Shape.list;
import static dev.belfry.server.http.Shape.member;
import static dev.belfry.server.http.Shape.object;
import static dev.belfry.server.http.Shape.optional;

import dev.belfry.identity.Permission;
import dev.belfry.identity.Principal;
import dev.belfry.journal.Appended;
import dev.belfry.journal.Idempotency;
import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.model.Event;
import dev.belfry.query.Engine;
import dev.belfry.receive.DecodedEvents;
import dev.belfry.receive.ItemError;
import dev.belfry.receive.JsonEvents;
import dev.belfry.receive.JsonEventsConfig;
import dev.belfry.receive.Preparation;
import dev.belfry.server.http.Access;
import dev.belfry.server.http.Call;
import dev.belfry.server.http.Endpoint;
import dev.belfry.server.http.JsonText;
import dev.belfry.server.http.Reply;
import dev.belfry.server.http.Shape;
import dev.belfry.server.receive.IdempotencyKey;
import dev.belfry.server.receive.Receiving;
import dev.belfry.server.receive.Taken;
import dev.belfry.store.Owner;
import dev.belfry.store.QueryContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/** Takes events in. */
public final class ReceiveEndpoint {
    private static final Duration REPLAY_TIMEOUT = Duration.ofSeconds(5);

    private static final int ERRORS_SHOWN_MAX = 1_000;

    private static final Shape NEW_EVENT =
            object(
                    "NewEvent",
                    member("event_type", EventJson.TYPE, ""),
                    member("source", Shape.TEXT, "At most 255 characters."),
                    optional("message", Shape.TEXT, ""),
                    optional("level", Shape.TEXT, "At most 50 characters."),
                    optional("tags", Shape.FREE, ""),
                    optional("payload", Shape.FREE, ""),
                    optional("timestamp", Shape.TIME, "The time of receipt by default."),
                    optional("trace_id", Shape.TEXT, ""),
                    optional("span_id", Shape.TEXT, ""));
    private static final Shape TAKEN =
            object(
                    "TakenEvents",
                    member("ids", list(Shape.UUID), "Of the good events, in their order."),
                    member(
                            "errors",
                            list(
                                    object(
                                            "ItemError",
                                            member("index", Shape.WHOLE, "From 0."),
                                            member("code", Shape.TEXT, ""),
                                            member("message", Shape.TEXT, ""))),
                            "Of the others."));
    private static final String EXAMPLE =
            """
            {"event_type":"log","source":"web-server","message":"Request failed with 500 error",\
            "level":"error","tags":{"service":"api","environment":"production"},\
            "payload":{"request_id":"req-123"}}\
            """;

    private final Receiving receiving;
    private final JsonEventsConfig limits;

    /** Takes events in by {@code receiving}. */
    public ReceiveEndpoint(Receiving receiving, JsonEventsConfig limits) {
        this.receiving = receiving;
        this.limits = limits;
    }

    /** The declaration. */
    public Endpoint endpoint() {
        return Endpoint.of(
                        "POST",
                        "/api/v1/monitoring/events",
                        Access.of(Permission.EVENTS_WRITE),
                        "Events",
                        "Take in one event, an array, or one a line (NDJSON); gzip and zstd too;"
                                + " durable when it answers",
                        this::receive)
                .takes(either(NEW_EVENT, list(NEW_EVENT)), EXAMPLE)
                .answers(201, either(EventJson.EVENT, TAKEN))
                .fails(ErrorCode.QUERY_LIMIT, ErrorCode.RATE_LIMITED, ErrorCode.STORAGE_FULL)
                .bodyMax(limits.bodyBytesMax())
                .hushed();
    }

    private Reply receive(Call call) {
        try {
            return receiving.counted(
                    () -> receiving.inflated(call, (body, length) -> take(call, body, length)));
        } catch (BelfryException e) {
            throw e.code() == ErrorCode.OVERLOADED ? slowDown(e) : e;
        }
    }

    /** The seeds' API refuses overload with 429, which its clients know how to wait for. */
    private static BelfryException slowDown(BelfryException overload) {
        return new BelfryException(
                ErrorCode.RATE_LIMITED,
                String.valueOf(overload.getMessage()),
                Map.of("reason", "overload", "retry_after_seconds", 1));
    }

    private Reply take(Call call, byte[] body, int length) {
        Principal principal = call.principal();
        String contentType = call.header("content-type");
        DecodedEvents decoded =
                receiving.decode(
                        principal,
                        body,
                        length,
                        (bytes, size, nowNanos, sources) ->
                                JsonEvents.decode(
                                        bytes, size, contentType, limits, nowNanos, sources));
        if (decoded.batch().count() == 0) {
            return nothingGood(decoded);
        }
        Idempotency idempotency = IdempotencyKey.of(call, body, length);
        Taken taken =
                receiving.append(principal, length, decoded, idempotency, Preparation.Lifting.ADDS);
        Appended appended = Objects.requireNonNull(taken.appended());
        return decoded.single()
                ? single(taken.decoded(), appended, principal)
                : many(decoded, appended);
    }

    private static Reply nothingGood(DecodedEvents decoded) {
        List<ItemError> errors = decoded.errors();
        if (decoded.single() && !errors.isEmpty()) {
            ItemError error = errors.getFirst();
            throw new BelfryException(error.code(), error.message());
        }
        if (errors.isEmpty()) {
            throw new BelfryException(
                    ErrorCode.VALIDATION_ERROR, "body: holds no event (expected: one at least)");
        }
        List<Object> shown = new ArrayList<>();
        for (ItemError error : errors.subList(0, Math.min(errors.size(), ERRORS_SHOWN_MAX))) {
            shown.add(
                    Map.of(
                            "index", error.index(),
                            "code", error.code().name(),
                            "message", error.message()));
        }
        throw new BelfryException(
                ErrorCode.VALIDATION_ERROR,
                "events: none of "
                        + decoded.itemCount()
                        + " is good; the first, "
                        + errors.getFirst().index()
                        + ": "
                        + errors.getFirst().message(),
                Map.of("errors", shown));
    }

    private Reply single(DecodedEvents decoded, Appended appended, Principal principal) {
        UUID id = Engine.id(appended, 0);
        Event made =
                BatchEvents.event(
                        decoded.batch(), 0, id, appended.receivedMillis(), principal.text());
        Event event = appended.replayed() ? first(id).orElse(made) : made;
        return Reply.data(201, text -> EventJson.write(text, event));
    }

    /** What was stored at the first time: its time of receipt may be its timestamp. */
    private Optional<Event> first(UUID id) {
        QueryContext context = new QueryContext(REPLAY_TIMEOUT, 16 << 20, 1, false);
        return receiving.engine().events().find(id, Owner.ALL, context);
    }

    private static Reply many(DecodedEvents decoded, Appended appended) {
        JsonText text = new JsonText(128 + appended.count() * 40);
        text.object().name("success").truth(true).name("data").object();
        text.name("ids").array();
        for (int index = 0; index < appended.count(); index++) {
            text.uuid(Engine.id(appended, index));
        }
        text.endArray().name("errors").array();
        for (ItemError error : decoded.errors()) {
            text.object().name("index").number(error.index());
            text.name("code").text(error.code().name());
            text.name("message").text(error.message()).endObject();
        }
        return Reply.json(201, text.endArray().endObject().endObject());
    }
}
