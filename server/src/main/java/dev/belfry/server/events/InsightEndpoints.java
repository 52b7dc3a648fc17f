package dev.belfry.server.events;

import static dev.belfry.server.http.Shape.list;
import static dev.belfry.server.http.Shape.member;
import static dev.belfry.server.http.Shape.object;
import static dev.belfry.server.http.Shape.optional;

import dev.belfry.identity.Identity;
import dev.belfry.identity.Permission;
import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.query.Engine;
import dev.belfry.query.InsightResult;
import dev.belfry.query.Insights;
import dev.belfry.server.http.Access;
import dev.belfry.server.http.Call;
import dev.belfry.server.http.Endpoint;
import dev.belfry.server.http.JsonObject;
import dev.belfry.server.http.Reply;
import dev.belfry.server.http.Shape;
import dev.belfry.store.TimeRange;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** The piped query language. */
public final class InsightEndpoints {
    private static final String PATH = "/api/v1/monitoring/query";
    private static final int LIMIT_DEFAULT = 1_000;

    private static final Shape QUERY =
            object(
                    "Query",
                    member("query", Shape.TEXT, "Stages with | between them; docs/insights.md."),
                    optional("start_time", Shape.TEXT, "RFC 3339 or now-15m; inclusive."),
                    optional("end_time", Shape.TEXT, "Exclusive."),
                    optional("limit", Shape.WHOLE, "Rows at most: 0 to 10000, 1000 by default."));
    private static final Shape RESULT =
            object(
                    "QueryResult",
                    member("columns", list(Shape.TEXT), ""),
                    member("types", list(Shape.oneOf("time", "value")), "Of the columns."),
                    member("rows", list(list(Shape.ANY)), "A list of values a row."),
                    member("ids", list(Shape.UUID), "Of the events, where rows are events."));
    private static final Shape TEXT =
            object("QueryText", member("query", Shape.TEXT, "Stages with | between them."));

    private final Supplier<Engine> engine;
    private final QueryDesk desk;
    private final Supplier<Identity> identity;
    private final LongSupplier nowNanos;

    /** Endpoints over {@code engine}; an answer taken out as CSV is recorded. */
    public InsightEndpoints(
            Supplier<Engine> engine,
            QueryDesk desk,
            Supplier<Identity> identity,
            LongSupplier nowNanos) {
        this.engine = engine;
        this.identity = identity;
        this.desk = desk;
        this.nowNanos = nowNanos;
    }

    /** The declarations. */
    public List<Endpoint> endpoints() {
        Access readers = Access.of(Permission.EVENTS_READ);
        return List.of(
                Endpoint.of(
                                "POST",
                                PATH,
                                readers,
                                "Events",
                                "Ask in the piped language; NDJSON or CSV when that is accepted",
                                this::ask)
                        .with(List.of(QueryDesk.TIMEOUT, QueryDesk.CONSISTENCY))
                        .takes(QUERY, "{\"query\":\"level:error | stats count() by source\"}")
                        .answers(200, Shape.beside(RESULT, Shape.STATISTICS))
                        .fails(ErrorCode.QUERY_LIMIT),
                Endpoint.of(
                                "POST",
                                PATH + "/format",
                                readers,
                                "Events",
                                "A query in one form: a stage a line",
                                InsightEndpoints::format)
                        .takes(TEXT, "{\"query\":\"level:error|stats count() by source\"}")
                        .answers(200, TEXT));
    }

    private static Reply format(Call call) {
        String formatted = Insights.format(call.object("query").text("query"));
        return Reply.data(200, text -> text.object().name("query").text(formatted).endObject());
    }

    private Reply ask(Call call) throws InterruptedException {
        JsonObject body = call.object("query", "start_time", "end_time", "limit");
        String query = body.text("query");
        long now = nowNanos.getAsLong();
        TimeRange range =
                Filters.range(
                        body.optionalText("start_time").orElse(null),
                        body.optionalText("end_time").orElse(null),
                        now);
        int limit = limit(body.optionalWhole("limit").orElse((long) LIMIT_DEFAULT));
        return desk.answer(
                new QueryDesk.Question("insights", query, Insights.STEP_ROWS_MAX),
                call,
                found -> found.rows().size(),
                context ->
                        engine.get()
                                .insights()
                                .run(
                                        query,
                                        range,
                                        Filters.owner(call.principal()),
                                        call.principal().onlySources(),
                                        now,
                                        limit,
                                        context),
                found -> reply(call, query, found));
    }

    private Reply reply(Call call, String query, InsightResult result) {
        String accept = call.header("accept");
        if (accept != null && accept.contains("text/csv")) {
            identity.get()
                    .audit()
                    .record(call.caller(), "query.export", null, Map.of("query", query));
            return InsightAnswers.csv(result);
        }
        return accept != null && accept.contains("ndjson")
                ? InsightAnswers.lines(result)
                : InsightAnswers.whole(result);
    }

    private static int limit(long limit) {
        if (limit < 0 || limit > Insights.ROWS_MAX) {
            throw new BelfryException(
                    ErrorCode.VALIDATION_ERROR,
                    "limit: " + limit + " (expected: 0-" + Insights.ROWS_MAX + ")");
        }
        return (int) limit;
    }
}
