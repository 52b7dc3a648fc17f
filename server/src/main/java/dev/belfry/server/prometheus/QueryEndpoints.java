package dev.belfry.server.prometheus;

import dev.belfry.identity.Permission;
import dev.belfry.model.series.Exemplar;
import dev.belfry.model.series.FloatHistogram;
import dev.belfry.model.series.LabelMatcher;
import dev.belfry.model.series.MetricReader;
import dev.belfry.model.series.SeriesSamples;
import dev.belfry.query.Engine;
import dev.belfry.query.Promql;
import dev.belfry.query.PromqlAnswer;
import dev.belfry.query.PromqlBounds;
import dev.belfry.query.PromqlFailure;
import dev.belfry.query.QueryCost;
import dev.belfry.server.events.QueryDesk;
import dev.belfry.server.http.Access;
import dev.belfry.server.http.Call;
import dev.belfry.server.http.Endpoint;
import dev.belfry.server.http.Parameter;
import dev.belfry.server.http.Reply;
import dev.belfry.server.http.Shape;
import dev.belfry.store.QueryContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** PromQL by Prometheus' API: {@code query}, {@code query_range} and what belongs to them. */
public final class QueryEndpoints {
    private static final Access READERS = Access.of(Permission.EVENTS_READ);
    private static final List<String> BOTH = List.of("GET", "POST");
    private static final long POINTS_MAX = 11_000;

    /** Of each kind that an answer tells, as in Prometheus. */
    private static final int ANNOTATIONS_MAX = 10;

    private static final String TRUNCATED = "results truncated due to limit";

    /** Answers of more samples than this are made while they are sent. */
    private static final long SAMPLES_AT_ONCE_MAX = 10_000;

    private static final Parameter QUERY =
            Parameter.of("query", Shape.TEXT, "An expression in PromQL.", "up");
    private static final List<Parameter> COMMON =
            List.of(
                    QUERY,
                    Parameter.of("timeout", Shape.TEXT, "How long it may take at most.", "10s"),
                    Parameter.of("limit", Shape.WHOLE, "Series at most; 0: all.", "100"),
                    Parameter.of(
                            "lookback_delta",
                            Shape.TEXT,
                            "How old a sample may be to stand for an instant.",
                            "5m"),
                    Parameter.of("stats", Shape.TEXT, "all: tell what it cost.", "all"));

    private final Supplier<Engine> engine;
    private final Promql promql;
    private final QueryDesk desk;
    private final LongSupplier nowNanos;
    private final PromqlBounds bounds;

    /**
     * Answers from {@code engine} by {@code promql}.
     *
     * @param bounds of each query; its timeout is the longest that may be asked for
     */
    public QueryEndpoints(
            Supplier<Engine> engine,
            Promql promql,
            QueryDesk desk,
            LongSupplier nowNanos,
            PromqlBounds bounds) {
        this.engine = engine;
        this.promql = promql;
        this.desk = desk;
        this.nowNanos = nowNanos;
        this.bounds = bounds;
    }

    /** The declarations. */
    public List<Endpoint> endpoints() {
        List<Endpoint> all = new ArrayList<>();
        all.addAll(
                PrometheusApi.declare(
                        BOTH,
                        "/api/v1/query",
                        READERS,
                        "The value of an expression at a time",
                        with(
                                COMMON,
                                Parameter.of(
                                        "time",
                                        Shape.TEXT,
                                        "Epoch seconds or RFC 3339; else now.",
                                        "1769248800.5")),
                        (Endpoint.Computing) this::instant));
        all.addAll(
                PrometheusApi.declare(
                        BOTH,
                        "/api/v1/query_range",
                        READERS,
                        "The values of an expression over a range",
                        with(
                                COMMON,
                                time("start", "First step."),
                                time("end", "No step is after it."),
                                Parameter.of(
                                        "step",
                                        Shape.TEXT,
                                        "Between steps: seconds, or a duration.",
                                        "15s")),
                        (Endpoint.Computing) this::range));
        all.addAll(
                PrometheusApi.declare(
                        BOTH,
                        "/api/v1/query_exemplars",
                        READERS,
                        "The exemplars of the series that an expression reads",
                        List.of(QUERY, time("start", "From when on."), time("end", "Until when.")),
                        this::exemplars));
        all.addAll(
                PrometheusApi.declare(
                        BOTH,
                        "/api/v1/format_query",
                        READERS,
                        "An expression written well",
                        List.of(QUERY),
                        call -> {
                            String text = Promql.format(Form.of(call).get("query"));
                            return PrometheusApi.success(json -> json.text(text));
                        }));
        all.addAll(
                PrometheusApi.declare(
                        BOTH,
                        "/api/v1/parse_query",
                        READERS,
                        "An expression as a tree",
                        List.of(QUERY),
                        call -> {
                            String tree = Promql.tree(Form.of(call).get("query"));
                            return PrometheusApi.success(json -> json.json(tree));
                        }));
        return all;
    }

    private static Parameter time(String name, String description) {
        return Parameter.of(
                name, Shape.TEXT, description + " Epoch seconds or RFC 3339.", "1769248800");
    }

