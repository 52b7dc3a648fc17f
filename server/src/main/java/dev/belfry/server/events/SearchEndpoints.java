package dev.belfry.server.events;

import static dev.belfry.server.http.Shape.PAGINATION;
import static dev.belfry.server.http.Shape.STATISTICS;
import static dev.belfry.server.http.Shape.beside;
import static dev.belfry.server.http.Shape.list;
import static dev.belfry.server.http.Shape.member;
import static dev.belfry.server.http.Shape.object;

import dev.belfry.identity.Permission;
import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.model.Event;
import dev.belfry.query.Engine;
import dev.belfry.query.EventFilter;
import dev.belfry.query.EventPage;
import dev.belfry.query.FieldSummary;
import dev.belfry.query.Histogram;
import dev.belfry.query.Order;
import dev.belfry.server.http.Access;
import dev.belfry.server.http.Call;
import dev.belfry.server.http.Endpoint;
import dev.belfry.server.http.JsonText;
import dev.belfry.server.http.Parameter;
import dev.belfry.server.http.Reply;
import dev.belfry.server.http.Shape;
import dev.belfry.store.ResultTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** The questions about events. */
public final class SearchEndpoints {
    private static final String GROUP = "Events";
    private static final String BASE = "/api/v1/monitoring";
    private static final ResultTable.Statistics NOTHING_READ = ResultTable.Statistics.NONE;

    private static final Shape HISTOGRAM =
            object(
                    "Histogram",
                    member("interval_ms", Shape.NUMBER, "The width of a bucket."),
                    member(
                            "buckets",
                            list(
                                    object(
                                            "HistogramBucket",
                                            member("start", Shape.TIME, ""),
                                            member("counts", Shape.FREE, "Events by level."),
                                            member("total", Shape.WHOLE, ""))),
                            ""),
                    member("total", Shape.WHOLE, ""));
    private static final Shape FIELD =
            object(
                    "Field",
                    member("name", Shape.TEXT, "source, level, event_type, tags.KEY, payload.KEY."),
                    member("count", Shape.WHOLE, "Events that have it."),
                    member("distinct", Shape.WHOLE, "Different values among the events counted."),
                    member(
                            "approximate",
                            Shape.TRUTH,
                            "Whether only some events were counted, and scaled to all."),
                    member(
                            "values",
                            list(
                                    object(
                                            "FieldValue",
                                            member("value", Shape.ANY, ""),
                                            member("count", Shape.WHOLE, ""))),
                            "The most frequent first."));

    private final Supplier<Engine> engine;
    private final QueryDesk desk;
    private final LongSupplier nowNanos;

    /** Endpoints over {@code engine}. */
    public SearchEndpoints(Supplier<Engine> engine, QueryDesk desk, LongSupplier nowNanos) {
        this.engine = engine;
        this.desk = desk;
        this.nowNanos = nowNanos;
    }

    /** The declarations. */
    public List<Endpoint> endpoints() {
        Access readers = Access.of(Permission.EVENTS_READ);
        List<Parameter> search = new ArrayList<>(Filters.PARAMETERS);
        search.add(Parameter.of("limit", Shape.WHOLE, "0 to 1000, 100 by default.", "100"));
        search.add(Parameter.of("offset", Shape.WHOLE, "0 to 100000.", "0"));
        search.add(Parameter.of("cursor", Shape.TEXT, "next_cursor of the page before.", ""));
        search.add(
                Parameter.of("order", Shape.oneOf("desc", "asc"), "Newest first: desc.", "desc"));
        List<Parameter> logs = new ArrayList<>(search);
        logs.addAll(Filters.LOG_PARAMETERS);
        List<Parameter> histogram = new ArrayList<>(Filters.PARAMETERS);
        histogram.add(Parameter.of("buckets", Shape.WHOLE, "1 to 2000, 120 by default.", "120"));
        List<Parameter> fields = new ArrayList<>(Filters.PARAMETERS);
        fields.add(Parameter.of("limit", Shape.WHOLE, "Values a field, 1 to 100; 10.", "10"));
        fields.add(Parameter.of("field", Shape.TEXT, "This field only.", "tags.host"));
        fields.add(
                Parameter.of(
                        "prefix",
                        Shape.TEXT,
                        "What values of the field, or without one names of fields, begin with.",
                        "web-"));
        return List.of(
                get(BASE + "/events", readers, "Search events", this::search)
                        .with(search)
                        .answers(200, beside(list(EventJson.EVENT), PAGINATION, STATISTICS)),
                get(
                                BASE + "/events/histogram",
                                readers,
                                "Count events over time by level",
                                this::histogram)
                        .with(histogram)
                        .answers(200, beside(HISTOGRAM, STATISTICS)),
                get(BASE + "/events/{id}", readers, "One event", this::one)
                        .answers(200, EventJson.EVENT),
                get(BASE + "/logs", readers, "Search events of type log", this::logs)
                        .with(logs)
                        .answers(200, beside(list(EventJson.EVENT), PAGINATION, STATISTICS)),
                get(
                                BASE + "/fields",
                                readers,
                                "Fields with their most frequent values",
                                this::fields)
                        .with(fields)
                        .answers(200, beside(list(FIELD), STATISTICS)));
    }

    private static Endpoint get(
            String path, Access access, String summary, Endpoint.Handler handler) {
        return Endpoint.of("GET", path, access, GROUP, summary, handler)
                .fails(ErrorCode.QUERY_LIMIT);
    }

    private Reply search(Call call) throws InterruptedException {
        return page(call, "events", call.parameters(), EventJson::write);
    }

