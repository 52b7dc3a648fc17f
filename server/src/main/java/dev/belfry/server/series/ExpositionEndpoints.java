package dev.belfry.server.series;

import dev.belfry.identity.Permission;
import dev.belfry.model.series.MetricMetadata;
import dev.belfry.model.series.MetricReader;
import dev.belfry.query.Engine;
import dev.belfry.server.http.Access;
import dev.belfry.server.http.Call;
import dev.belfry.server.http.Endpoint;
import dev.belfry.server.http.Reply;
import dev.belfry.server.http.Shape;
import dev.belfry.server.metrics.Exposition;
import dev.belfry.server.metrics.Metric;
import dev.belfry.server.prometheus.OwnedSeries;
import dev.belfry.server.series.CurrentSeries.Current;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** What clients sent, to be scraped. */
public final class ExpositionEndpoints {
    /** The job of Belfry's own series, which stand at /metrics. */
    static final String OWN_JOB = "belfry";

    private final Supplier<Engine> engine;
    private final List<? extends Metric> figures;
    private final InstantSource clock;

    /**
     * Exposes the series of {@code engine}.
     *
     * @param figures of the system, which stand first
     */
    public ExpositionEndpoints(
            Supplier<Engine> engine, List<? extends Metric> figures, InstantSource clock) {
        this.engine = engine;
        this.figures = List.copyOf(figures);
        this.clock = clock;
    }

    /** The declarations. */
    public List<Endpoint> endpoints() {
        return List.of(
                Endpoint.of(
                                "GET",
                                "/api/v1/monitoring/metrics/prometheus",
                                Access.of(Permission.EVENTS_READ),
                                "Metrics",
                                "The system's figures and all metrics that were sent, in Prometheus'"
                                        + " text format or, by Accept, OpenMetrics",
                                this::expose)
                        .answersRaw(200, Shape.TEXT)
                        .hushed());
    }

    private Reply expose(Call call) {
        String accept = call.header("accept");
        String wanted = accept == null ? "" : accept.toLowerCase(Locale.ROOT);
        boolean openMetrics = wanted.contains("application/openmetrics-text");
        boolean anyName = wanted.contains("escaping=allow-utf-8");
        MetricReader reader = OwnedSeries.of(engine.get().metrics(), call.principal());
        List<MetricMetadata> known = new ArrayList<>(reader.metadata(null));
        Set<String> names = figures.stream().map(Metric::name).collect(Collectors.toSet());
        List<Current> series = new ArrayList<>();
        for (Current each : new CurrentSeries(reader).all(OWN_JOB, clock.millis())) {
            if (!names.contains(each.labels().metricName())) {
                series.add(each);
            }
        }
        Exposition first = new Exposition();
        figures.forEach(first::metric);
        String head = new String(first.bytes(), StandardCharsets.UTF_8);
        String type =
                (openMetrics ? ExpositionText.OPEN_METRICS : ExpositionText.TEXT)
                        + (anyName ? "; escaping=allow-utf-8" : "");
        return Reply.streamed(
                200,
                type,
                sink -> {
                    ExpositionText page = new ExpositionText(openMetrics, anyName, known, sink);
                    page.raw(openMetrics ? head.replace(" counter\n", " unknown\n") : head);
                    page.write(series);
                });
    }
}