    private static List<Parameter> with(List<Parameter> some, Parameter... more) {
        List<Parameter> all = new ArrayList<>(some);
        all.addAll(List.of(more));
        return all;
    }

    // ---- queries

    private Reply instant(Call call) throws InterruptedException {
        Form form = Form.of(call);
        int limit = form.limit();
        long time = form.time("time", Math.floorDiv(nowNanos.getAsLong(), 1_000_000L));
        PromqlBounds asked = bounds(form);
        String query = form.get("query");
        return answered(
                call,
                form,
                "promql_instant",
                limit,
                asked,
                (series, context) -> promql.instant(series, query, time, asked, context));
    }

    private Reply range(Call call) throws InterruptedException {
        Form form = Form.of(call);
        long start = form.requiredTime("start");
        long end = form.requiredTime("end");
        if (end < start) {
            throw ApiFailure.parameter("end", "end timestamp must not be before start time");
        }
        long step = form.requiredDuration("step");
        if (step <= 0) {
            throw ApiFailure.parameter(
                    "step",
                    "zero or negative query resolution step widths are not accepted. Try a positive"
                            + " integer");
        }
        if ((end - start) / step > POINTS_MAX) {
            throw new ApiFailure(
                    ApiFailure.Type.BAD_DATA,
                    "exceeded maximum resolution of 11,000 points per timeseries. Try decreasing"
                            + " the query resolution (?step=XX)");
        }
        int limit = form.limit();
        PromqlBounds asked = bounds(form);
        String query = form.get("query");
        return answered(
                call,
                form,
                "promql_range",
                limit,
                asked,
                (series, context) -> promql.range(series, query, start, end, step, asked, context));
    }

    /** Asks. */
    @FunctionalInterface
    private interface Question {
        PromqlAnswer ask(MetricReader series, QueryContext context);
    }

    private Reply answered(
            Call call, Form form, String type, int limit, PromqlBounds asked, Question question)
            throws InterruptedException {
        MetricReader series = OwnedSeries.of(engine.get().metrics(), call.principal());
        long startNanoTime = System.nanoTime();
        AtomicLong queuedNanos = new AtomicLong();
        PromqlAnswer answer =
                desk.ask(
                        type,
                        form.get("query"),
                        call,
                        Duration.ofMillis(asked.timeoutMillis()),
                        found -> found.series().size(),
                        context -> {
                            queuedNanos.set(System.nanoTime() - startNanoTime);
                            return question.ask(series, context);
                        });
        long totalNanos = System.nanoTime() - startNanoTime;
        boolean cut = limit > 0 && answer.series().size() > limit;
        List<SeriesSamples> shown = cut ? answer.series().subList(0, limit) : answer.series();
        List<String> warnings = firstOf(answer.warnings(), "warning");
        List<String> infos = firstOf(answer.infos(), "info");
        if (cut) {
            warnings.add(TRUNCATED);
        }
        boolean stats = !form.get("stats").isEmpty();
        Consumer<ApiJson> data =
                json -> {
                    json.raw("{\"resultType\":\"").raw(answer.kind().text()).raw("\",\"result\":");
                    result(json, answer, shown);
                    if (stats) {
                        json.raw(",\"stats\":");
                        stats(json, answer.cost(), queuedNanos.get(), totalNanos);
                    }
                    json.raw('}');
                };
        long samples = 0;
        for (SeriesSamples each : shown) {
            samples += each.size();
        }
        return samples > SAMPLES_AT_ONCE_MAX
                ? PrometheusApi.streamed(data, warnings, infos)
                : PrometheusApi.success(data, warnings, infos);
    }

    /* As many as Prometheus tells, and how many there are beside them. */
    private static List<String> firstOf(List<String> annotations, String kind) {
        int more = annotations.size() - ANNOTATIONS_MAX;
        List<String> shown =
                new ArrayList<>(
                        annotations.subList(0, Math.min(annotations.size(), ANNOTATIONS_MAX)));
        if (more > 0) {
            shown.add(more + " more " + kind + " annotations omitted");
        }
        return shown;
    }

    private PromqlBounds bounds(Form form) {
        PromqlBounds asked = bounds;
        if (!form.get("timeout").isEmpty()) {
            long millis = form.requiredDuration("timeout");
            asked = asked.withTimeout(Math.clamp(millis, 0, bounds.timeoutMillis()));
        }
        String lookback = form.get("lookback_delta");
        if (!lookback.isEmpty()) {
            try {
                long millis = Times.duration(lookback);
                asked = millis > 0 ? asked.withLookback(millis) : asked;
            } catch (IllegalArgumentException e) {
                throw new ApiFailure(
                        ApiFailure.Type.BAD_DATA,
                        "error parsing lookback delta duration: " + e.getMessage());
            }
        }
        return asked;
    }

    // ---- answers

