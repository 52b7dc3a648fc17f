package dev.belfry.server.series;

import static dev.belfry.server.http.Shape.list;
import static dev.belfry.server.http.Shape.member;
import static dev.belfry.server.http.Shape.object;

import dev.belfry.identity.Permission;
import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.model.series.Floats;
import dev.belfry.model.series.LabelMatcher;
import dev.belfry.model.series.Labels;
import dev.belfry.model.series.MetricReader;
import dev.belfry.model.time.TimeExpression;
import dev.belfry.model.time.TimeLength;
import dev.belfry.query.Engine;
import dev.belfry.query.MetricFigures;
import dev.belfry.query.MetricFigures.Figure;
import dev.belfry.query.MetricQuestion;
import dev.belfry.query.MetricQuestion.Aggregation;
import dev.belfry.server.events.QueryDesk;
import dev.belfry.server.http.Access;
import dev.belfry.server.http.Call;
import dev.belfry.server.http.Endpoint;
import dev.belfry.server.http.JsonText;
import dev.belfry.server.http.Parameter;
import dev.belfry.server.http.Reply;
import dev.belfry.server.http.Shape;
import dev.belfry.server.prometheus.BoundedSeries;
import dev.belfry.store.QueryContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Questions about metrics as the seeds ask them. */
public final class MetricEndpoints {
    private static final long MILLI_NANOS = 1_000_000;
    private static final int LIMIT_MAX = 10_000;
    private static final int OFFSET_MAX = 1_000_000;
    private static final Shape SAMPLE =
            object(
                    "Metric",
                    member("name", Shape.TEXT, ""),
                    member("metric_type", Shape.TEXT, ""),
                    member("value", Shape.NUMBER, "Of a counter, its total."),
                    member("labels", Shape.FREE, ""),
                    member("timestamp", Shape.TIME, ""));
    private static final Shape FIGURES =
            object(
                    "MetricFigures",
                    member("name", Shape.TEXT, ""),
                    member("metric_type", Shape.TEXT, ""),
                    member("aggregation", Shape.TEXT, ""),
                    member("step_seconds", Shape.NUMBER, "0 for the range as one."),
                    member(
                            "series",
                            list(Shape.FREE),
                            "{labels, datapoints: [{timestamp, value}]}"));
    private static final List<Parameter> PARAMETERS =
            List.of(
                    Parameter.of("name", Shape.TEXT, "The metric's.", "http_requests_total"),
                    Parameter.of("metric_type", Shape.TEXT, "Only this type.", "counter"),
                    Parameter.of("type", Shape.TEXT, "The same.", ""),
                    Parameter.of(
                            "labels",
                            Shape.TEXT,
                            "Conditions: a JSON object, name=value with commas between, or a"
                                    + " selector of PromQL in braces.",
                            "{\"method\":\"GET\"}"),
                    Parameter.of("tags", Shape.TEXT, "The same.", ""),
                    Parameter.of("start_time", Shape.TEXT, "Inclusive.", "now-1h"),
                    Parameter.of("end_time", Shape.TEXT, "Exclusive.", "now"),
                    Parameter.of(
                            "aggregation",
                            Shape.TEXT,
                            "avg sum min max count p50 p90 p95 p99 rate.",
                            "p95"),
                    Parameter.of("step", Shape.TEXT, "Parts of the range.", "5m"),
                    Parameter.of("group_by", Shape.TEXT, "Labels that keep apart.", "method"),
                    MetricGroup.PARAMETER,
                    Parameter.of("limit", Shape.WHOLE, "At most 10000; 100 by default.", "100"),
                    Parameter.of("offset", Shape.WHOLE, "How many are passed over.", "0"));

    private final Supplier<Engine> engine;
    private final QueryDesk desk;
    private final LongSupplier nowNanos;

    /** Questions to {@code engine} by {@code desk}. */
    public MetricEndpoints(Supplier<Engine> engine, QueryDesk desk, LongSupplier nowNanos) {
        this.engine = engine;
        this.desk = desk;
        this.nowNanos = nowNanos;
    }

    /** The declarations. */
    public List<Endpoint> endpoints() {
        return List.of(
                Endpoint.of(
                                "GET",
                                "/api/v1/monitoring/metrics",
                                Access.of(Permission.EVENTS_READ),
                                "Metrics",
                                "Samples of a metric, newest first; the newest of every series without"
                                        + " name; figures with aggregation",
                                this::get)
                        .with(PARAMETERS)
                        .answers(200, Shape.either(list(SAMPLE), FIGURES))
                        .fails(ErrorCode.QUERY_LIMIT, ErrorCode.OVERLOADED));
    }

    private Reply get(Call call) throws InterruptedException {
        String name = call.parameter("name").orElse("");
        List<LabelMatcher> matchers =
                new ArrayList<>(LabelConditions.parse(either(call, "labels", "tags").orElse("")));
        MetricGroup.of(call).ifPresent(group -> matchers.addAll(group.matchers()));
        String type = either(call, "metric_type", "type").orElse("").strip();
        long now = nowNanos.getAsLong();
        long start = millis(call, "start_time", 0, now);
        long end = millis(call, "end_time", Math.floorDiv(now, MILLI_NANOS) + 60_000, now);
        if (start >= end) {
            throw wrong("start_time: not before end_time (expected: an earlier time)");
        }
        if (call.parameter("aggregation").isPresent()) {
            return figures(call, name, matchers, start, end);
        }
        int limit = call.whole("limit", 100, 1, LIMIT_MAX);
        int offset = call.whole("offset", 0, 0, OFFSET_MAX);
        return desk.answer(
                "samples",
                call,
                NewestSamples::total,
                context -> {
                    NewestSamples found =
                            new NewestSamples(
                                    reader(call, context),
                                    type,
                                    start,
                                    end,
                                    offset + limit,
                                    context);
                    if (name.isEmpty()) {
                        found.ofEachSeries(matchers);
                    } else {
                        found.of(name, matchers);
                    }
                    return found;
                },
                newest -> page(newest, limit, offset));
    }

