package dev.belfry.server.events;

import static dev.belfry.server.http.Shape.list;
import static dev.belfry.server.http.Shape.member;
import static dev.belfry.server.http.Shape.object;
import static dev.belfry.server.http.Shape.optional;

import dev.belfry.identity.Permission;
import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.query.Comparison;
import dev.belfry.query.Engine;
import dev.belfry.query.EventFilter;
import dev.belfry.server.http.Access;
import dev.belfry.server.http.Call;
import dev.belfry.server.http.Endpoint;
import dev.belfry.server.http.JsonObject;
import dev.belfry.server.http.JsonText;
import dev.belfry.server.http.Reply;
import dev.belfry.server.http.Shape;
import dev.belfry.store.Expr;
import dev.belfry.store.ResultTable;
import dev.belfry.store.TimeRange;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** How some events differ from the others. */
public final class CompareEndpoint {
    private static final Shape SELECTION =
            object(
                    "ComparedSelection",
                    optional("start_time", Shape.TEXT, "Inclusive."),
                    optional("end_time", Shape.TEXT, "Exclusive."),
                    optional("query", Shape.TEXT, "A search, instead of times."));
    private static final Shape QUESTION =
            object(
                    "CompareQuestion",
                    optional("query", Shape.TEXT, "A search of Insights, and filter stages."),
                    optional(
                            "filters",
                            Shape.FREE,
                            "As the parameters of GET …/events: a text or texts by name."),
                    optional("start_time", Shape.TEXT, "Of the whole; inclusive."),
                    optional("end_time", Shape.TEXT, "Exclusive."),
                    member("selection", SELECTION, "A time, or a search."),
                    optional(
                            "baseline",
                            Shape.oneOf("rest", "before"),
                            "rest: all others, the default; before: the time before, as long."),
                    optional("limit", Shape.WHOLE, "Fields: 1 to 100, 50 by default."));
    private static final Shape SIDE =
            object("ComparedSide", member("count", Shape.WHOLE, "Events."));
    private static final Shape VALUE =
            object(
                    "ComparedValue",
                    member("value", Shape.ANY, "null: without the field."),
                    optional("from", Shape.NUMBER, "Of a range of numbers, inclusive."),
                    optional("to", Shape.NUMBER, "Exclusive; missing in the last range."),
                    optional("like", Shape.TEXT, "Of a template: @message like \"…\"."),
                    member("selection", Shape.WHOLE, "Events; an estimate when sampled."),
                    member("baseline", Shape.WHOLE, ""),
                    member("selection_share", Shape.NUMBER, "0 to 1."),
                    member("baseline_share", Shape.NUMBER, "0 to 1."));
    private static final Shape ANSWER =
            object(
                    "Comparison",
                    member("selection", SIDE, ""),
                    member("baseline", SIDE, ""),
                    member("sampled", Shape.TRUTH, "Whether only some events were looked at."),
                    member(
                            "fields",
                            list(
                                    object(
                                            "ComparedField",
                                            member("field", Shape.TEXT, ""),
                                            member(
                                                    "kind",
                                                    Shape.oneOf(
                                                            "column", "tag", "payload", "template"),
                                                    ""),
                                            member("score", Shape.NUMBER, "0 to 1."),
                                            member(
                                                    "values",
                                                    list(VALUE),
                                                    "Most different first."))),
                            "The most different first."));

    private final Supplier<Engine> engine;
    private final QueryDesk desk;
    private final LongSupplier nowNanos;

    /** An endpoint over {@code engine}. */
    public CompareEndpoint(Supplier<Engine> engine, QueryDesk desk, LongSupplier nowNanos) {
        this.engine = engine;
        this.desk = desk;
        this.nowNanos = nowNanos;
    }

    /** The declaration. */
    public Endpoint endpoint() {
        return Endpoint.of(
                        "POST",
                        "/api/v1/monitoring/compare",
                        Access.of(Permission.EVENTS_READ),
                        "Events",
                        "How some events differ from the others: fields and templates, ranked",
                        this::compare)
                .with(List.of(QueryDesk.TIMEOUT, QueryDesk.CONSISTENCY))
                .takes(
                        QUESTION,
                        "{\"query\":\"source:shop\",\"start_time\":\"now-1h\","
                                + "\"selection\":{\"query\":\"level:error\"}}")
                .answers(200, Shape.beside(ANSWER, Shape.STATISTICS))
                .fails(ErrorCode.QUERY_LIMIT);
    }

