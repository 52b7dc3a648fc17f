package dev.belfry.server.events;

import static dev.belfry.server.http.Shape.list;
import static dev.belfry.server.http.Shape.member;
import static dev.belfry.server.http.Shape.object;
import static dev.belfry.server.http.Shape.optional;
import static dev.belfry.server.http.Shape.orNull;

import dev.belfry.identity.Identity;
import dev.belfry.identity.Permission;
import dev.belfry.identity.Principal;
import dev.belfry.identity.Role;
import dev.belfry.metadata.SavedQueries;
import dev.belfry.metadata.SavedQuery;
import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.server.http.Access;
import dev.belfry.server.http.Call;
import dev.belfry.server.http.Endpoint;
import dev.belfry.server.http.JsonObject;
import dev.belfry.server.http.JsonText;
import dev.belfry.server.http.Parameter;
import dev.belfry.server.http.Reply;
import dev.belfry.server.http.Shape;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Queries that people keep, and the answers of those that run by themselves. */
public final class SavedQueryEndpoints {
    private static final String PATH = "/api/v1/monitoring/queries";
    private static final String ONE = PATH + "/{id}";

    private static final Shape QUERY =
            object(
                    "SavedQueryInput",
                    optional("name", Shape.TEXT, "At most 255 characters; unlike one's others."),
                    optional("query", Shape.TEXT, "Insights, or a search."),
                    optional("kind", Shape.oneOf("insight", "search"), "insight by default."),
                    optional("start_time", orNull(Shape.TEXT), "Such as now-1h."),
                    optional("end_time", orNull(Shape.TEXT), ""),
                    optional("shared", Shape.TRUTH, "Whether all users see it; false by default."),
                    optional(
                            "schedule",
                            orNull(Shape.TEXT),
                            "How often it is run by itself: 1m to 7d, at once for the first time;"
                                    + " null: never."),
                    optional("columns", list(Shape.TEXT), "Of a table, in order; at most 100."));
    private static final Shape SAVED =
            object(
                    "SavedQuery",
                    member("id", Shape.UUID, ""),
                    member("name", Shape.TEXT, ""),
                    member("query", Shape.TEXT, ""),
                    member("kind", Shape.oneOf("insight", "search"), ""),
                    member("start_time", orNull(Shape.TEXT), ""),
                    member("end_time", orNull(Shape.TEXT), ""),
                    member("shared", Shape.TRUTH, ""),
                    member("schedule", orNull(Shape.TEXT), ""),
                    member("columns", list(Shape.TEXT), ""),
                    member("owner_id", Shape.UUID, ""),
                    member("own", Shape.TRUTH, "Whether it is the caller's."),
                    member(
                            "last_run",
                            orNull(
                                    object(
                                            "SavedQueryRun",
                                            member("at", Shape.TIME, "When it was asked."),
                                            member(
                                                    "good",
                                                    Shape.TRUTH,
                                                    "Whether it could be answered."))),
                            "By itself; for its owner."),
                    member("created_at", Shape.TIME, ""),
                    member("updated_at", Shape.TIME, ""));
    private static final Shape RESULT =
            object(
                    "SavedQueryResult",
                    member("at", Shape.TIME, "When it was asked."),
                    member("good", Shape.TRUTH, "Whether it could be answered."),
                    member("result", Shape.FREE, "As POST …/query answers, or error."));

    private final Supplier<SavedQueries> queries;
    private final Supplier<Identity> identity;
    private final LongSupplier nowNanos;

    /** Endpoints over {@code queries}; what people change is recorded. */
    public SavedQueryEndpoints(
            Supplier<SavedQueries> queries, Supplier<Identity> identity, LongSupplier nowNanos) {
        this.queries = queries;
        this.identity = identity;
        this.nowNanos = nowNanos;
    }

    /** The declarations. */
    public List<Endpoint> endpoints() {
        Access readers = Access.of(Permission.EVENTS_READ);
        /* A key may see less than its owner, in whose name a query runs: only people save them. */
        Access people = new Access.People(Role.USER, false);
        return List.of(
                of("GET", PATH, readers, "One's own saved queries and shared ones", this::page)
                        .with(
                                List.of(
                                        Parameter.of(
                                                "limit", Shape.WHOLE, "1 to 1000; 100.", "100"),
                                        Parameter.of("offset", Shape.WHOLE, "", "0")))
                        .answers(200, Shape.page(SAVED)),
                of("POST", PATH, people, "Save a query", this::create)
                        .takes(
                                QUERY,
                                "{\"name\":\"errors by source\",\"query\":\"level:error | stats"
                                        + " count() by source\",\"start_time\":\"now-1h\","
                                        + "\"schedule\":\"5m\"}")
                        .answers(201, SAVED)
                        .fails(ErrorCode.CONFLICT),
                of("GET", ONE, readers, "One saved query", this::one)
                        .answers(200, SAVED)
                        .fails(ErrorCode.NOT_FOUND),
                of("PUT", ONE, people, "Change the given fields of a saved query", this::change)
                        .takes(QUERY, "{\"schedule\":null}")
                        .answers(200, SAVED)
                        .fails(ErrorCode.NOT_FOUND, ErrorCode.CONFLICT),
                of("DELETE", ONE, people, "Remove a saved query with its results", this::remove)
                        .answers(200, Shape.FREE)
                        .fails(ErrorCode.NOT_FOUND),
                of(
                                "GET",
                                ONE + "/results",
                                people,
                                "The last answers of a scheduled query, for its owner",
                                this::results)
                        .answers(200, list(RESULT))
                        .fails(ErrorCode.NOT_FOUND));
    }