    private MetricReader reader(Call call, QueryContext context) {
        return BoundedSeries.of(engine.get().metrics(), call.principal(), context);
    }

    private static Reply page(NewestSamples newest, int limit, int offset) {
        JsonText text = new JsonText(4_096);
        text.object().name("success").truth(true).name("data").array();
        for (NewestSamples.Sample sample : newest.page(offset, limit)) {
            text.object().name("name").text(sample.labels().metricName());
            text.name("metric_type").text(sample.type());
            number(text.name("value"), sample.value());
            text.name("labels");
            labels(text, sample.labels().drop(List.of(Labels.NAME)));
            text.name("timestamp").time(sample.millis() * MILLI_NANOS).endObject();
        }
        text.endArray().name("pagination").object();
        text.name("limit").number(limit).name("offset").number(offset);
        text.name("total").number(newest.total()).name("next_cursor").nothing();
        return Reply.json(200, text.endObject().endObject());
    }

    private Reply figures(Call call, String name, List<LabelMatcher> matchers, long start, long end)
            throws InterruptedException {
        if (name.isEmpty()) {
            throw wrong("name: missing (expected: the metric's name, with aggregation)");
        }
        String word = call.parameter("aggregation").orElse("");
        Aggregation aggregation =
                Aggregation.parse(word)
                        .orElseThrow(() ->
                                wrong(
                                        "aggregation: "
                                                + word
                                                + " (expected: avg, sum, min, max, count,"
                                                + " p50, p90, p95, p99 or rate)"));
        long step = call.parameter("step").map(MetricEndpoints::stepMillis).orElse(0L);
        long from = call.parameter("start_time").isPresent() ? start : end - 3_600_000 - 60_000;
        List<String> groupBy =
                Arrays.stream(call.parameter("group_by").orElse("").split(","))
                        .map(String::strip)
                        .filter(each -> !each.isEmpty())
                        .toList();
        MetricQuestion question =
                new MetricQuestion(name, matchers, from, end, aggregation, step, groupBy);
        record Found(String type, List<Figure> figures) {}
        Found found =
                desk.run(
                        "figures",
                        call,
                        all -> all.figures().size(),
                        context -> {
                            MetricFigures figures = new MetricFigures(reader(call, context));
                            return new Found(
                                    figures.type(name).text(), figures.ask(question, context));
                        });
        return Reply.data(200, text -> write(text, question, found.type(), found.figures()));
    }

    private static void write(
            JsonText text, MetricQuestion question, String type, List<Figure> figures) {
        text.object().name("name").text(question.name()).name("metric_type").text(type);
        text.name("aggregation").text(question.aggregation().text());
        text.name("start_time").time(question.startMillis() * MILLI_NANOS);
        text.name("end_time").time(question.endMillis() * MILLI_NANOS);
        text.name("step_seconds").number(question.stepMillis() / 1000.0);
        text.name("series").array();
        Labels group = null;
        for (Figure figure : figures) {
            if (group == null || !figure.group().equals(group)) {
                if (group != null) {
                    text.endArray().endObject();
                }
                group = figure.group();
                text.object().name("labels");
                labels(text, group);
                text.name("datapoints").array();
            }
            text.object().name("timestamp").time(figure.millis() * MILLI_NANOS);
            number(text.name("value"), figure.value());
            text.endObject();
        }
        if (group != null) {
            text.endArray().endObject();
        }
        text.endArray().endObject();
    }

    /* JSON has no NaN and no infinity: they are texts, as Prometheus writes them. */
    private static void number(JsonText text, double value) {
        if (Double.isFinite(value)) {
            text.raw(Floats.shortest(value));
        } else {
            text.text(Floats.plain(value));
        }
    }

    private static void labels(JsonText text, Labels labels) {
        text.object();
        labels.forEach((name, value) -> text.name(name).text(value));
        text.endObject();
    }

    private static Optional<String> either(Call call, String name, String other) {
        return call.parameter(name).or(() -> call.parameter(other));
    }

    private static long millis(Call call, String name, long fallback, long nowNanos) {
        Map<String, List<String>> given = call.parameters();
        if (!given.containsKey(name)) {
            return fallback;
        }
        try {
            return Math.floorDiv(
                    TimeExpression.parse(call.parameter(name).orElse(""), nowNanos), MILLI_NANOS);
        } catch (BelfryException e) {
            throw new BelfryException(e.code(), name + ": " + e.getMessage(), e);
        }
    }

    private static BelfryException wrong(String message) {
        return new BelfryException(ErrorCode.VALIDATION_ERROR, message);
    }

    private static long stepMillis(String text) {
        return TimeLength.parse(text)
                .map(Duration::toMillis)
                .filter(millis -> millis > 0)
                .orElseThrow(() ->
                        wrong(
                                "step: "
                                        + text
                                        + " (expected: a length above 0 such as 30s, 5m, 1h)"));
    }
}
