package dev.belfry.server.prometheus;

import dev.belfry.identity.Permission;
import dev.belfry.model.series.FloatHistogram;
import dev.belfry.model.series.Floats;
import dev.belfry.model.series.LabelMatcher;
import dev.belfry.model.series.Labels;
import dev.belfry.model.series.MetricReader;
import dev.belfry.model.series.SeriesSamples;
import dev.belfry.model.series.SeriesSource;
import dev.belfry.model.series.StaleNaN;
import dev.belfry.query.Engine;
import dev.belfry.query.PromqlBounds;
import dev.belfry.receive.FamilyMessages;
import dev.belfry.server.events.QueryDesk;
import dev.belfry.server.http.Access;
import dev.belfry.server.http.Call;
import dev.belfry.server.http.Endpoint;
import dev.belfry.server.http.Parameter;
import dev.belfry.server.http.Reply;
import dev.belfry.server.http.Shape;
import dev.belfry.server.metrics.NameEscaping;
import dev.belfry.server.metrics.PrometheusText;
import dev.belfry.server.metrics.TextStyle;
import dev.belfry.store.QueryContext;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Federation: the newest values of series, for another Prometheus to scrape. */
public final class FederateEndpoint {
    /*
     * web/federate.go of Prometheus: values not older than the lookback, with their times, untyped; a series without
     * an instance says so, lest the scraping server put its own there. Native histograms have no form in the text,
     * only in messages of Protocol Buffers, which Prometheus asks for when it is to scrape them.
     */
    private static final String INSTANCE = "instance";
    private static final int PIECE = 64 << 10;

    /* A value with its labels in the map. */
    private static final long VALUE_BYTES = 240;

    private final Supplier<Engine> engine;
    private final QueryDesk desk;
    private final LongSupplier nowNanos;

    /** Reads from {@code engine} by {@code desk}. */
    public FederateEndpoint(Supplier<Engine> engine, QueryDesk desk, LongSupplier nowNanos) {
        this.engine = engine;
        this.desk = desk;
        this.nowNanos = nowNanos;
    }

    /** The declarations. */
    public List<Endpoint> endpoints() {
        return PrometheusApi.declare(
                List.of("GET"),
                "/federate",
                Access.of(Permission.EVENTS_READ),
                "The newest values of series as text",
                List.of(
                        Parameter.many(
                                "match[]",
                                Shape.TEXT,
                                "Series that pass one of these are shown.",
                                "up")),
                this::federate);
    }

    private record Value(long timeMillis, double value, @Nullable FloatHistogram histogram) {
        static Value last(SeriesSamples samples) {
            int last = samples.size() - 1;
            return new Value(
                    samples.timestampsMillis()[last],
                    samples.values()[last],
                    samples.histogram(last));
        }

        boolean isStale() {
            return histogram == null && StaleNaN.is(value);
        }
    }

    private Reply federate(Call call) throws InterruptedException {
        Form form = Form.of(call);
        List<List<LabelMatcher>> selectors;
        try {
            selectors = SeriesEndpoints.selectors(form);
        } catch (ApiFailure failure) {
            return Reply.text(
                    failure.status(), "text/plain; charset=utf-8", failure.getMessage() + "\n");
        }
        Map<Labels, Value> values =
                desk.ask(
                        "samples",
                        String.join(" ", form.all("match[]")),
                        call,
                        desk.timeoutMax(),
                        Map::size,
                        context -> values(call, selectors, context));
        if (TextStyle.prefersMessages(call.header("accept"))) {
            TextStyle style = TextStyle.messages(call.header("accept"));
            return Reply.streamed(
                    200,
                    style.contentType(),
                    sink -> writeMessages(values, style.escaping(), sink));
        }
        TextStyle style = TextStyle.accepted(call.header("accept"), false);
        return Reply.streamed(
                200, style.contentType(), sink -> write(values, style.escaping(), sink));
    }

    private Map<Labels, Value> values(
            Call call, List<List<LabelMatcher>> selectors, QueryContext context) {
        MetricReader series = BoundedSeries.of(engine.get().metrics(), call.principal(), context);
        long now = Math.floorDiv(nowNanos.getAsLong(), 1_000_000L);
        Map<Labels, Value> values =
                new TreeMap<>(
                        Comparator.comparing(Labels::metricName)
                                .thenComparing(Comparator.naturalOrder()));
        for (List<LabelMatcher> matchers : selectors) {
            gather(series, matchers, now, values, context);
        }
        return values;
    }

    private static void gather(
            MetricReader series,
            List<LabelMatcher> matchers,
            long now,
            Map<Labels, Value> values,
            QueryContext context) {
        long start = now - PromqlBounds.DEFAULT.lookbackMillis() + 1;
        try (SeriesSource.Selection selection =
                        series.select(matchers, start, now, SeriesSource.Hints.NONE);
                SeriesSource.Cursor cursor = selection.cursor(0, selection.size())) {
            for (SeriesSamples next = cursor.next(); next != null; next = cursor.next()) {
                Value value = next.size() == 0 ? null : Value.last(next);
                if (value != null && !value.isStale()) {
                    FloatHistogram histogram = value.histogram();
                    context.reserve(VALUE_BYTES + (histogram == null ? 0 : histogram.sizeBytes()));
                    values.put(next.labels(), value);
                }
            }
        }
    }

    private static void write(Map<Labels, Value> values, NameEscaping escaping, Reply.Sink sink) {
        PrometheusText text = new PrometheusText(escaping, PIECE + 4_096);
        String before = "";
        for (Map.Entry<Labels, Value> entry : values.entrySet()) {
            if (entry.getValue().histogram() != null) {
                continue;
            }
            String name = escaping.metric(entry.getKey().metricName());
            if (!name.equals(before)) {
                text.type(name, "untyped");
                before = name;
            }
            series(text, name, entry.getKey());
            text.value(Floats.general(entry.getValue().value()));
            text.time(entry.getValue().timeMillis());
            text.end();
            if (text.size() > PIECE) {
                ApiJson.send(sink, text.take());
            }
        }
        if (text.size() > 0) {
            ApiJson.send(sink, text.take());
        }
    }

    private static void writeMessages(
            Map<Labels, Value> values, NameEscaping escaping, Reply.Sink sink) {
        FamilyMessages messages = new FamilyMessages(PIECE + 4_096);
        values.forEach((labels, value) -> {
            String name = escaping.metric(labels.metricName());
            Consumer<BiConsumer<String, String>> shown =
                    each -> {
                        escaping.labels(labels, each);
                        if (!labels.has(INSTANCE)) {
                            each.accept(INSTANCE, "");
                        }
                    };
            FloatHistogram histogram = value.histogram();
            if (histogram == null) {
                messages.sample(name, shown, value.timeMillis(), value.value());
            } else {
                messages.sample(name, shown, value.timeMillis(), histogram);
            }
            if (messages.size() > PIECE) {
                ApiJson.send(sink, messages.take());
            }
        });
        if (messages.size() > 0) {
            ApiJson.send(sink, messages.take());
        }
    }

    private static void series(PrometheusText text, String name, Labels labels) {
        text.begin(name);
        text.labels(labels);
        if (!labels.has(INSTANCE)) {
            text.label(INSTANCE, "");
        }
    }
}