    private static Endpoint of(
            String method, String path, Access access, String summary, Endpoint.Handler handler) {
        return Endpoint.of(method, path, access, "Saved queries", summary, handler);
    }

    private Reply page(Call call) {
        int limit = call.whole("limit", 100, 1, 1000);
        int offset = call.whole("offset", 0, 0, 1_000_000);
        UUID user = user(call.principal());
        List<SavedQuery> found = queries.get().visibleTo(user, limit, offset);
        JsonText text = new JsonText(4096).object().name("success").truth(true);
        text.name("data").array();
        Map<UUID, SavedQuery.Run> runs = queries.get().lastRuns(user);
        found.forEach(query -> write(text, query, user, runs));
        text.endArray().name("pagination").object();
        text.name("limit").number(limit).name("offset").number(offset);
        text.name("total").number(queries.get().countVisibleTo(user));
        text.name("next_cursor").nothing();
        return Reply.json(200, text.endObject().endObject());
    }

    private Reply create(Call call) {
        UUID user = user(call.principal());
        SavedQuery query =
                SavedQueryInput.create(input(call), user, nowNanos.getAsLong() / 1_000_000);
        queries.get().add(query);
        record(call, "saved_query.create", query);
        return Reply.data(201, text -> write(text, query, user, Map.of()));
    }

    private Reply one(Call call) {
        SavedQuery query = visible(call);
        return reply(call, query);
    }

    private Reply change(Call call) {
        SavedQuery before = own(call);
        SavedQuery after =
                SavedQueryInput.change(input(call), before, nowNanos.getAsLong() / 1_000_000);
        if (!queries.get().replace(after)) {
            throw unknown(call);
        }
        record(call, "saved_query.update", after);
        return reply(call, after);
    }

    private Reply reply(Call call, SavedQuery query) {
        UUID user = user(call.principal());
        Map<UUID, SavedQuery.Run> runs = queries.get().lastRuns(user);
        return Reply.data(200, text -> write(text, query, user, runs));
    }

    private Reply remove(Call call) {
        SavedQuery query = visible(call);
        boolean may =
                query.ownerId().equals(user(call.principal()))
                        || call.principal().may(Permission.ADMIN);
        if (!may) {
            throw new BelfryException(
                    ErrorCode.FORBIDDEN, "saved query: another's (expected: one's own)");
        }
        if (!queries.get().remove(query.id())) {
            throw unknown(call);
        }
        record(call, "saved_query.delete", query);
        return Reply.data(200, text -> text.value(Map.of()));
    }

    private Reply results(Call call) {
        SavedQuery query = own(call);
        List<SavedQuery.Answer> answers = queries.get().answers(query.id());
        return Reply.data(
                200,
                text -> {
                    text.array();
                    for (SavedQuery.Answer answer : answers) {
                        text.object().name("at").time(answer.atMillis() * 1_000_000);
                        text.name("good").truth(answer.good());
                        text.name("result").raw(answer.json()).endObject();
                    }
                    text.endArray();
                });
    }

    private static JsonObject input(Call call) {
        return call.object(
                "name", "query", "kind", "start_time", "end_time", "shared", "schedule", "columns");
    }

    /* Its owner's, a shared one, or any for an administrator. */
    private SavedQuery visible(Call call) {
        Principal caller = call.principal();
        return queries.get()
                .find(call.pathId("id"))
                .filter(query ->
                        query.shared()
                                || query.ownerId().equals(caller.userId())
                                || caller.may(Permission.ADMIN))
                .orElseThrow(() -> unknown(call));
    }

    private SavedQuery own(Call call) {
        SavedQuery query = visible(call);
        if (!query.ownerId().equals(call.principal().userId())) {
            throw new BelfryException(
                    ErrorCode.FORBIDDEN, "saved query: another's (expected: one's own)");
        }
        return query;
    }

    private static BelfryException unknown(Call call) {
        return new BelfryException(
                ErrorCode.NOT_FOUND,
                "saved query: "
                        + call.pathId("id")
                        + " (expected: the id of one's own or a shared one)");
    }

    private static UUID user(Principal principal) {
        return Objects.requireNonNull(principal.userId(), "BUG: a caller without a user");
    }

    private void record(Call call, String action, SavedQuery query) {
        identity.get()
                .audit()
                .record(
                        call.caller(),
                        action,
                        "saved_query:" + query.id(),
                        Map.of("name", query.name(), "query", query.query()));
    }

    private static void write(
            JsonText text, SavedQuery query, UUID caller, Map<UUID, SavedQuery.Run> runs) {
        text.object().name("id").uuid(query.id()).name("name").text(query.name());
        text.name("query").text(query.query()).name("kind").text(query.kind());
        text.name("start_time").text(query.startTime());
        text.name("end_time").text(query.endTime());
        text.name("shared").truth(query.shared());
        text.name("schedule").text(SavedQueryInput.span(query.scheduleMillis()));
        text.name("columns").value(query.columns());
        text.name("owner_id").uuid(query.ownerId());
        text.name("own").truth(query.ownerId().equals(caller));
        SavedQuery.Run run = runs.get(query.id());
        text.name("last_run");
        if (run == null) {
            text.nothing();
        } else {
            text.object().name("at").time(run.atMillis() * 1_000_000);
            text.name("good").truth(run.good()).endObject();
        }
        text.name("created_at").time(query.createdMillis() * 1_000_000);
        text.name("updated_at").time(query.updatedMillis() * 1_000_000).endObject();
    }
}