    private Reply logs(Call call) throws InterruptedException {
        Map<String, List<String>> parameters = new HashMap<>(call.parameters());
        List<String> types = parameters.put("event_type", List.of("log"));
        if (types != null && !types.contains("log")) {
            throw new BelfryException(
                    ErrorCode.VALIDATION_ERROR,
                    "event_type: " + String.join(", ", types) + " (expected: log)");
        }
        return page(call, "logs", parameters, EventJson::writeLog);
    }

    private Reply page(
            Call call,
            String type,
            Map<String, List<String>> parameters,
            BiConsumer<JsonText, Event> writer)
            throws InterruptedException {
        int limit = call.whole("limit", 100, 0, 1000);
        int offset = call.whole("offset", 0, 0, 100_000);
        Order order =
                call.parameter("order").orElse("desc").equals("asc")
                        ? Order.OLDEST_FIRST
                        : Order.NEWEST_FIRST;
        String cursor = call.parameter("cursor").orElse(null);
        Optional<EventFilter> filter =
                Filters.of(parameters, call.principal(), nowNanos.getAsLong());
        if (filter.isEmpty()) {
            return page(
                    new EventPage(List.of(), null, 0L, false, NOTHING_READ), limit, offset, writer);
        }
        return desk.answer(
                type,
                call,
                found -> found.events().size(),
                context ->
                        engine.get()
                                .events()
                                .search(filter.get(), order, limit, offset, cursor, context),
                found -> page(found, limit, offset, writer));
    }

    private static Reply page(
            EventPage page, int limit, int offset, BiConsumer<JsonText, Event> writer) {
        JsonText text = new JsonText(512 + page.events().size() * 512);
        text.object().name("success").truth(true).name("data").array();
        page.events().forEach(event -> writer.accept(text, event));
        text.endArray().name("pagination").object();
        text.name("limit").number(limit).name("offset").number(offset);
        text.name("total").value(page.total());
        text.name("next_cursor").text(page.nextCursor()).endObject();
        statistics(text, page.statistics(), page.cut());
        return Reply.json(200, text.endObject());
    }

    private Reply one(Call call) throws InterruptedException {
        UUID id = call.pathId("id");
        Optional<Event> event =
                desk.run(
                        "by_id",
                        call,
                        found -> found.isPresent() ? 1 : 0,
                        context ->
                                engine.get()
                                        .events()
                                        .find(id, Filters.owner(call.principal()), context));
        return event.filter(found -> call.principal().mayRead(found.source(), found.createdBy()))
                .map(found -> Reply.data(200, text -> EventJson.write(text, found)))
                .orElseThrow(() ->
                        new BelfryException(
                                ErrorCode.NOT_FOUND,
                                "event: "
                                        + id
                                        + " (expected: the id of an event that you"
                                        + " may see)"));
    }

    private Reply histogram(Call call) throws InterruptedException {
        int buckets = call.whole("buckets", 120, 1, 2000);
        Optional<EventFilter> filter = Filters.of(call, nowNanos.getAsLong());
        Histogram histogram =
                filter.isEmpty()
                        ? new Histogram(0, List.of(), 0, NOTHING_READ)
                        : desk.run(
                                "events",
                                call,
                                found -> found.buckets().size(),
                                context ->
                                        engine.get()
                                                .events()
                                                .histogram(filter.get(), buckets, context));
        JsonText text = new JsonText(4096).object().name("success").truth(true);
        text.name("data").object();
        text.name("interval_ms").number(histogram.intervalNanos() / 1e6);
        text.name("buckets").array();
        for (Histogram.Bucket bucket : histogram.buckets()) {
            text.object().name("start").time(bucket.startNanos());
            text.name("counts").value(bucket.counts());
            text.name("total").number(bucket.total()).endObject();
        }
        text.endArray().name("total").number(histogram.total()).endObject();
        statistics(text, histogram.statistics(), false);
        return Reply.json(200, text.endObject());
    }

    private Reply fields(Call call) throws InterruptedException {
        int values = call.whole("limit", 10, 1, 100);
        FieldSummary.Choice choice =
                new FieldSummary.Choice(
                        call.parameter("field").orElse(null),
                        call.parameter("prefix").orElse(null));
        Optional<EventFilter> filter = Filters.of(call, nowNanos.getAsLong());
        FieldSummary.Summaries summaries =
                filter.isEmpty()
                        ? new FieldSummary.Summaries(List.of(), false, NOTHING_READ)
                        : desk.run(
                                "fields",
                                call,
                                found -> found.fields().size(),
                                context ->
                                        engine.get()
                                                .events()
                                                .fields(filter.get(), choice, values, context));
        JsonText text = new JsonText(8192).object().name("success").truth(true);
        text.name("data").array();
        for (FieldSummary field : summaries.fields()) {
            text.object().name("name").text(field.name()).name("count").number(field.count());
            text.name("distinct").number(field.distinct());
            text.name("approximate").truth(field.approximate()).name("values").array();
            for (FieldSummary.ValueCount value : field.values()) {
                text.object().name("value");
                SqlEndpoint.write(text, value.value());
                text.name("count").number(value.count()).endObject();
            }
            text.endArray().endObject();
        }
        text.endArray();
        statistics(text, summaries.statistics(), summaries.sampled());
        return Reply.json(200, text.endObject());
    }

    static void statistics(JsonText text, ResultTable.Statistics cost, boolean truncated) {
        text.name("statistics").object();
        text.name("elapsed_ms").number(cost.elapsedNanos() / 1_000 / 1e3);
        text.name("rows_read").number(cost.rowsRead());
        text.name("bytes_read").number(cost.bytesRead());
        text.name("segments_total").number(cost.rowGroupsTotal());
        text.name("segments_in_range").number(cost.rowGroupsInRange());
        text.name("segments_skipped").number(cost.rowGroupsSkipped());
        text.name("truncated").truth(truncated);
        text.name("warnings").value(cost.warnings()).endObject();
    }
}