    private static void result(ApiJson json, PromqlAnswer answer, List<SeriesSamples> shown) {
        switch (answer.kind()) {
            case STRING -> {
                json.raw('[').time(answer.timestampMillis()).raw(',');
                json.text(answer.text()).raw(']');
            }
            case SCALAR -> {
                SeriesSamples scalar = answer.series().getFirst();
                json.sample(scalar.timestampsMillis()[0], scalar.values()[0]);
            }
            case VECTOR -> list(json, shown, QueryEndpoints::sample);
            case MATRIX -> {
                if (json.isSent() && SeriesPieces.divides(shown)) {
                    SeriesPieces.write(json, shown, QueryEndpoints::samples);
                } else {
                    list(json, shown, QueryEndpoints::samples);
                }
            }
        }
    }

    private static void list(
            ApiJson json,
            List<SeriesSamples> series,
            java.util.function.BiConsumer<ApiJson, SeriesSamples> each) {
        json.raw('[');
        for (int index = 0; index < series.size(); index++) {
            series(json, series.get(index), index == 0, each);
        }
        json.raw(']');
    }

    static void series(
            ApiJson json,
            SeriesSamples series,
            boolean first,
            java.util.function.BiConsumer<ApiJson, SeriesSamples> samples) {
        json.raw(first ? "{\"metric\":" : ",{\"metric\":").labels(series.labels());
        samples.accept(json, series);
        json.raw('}');
    }

    private static void sample(ApiJson json, SeriesSamples series) {
        FloatHistogram histogram = series.histogram(0);
        if (histogram == null) {
            json.raw(",\"value\":").sample(series.timestampsMillis()[0], series.values()[0]);
        } else {
            json.raw(",\"histogram\":").sample(series.timestampsMillis()[0], histogram);
        }
    }

    private static void samples(ApiJson json, SeriesSamples series) {
        boolean any = false;
        for (int index = 0; index < series.size(); index++) {
            if (series.histogram(index) == null) {
                json.raw(any ? "," : ",\"values\":[");
                json.sample(series.timestampsMillis()[index], series.values()[index]);
                any = true;
            }
        }
        json.raw(any ? "]" : "");
        any = false;
        for (int index = 0; index < series.size(); index++) {
            FloatHistogram histogram = series.histogram(index);
            if (histogram != null) {
                json.raw(any ? "," : ",\"histograms\":[");
                json.sample(series.timestampsMillis()[index], histogram);
                any = true;
            }
        }
        json.raw(any ? "]" : "");
    }

    private static void stats(ApiJson json, QueryCost cost, long queuedNanos, long totalNanos) {
        seconds(json, "{\"timings\":{\"evalTotalTime\":", cost.totalNanos());
        seconds(json, ",\"resultSortTime\":", cost.sortNanos());
        seconds(json, ",\"queryPreparationTime\":", cost.prepareNanos());
        seconds(json, ",\"innerEvalTime\":", cost.evaluateNanos());
        seconds(json, ",\"execQueueTime\":", queuedNanos);
        seconds(json, ",\"execTotalTime\":", totalNanos);
        json.raw("},\"samples\":{\"totalQueryableSamples\":").number(cost.samplesRead());
        json.raw(",\"peakSamples\":").number(cost.samplesPeak()).raw("}}");
    }

    private static void seconds(ApiJson json, String name, long nanos) {
        json.raw(name).raw(ApiJson.fraction(nanos / 1e9));
    }

    // ---- exemplars

    private static List<List<LabelMatcher>> exemplarSelectors(String query) {
        try {
            return Promql.selectors(query);
        } catch (PromqlFailure failure) {
            throw ApiFailure.badData(String.valueOf(failure.getMessage()));
        }
    }

    private Reply exemplars(Call call) throws InterruptedException {
        Form form = Form.of(call);
        long start = form.time("start", Times.MIN_MILLIS);
        long end = form.time("end", Times.MAX_MILLIS);
        if (end < start) {
            throw new ApiFailure(
                    ApiFailure.Type.BAD_DATA, "end timestamp must not be before start timestamp");
        }
        List<List<LabelMatcher>> selectors = exemplarSelectors(form.get("query"));
        List<MetricReader.ExemplarSeries> found =
                selectors.isEmpty()
                        ? List.of()
                        : desk.run(
                                "series",
                                form.get("query"),
                                call,
                                List::size,
                                context ->
                                        BoundedSeries.of(
                                                        engine.get().metrics(),
                                                        call.principal(),
                                                        context)
                                                .exemplars(selectors, start, end));
        return PrometheusApi.success(json -> {
            json.raw('[');
            for (int index = 0; index < found.size(); index++) {
                json.raw(index > 0 ? ",{\"seriesLabels\":" : "{\"seriesLabels\":");
                json.labels(found.get(index).labels()).raw(",\"exemplars\":");
                exemplars(json, found.get(index).exemplars());
                json.raw('}');
            }
            json.raw(']');
        });
    }

    private static void exemplars(ApiJson json, List<Exemplar> exemplars) {
        json.raw('[');
        for (int index = 0; index < exemplars.size(); index++) {
            Exemplar exemplar = exemplars.get(index);
            json.raw(index > 0 ? ",{\"labels\":" : "{\"labels\":").labels(exemplar.labels());
            json.raw(",\"value\":").value(exemplar.value());
            json.raw(",\"timestamp\":").time(exemplar.timestampMillis()).raw('}');
        }
        json.raw(']');
    }
}
