package dev.belfry.server.events;

import static dev.belfry.server.http.Shape.list;
import static dev.belfry.server.http.Shape.member;
import static dev.belfry.server.http.Shape.object;

import dev.belfry.identity.Identity;
import dev.belfry.identity.Permission;
import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.server.http.Access;
import dev.belfry.server.http.Call;
import dev.belfry.server.http.Endpoint;
import dev.belfry.server.http.JsonText;
import dev.belfry.server.http.Reply;
import dev.belfry.server.http.Shape;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;

/** What is being asked now, and how it is stopped. */
public final class RunningEndpoints {
    private static final String PATH = "/api/v1/monitoring/queries/running";
    private static final Shape RUNNING =
            object(
                    "RunningQuery",
                    member("id", Shape.UUID, ""),
                    member("type", Shape.TEXT, "events, insights, fields, sql …"),
                    member("query", Shape.TEXT, "Its text, or its parameters."),
                    member("state", Shape.oneOf("waiting", "running"), "waiting: for a place."),
                    member("started_at", Shape.TIME, ""),
                    member("elapsed_ms", Shape.NUMBER, ""),
                    member("rows_read", Shape.WHOLE, "So far."),
                    member("principal", Shape.TEXT, "user:UUID, key:UUID, system:NAME."),
                    member("principal_name", Shape.TEXT, ""));

    private final QueryDesk desk;
    private final Supplier<Identity> identity;

    /** Endpoints over the queries of {@code desk}; who stops another's query is recorded. */
    public RunningEndpoints(QueryDesk desk, Supplier<Identity> identity) {
        this.desk = desk;
        this.identity = identity;
    }

    /** The declarations. */
    public List<Endpoint> endpoints() {
        Access readers = Access.of(Permission.EVENTS_READ);
        return List.of(
                Endpoint.of(
                                "GET",
                                PATH,
                                readers,
                                "Events",
                                "One's own queries that are running; an administrator's: all",
                                this::running)
                        .answers(200, list(RUNNING)),
                Endpoint.of(
                                "DELETE",
                                PATH + "/{id}",
                                readers,
                                "Events",
                                "Stop a running query: it answers 422",
                                this::cancel)
                        .answers(200, Shape.FREE));
    }

    private Reply running(Call call) {
        List<RunningQueries.Running> found = desk.running().visibleTo(call.principal());
        return Reply.data(
                200,
                text -> {
                    text.array();
                    found.forEach(running -> write(text, running));
                    text.endArray();
                });
    }

    private static void write(JsonText text, RunningQueries.Running running) {
        text.object().name("id").uuid(running.id());
        text.name("type").text(running.type()).name("query").text(running.text());
        text.name("state").text(running.place().isTaken() ? "running" : "waiting");
        text.name("started_at").time(running.startNanos());
        text.name("elapsed_ms").number(running.context().elapsedNanos() / 1_000 / 1e3);
        text.name("rows_read").number(running.context().rowsRead());
        text.name("principal").text(running.asker().text());
        text.name("principal_name").text(running.asker().name()).endObject();
    }

    private Reply cancel(Call call) {
        UUID id = call.pathId("id");
        RunningQueries.Running running =
                desk.running()
                        .find(id, call.principal())
                        .orElseThrow(() ->
                                new BelfryException(
                                        ErrorCode.NOT_FOUND,
                                        "query: " + id + " (expected: one of GET " + PATH + ")"));
        if (!running.asker().text().equals(call.principal().text())) {
            identity.get()
                    .audit()
                    .record(
                            call.caller(),
                            "query.cancel",
                            running.asker().text(),
                            Map.of("query", running.text()));
        }
        running.context().cancel();
        return Reply.data(200, text -> text.value(Map.of()));
    }
}
