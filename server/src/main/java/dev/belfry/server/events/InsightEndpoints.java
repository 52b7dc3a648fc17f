package dev.belfry.server.events;

import static dev.belfry.server.http.Shape.list;
import static dev.belfry.server.http.Shape.member;
import static dev.belfry.server.http.Shape.object;
import static dev.belfry.server.http.Shape.optional;

import dev.belfry.identity.Permission;
import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.model.time.Timestamps;
import dev.belfry.query.Engine;
import dev.belfry.query.InsightResult;
import dev.belfry.query.Insights;
import dev.belfry.server.http.Access;
import dev.belfry.server.http.Call;
import dev.belfry.server.http.Endpoint;
import dev.belfry.server.http.JsonObject;
import dev.belfry.server.http.JsonText;
import dev.belfry.server.http.Parameter;
import dev.belfry.server.http.Reply;
import dev.belfry.server.http.Shape;
import dev.belfry.store.TimeRange;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The piped query language. */
public final class InsightEndpoints {
    private static final String PATH = "/api/v1/monitoring/query";
    private static final String NDJSON = "application/x-ndjson";
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
    private final LongSupplier nowNanos;

    /** Endpoints over {@code engine}. */
    public InsightEndpoints(Supplier<Engine> engine, QueryDesk desk, LongSupplier nowNanos) {
        this.engine = engine;
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
                                "Ask in the piped language; by lines when NDJSON is accepted",
                                this::ask)
                        .with(
                                List.of(
                                        Parameter.of(
                                                "timeout",
                                                Shape.TEXT,
                                                "How long it may take.",
                                                "5s"),
                                        Parameter.of(
                                                "consistency",
                                                Shape.oneOf("eventual"),
                                                "Take what is there, without waiting.",
                                                "eventual")))
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
        InsightResult result =
                desk.run(
                        "insights",
                        call,
                        Insights.STEP_ROWS_MAX,
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
                                                context));
        String accept = call.header("accept");
        return accept != null && accept.contains("ndjson") ? lines(result) : whole(result);
    }

    private static int limit(long limit) {
        if (limit < 0 || limit > Insights.ROWS_MAX) {
            throw new BelfryException(
                    ErrorCode.VALIDATION_ERROR,
                    "limit: " + limit + " (expected: 0-" + Insights.ROWS_MAX + ")");
        }
        return (int) limit;
    }

    private static Reply whole(InsightResult result) {
        JsonText text = new JsonText(4096).object().name("success").truth(true);
        text.name("data").object().name("columns").array();
        result.columns().forEach(column -> text.text(column.name()));
        text.endArray().name("types").array();
        result.columns().forEach(column -> text.text(column.time() ? "time" : "value"));
        text.endArray().name("rows").array();
        for (@Nullable Object[] row : result.rows()) {
            text.array();
            for (int i = 0; i < row.length; i++) {
                write(text, result.columns().get(i), row[i]);
            }
            text.endArray();
        }
        text.endArray().name("ids").array();
        result.ids().forEach(text::uuid);
        text.endArray().endObject();
        SearchEndpoints.statistics(text, result.statistics(), result.truncated());
        return Reply.json(200, text.endObject());
    }

    /* A row a line; the last line has the statistics. */
    private static Reply lines(InsightResult result) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (@Nullable Object[] row : result.rows()) {
            JsonText text = new JsonText(256).object();
            for (int i = 0; i < row.length; i++) {
                InsightResult.Column column = result.columns().get(i);
                write(text.name(column.name()), column, row[i]);
            }
            body.writeBytes(text.endObject().bytes());
            body.write('\n');
        }
        JsonText last = new JsonText(256).object();
        SearchEndpoints.statistics(last, result.statistics(), result.truncated());
        body.writeBytes(last.endObject().bytes());
        body.write('\n');
        return Reply.bytes(200, NDJSON, body.toByteArray());
    }

    private static void write(JsonText text, InsightResult.Column column, @Nullable Object value) {
        if (column.time() && value instanceof Long nanos) {
            text.text(Timestamps.format(nanos));
        } else {
            SqlEndpoint.write(text, value);
        }
    }
}