    private Reply compare(Call call) throws InterruptedException {
        JsonObject body =
                call.object(
                        "query",
                        "filters",
                        "start_time",
                        "end_time",
                        "selection",
                        "baseline",
                        "limit");
        long now = nowNanos.getAsLong();
        JsonObject selection =
                body.optionalObject("selection", "start_time", "end_time", "query")
                        .orElseThrow(() ->
                                invalid(
                                        "selection: is missing (expected: a time or"
                                                + " a query)"));
        String baseline = body.optionalText("baseline").orElse("rest");
        if (!baseline.equals("rest") && !baseline.equals("before")) {
            throw invalid("baseline: " + baseline + " (expected: rest or before)");
        }
        long limit = body.optionalWhole("limit").orElse(50L);
        if (limit < 1 || limit > 100) {
            throw invalid("limit: " + limit + " (expected: 1-100)");
        }
        TimeRange time = time(selection, now);
        Expr by = Filters.condition(selection.optionalText("query").orElse(null), now);
        if ((time == null) == (by == null)) {
            throw invalid(
                    "selection: "
                            + (time == null ? "empty" : "a time and a query")
                            + " (expected: start_time and end_time, or query)");
        }
        Map<String, List<String>> parameters = parameters(body);
        boolean open = baseline.equals("before") && time == null && !body.has("end_time");
        if (open) {
            parameters.put("end_time", List.of("now"));
        }
        Optional<EventFilter> filter = Filters.of(parameters, call.principal(), now);
        Comparison answer =
                filter.isEmpty()
                        ? new Comparison(0, 0, List.of(), false, ResultTable.Statistics.NONE)
                        : desk.run(
                                new QueryDesk.Question("compare", described(body), desk.rowsMax()),
                                call,
                                found -> found.fields().size(),
                                context ->
                                        engine.get()
                                                .events()
                                                .compare(
                                                        new Comparison.Question(
                                                                filter.get(),
                                                                time,
                                                                by,
                                                                baseline.equals("before"),
                                                                (int) limit),
                                                        context));
        return reply(answer);
    }

    private static @Nullable TimeRange time(JsonObject selection, long now) {
        String start = selection.optionalText("start_time").orElse(null);
        String end = selection.optionalText("end_time").orElse(null);
        if (start == null && end == null) {
            return null;
        }
        if (start == null || end == null) {
            throw invalid("selection: half a time (expected: start_time and end_time)");
        }
        return Filters.range(start, end, now);
    }

    private static String described(JsonObject body) {
        return body.optionalText("query").orElse("");
    }

    /** What the body says as the parameters of a search say it. */
    private static Map<String, List<String>> parameters(JsonObject body) {
        Map<String, List<String>> parameters = new HashMap<>();
        JsonObject filters = body.optionalAny("filters").orElse(null);
        if (filters != null) {
            for (String name : filters.names()) {
                if (!Filters.isFilter(name)) {
                    throw invalid(
                            "filters."
                                    + name
                                    + ": is no filter (expected: as GET …/events"
                                    + " has them)");
                }
                filters.optionalTextOrTexts(name)
                        .filter(values -> !values.isEmpty())
                        .ifPresent(values -> parameters.put(name, values));
            }
        }
        for (String name : List.of("query", "start_time", "end_time")) {
            body.optionalText(name).ifPresent(value -> parameters.put(name, List.of(value)));
        }
        return parameters;
    }

    private static Reply reply(Comparison answer) {
        JsonText text = new JsonText(16 << 10).object().name("success").truth(true);
        text.name("data").object();
        text.name("selection").object().name("count").number(answer.selection()).endObject();
        text.name("baseline").object().name("count").number(answer.baseline()).endObject();
        text.name("sampled").truth(answer.sampled()).name("fields").array();
        for (Comparison.Field field : answer.fields()) {
            text.object().name("field").text(field.name());
            text.name("kind").text(field.kind().text());
            text.name("score").number(field.score()).name("values").array();
            field.values().forEach(value -> write(text, value));
            text.endArray().endObject();
        }
        text.endArray().endObject();
        SearchEndpoints.statistics(text, answer.statistics(), false);
        return Reply.json(200, text.endObject());
    }

    private static void write(JsonText text, Comparison.Value value) {
        text.object().name("value");
        SqlEndpoint.write(text, value.value());
        if (value.from() != null) {
            text.name("from").number(value.from());
        }
        if (value.to() != null) {
            text.name("to").number(value.to());
        }
        if (value.like() != null) {
            text.name("like").text(value.like());
        }
        text.name("selection").number(value.selection());
        text.name("baseline").number(value.baseline());
        text.name("selection_share").number(round(value.selectionShare()));
        text.name("baseline_share").number(round(value.baselineShare())).endObject();
    }

    private static double round(double share) {
        return Math.round(1e6 * share) / 1e6;
    }

    private static BelfryException invalid(String message) {
        return new BelfryException(ErrorCode.VALIDATION_ERROR, message);
    }
}
