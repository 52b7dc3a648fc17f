package dev.belfry.server.events;

import static dev.belfry.server.http.Shape.list;
import static dev.belfry.server.http.Shape.member;
import static dev.belfry.server.http.Shape.object;

import dev.belfry.identity.Permission;
import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.query.Engine;
import dev.belfry.query.EventContext;
import dev.belfry.query.EventQueries;
import dev.belfry.server.http.Access;
import dev.belfry.server.http.Call;
import dev.belfry.server.http.Endpoint;
import dev.belfry.server.http.JsonText;
import dev.belfry.server.http.Parameter;
import dev.belfry.server.http.Reply;
import dev.belfry.server.http.Shape;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/** The lines around an event. */
public final class ContextEndpoint {
    private static final Shape CONTEXT =
            object(
                    "EventContext",
                    member("before", list(EventJson.EVENT), "The oldest first."),
                    member("event", EventJson.EVENT, ""),
                    member("after", list(EventJson.EVENT), "The oldest first."));

    private final Supplier<Engine> engine;
    private final QueryDesk desk;

    /** An endpoint over {@code engine}. */
    public ContextEndpoint(Supplier<Engine> engine, QueryDesk desk) {
        this.engine = engine;
        this.desk = desk;
    }

    /** The declaration. */
    public Endpoint endpoint() {
        String most = "0 to " + EventQueries.AROUND_MAX + ", 20 by default.";
        return Endpoint.of(
                        "GET",
                        "/api/v1/monitoring/events/{id}/context",
                        Access.of(Permission.EVENTS_READ),
                        "Events",
                        "An event with its neighbours of the same source, whatever they say",
                        this::around)
                .with(
                        List.of(
                                Parameter.of("before", Shape.WHOLE, most, "20"),
                                Parameter.of("after", Shape.WHOLE, most, "20"),
                                Parameter.many(
                                        "by",
                                        Shape.TEXT,
                                        "A tag that neighbours share too, or also lack: log_group,"
                                                + " host.",
                                        "host"),
                                QueryDesk.TIMEOUT,
                                QueryDesk.CONSISTENCY))
                .answers(200, Shape.beside(CONTEXT, Shape.STATISTICS))
                .fails(ErrorCode.NOT_FOUND, ErrorCode.QUERY_LIMIT);
    }

    private Reply around(Call call) throws InterruptedException {
        UUID id = call.pathId("id");
        int before = call.whole("before", 20, 0, EventQueries.AROUND_MAX);
        int after = call.whole("after", 20, 0, EventQueries.AROUND_MAX);
        List<String> by = call.parameters().getOrDefault("by", List.of());
        return desk.answer(
                "context",
                call,
                found -> found.map(a -> a.before().size() + a.after().size() + 1).orElse(0),
                context ->
                        engine.get()
                                .events()
                                .around(
                                        id,
                                        before,
                                        after,
                                        by,
                                        Filters.owner(call.principal()),
                                        context),
                found -> reply(id, found));
    }

    private static Reply reply(UUID id, Optional<EventContext> found) {
        EventContext around =
                found.orElseThrow(() ->
                        new BelfryException(
                                ErrorCode.NOT_FOUND,
                                "event: "
                                        + id
                                        + " (expected: the id of an event that you may see)"));
        JsonText text = new JsonText(16 << 10).object().name("success").truth(true);
        text.name("data").object().name("before").array();
        around.before().forEach(event -> EventJson.write(text, event));
        text.endArray().name("event");
        EventJson.write(text, around.event());
        text.name("after").array();
        around.after().forEach(event -> EventJson.write(text, event));
        text.endArray().endObject();
        SearchEndpoints.statistics(text, around.statistics(), around.cut());
        return Reply.json(200, text.endObject());
    }
}
