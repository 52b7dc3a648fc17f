package dev.belfry.server.events;

import static dev.belfry.server.http.Shape.list;
import static dev.belfry.server.http.Shape.member;
import static dev.belfry.server.http.Shape.object;

import dev.belfry.identity.Permission;
import dev.belfry.model.ErrorCode;
import dev.belfry.query.Engine;
import dev.belfry.query.EventFilter;
import dev.belfry.query.MessagePatterns;
import dev.belfry.query.MessageTemplate;
import dev.belfry.server.http.Access;
import dev.belfry.server.http.Call;
import dev.belfry.server.http.Endpoint;
import dev.belfry.server.http.JsonText;
import dev.belfry.server.http.Parameter;
import dev.belfry.server.http.Reply;
import dev.belfry.server.http.Shape;
import dev.belfry.store.ResultTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** The message templates of a filter's events. */
public final class PatternEndpoint {
    private static final Shape PATTERN =
            object(
                    "Pattern",
                    member("pattern", Shape.TEXT, "With <*> for what varies."),
                    member("count", Shape.WHOLE, ""),
                    member("share", Shape.NUMBER, "Of all messages, 0 to 1."),
                    member("example", Shape.TEXT, ""),
                    member(
                            "like",
                            Shape.TEXT,
                            "For a filter of its messages: @message like \"…\"."),
                    member("first_seen", Shape.TIME, "In the range."),
                    member("last_seen", Shape.TIME, "In the range."),
                    member("trend", list(Shape.WHOLE), "Messages by bucket."));
    private static final Shape.Member TREND =
            member(
                    "trend",
                    object(
                            "PatternTrend",
                            member("start", Shape.TIME, "Where the first bucket begins."),
                            member("interval_ms", Shape.NUMBER, "The width of a bucket."),
                            member("sampled", Shape.TRUTH, "Whether some messages were read.")),
                    "");

    private final Supplier<Engine> engine;
    private final QueryDesk desk;
    private final LongSupplier nowNanos;

    /** An endpoint over {@code engine}. */
    public PatternEndpoint(Supplier<Engine> engine, QueryDesk desk, LongSupplier nowNanos) {
        this.engine = engine;
        this.desk = desk;
        this.nowNanos = nowNanos;
    }

    /** The declaration. */
    public Endpoint endpoint() {
        List<Parameter> parameters = new ArrayList<>(Filters.PARAMETERS);
        parameters.add(Parameter.of("limit", Shape.WHOLE, "1 to 1000, 50 by default.", "50"));
        parameters.add(
                Parameter.of("buckets", Shape.WHOLE, "Of a trend, 1 to 100; 30 by default.", "30"));
        return Endpoint.of(
                        "GET",
                        "/api/v1/monitoring/patterns",
                        Access.of(Permission.EVENTS_READ),
                        "Events",
                        "Message templates with counts, examples and trends",
                        this::patterns)
                .with(parameters)
                .answers(
                        200, Shape.beside(list(PATTERN), TREND, Shape.PAGINATION, Shape.STATISTICS))
                .fails(ErrorCode.QUERY_LIMIT);
    }

    private Reply patterns(Call call) throws InterruptedException {
        int limit = call.whole("limit", 50, 1, 1000);
        int buckets = call.whole("buckets", 30, 1, 100);
        Optional<EventFilter> filter = Filters.of(call, nowNanos.getAsLong());
        MessagePatterns patterns =
                filter.isEmpty()
                        ? new MessagePatterns(
                                List.of(), 0, 0, false, 0, 0, ResultTable.Statistics.NONE)
                        : desk.run(
                                "patterns",
                                call,
                                found -> found.templates().size(),
                                context ->
                                        engine.get()
                                                .events()
                                                .patterns(filter.get(), limit, buckets, context));
        JsonText text = new JsonText(8192).object().name("success").truth(true);
        text.name("data").array();
        for (MessageTemplate template : patterns.templates()) {
            write(text, template, patterns.messages());
        }
        text.endArray().name("trend").object();
        text.name("start").time(patterns.startNanos());
        text.name("interval_ms").number(patterns.intervalNanos() / 1e6);
        text.name("sampled").truth(patterns.sampled()).endObject();
        text.name("pagination").object().name("limit").number(limit).name("offset").number(0);
        text.name("total").number(patterns.distinct());
        text.name("next_cursor").nothing().endObject();
        boolean cut = patterns.distinct() > patterns.templates().size();
        SearchEndpoints.statistics(text, patterns.statistics(), cut);
        return Reply.json(200, text.endObject());
    }

    private static void write(JsonText text, MessageTemplate template, long messages) {
        text.object().name("pattern").text(template.pattern());
        text.name("count").number(template.count());
        text.name("share").number(Math.round(1e6 * template.count() / messages) / 1e6);
        text.name("example").text(template.example()).name("like").text(template.like());
        text.name("first_seen").time(template.firstNanos());
        text.name("last_seen").time(template.lastNanos()).name("trend").array();
        for (long count : template.buckets()) {
            text.number(count);
        }
        text.endArray().endObject();
    }
}
