package dev.belfry.server.series;

import dev.belfry.identity.Permission;
import dev.belfry.model.ErrorCode;
import dev.belfry.model.series.LabelMatcher;
import dev.belfry.model.series.Labels;
import dev.belfry.model.series.MetricReader;
import dev.belfry.query.Engine;
import dev.belfry.server.events.QueryDesk;
import dev.belfry.server.http.Access;
import dev.belfry.server.http.Call;
import dev.belfry.server.http.Endpoint;
import dev.belfry.server.http.Reply;
import dev.belfry.server.http.Shape;
import dev.belfry.server.metrics.Exposition;
import dev.belfry.server.metrics.Metric;
import dev.belfry.server.metrics.TextStyle;
import dev.belfry.server.prometheus.BoundedSeries;
import dev.belfry.server.prometheus.OwnedSeries;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** What clients sent, to be scraped. */
public final class ExpositionEndpoints {
    private final Supplier<Engine> engine;
    private final QueryDesk desk;
    private final List<? extends Metric> figures;
    private final InstantSource clock;

    /**
     * Exposes the series of {@code engine}, which it reads by {@code desk}.
     *
     * @param figures of the system, which stand first
     */
    public ExpositionEndpoints(
            Supplier<Engine> engine,
            QueryDesk desk,
            List<? extends Metric> figures,
            InstantSource clock) {
        this.engine = engine;
        this.desk = desk;
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
                        .with(List.of(MetricGroup.PARAMETER))
                        .answersRaw(200, Shape.TEXT)
                        .fails(ErrorCode.QUERY_LIMIT, ErrorCode.OVERLOADED)
                        .hushed());
    }

    private Reply expose(Call call) throws InterruptedException {
        TextStyle style = TextStyle.accepted(call.header("accept"), true);
        Optional<MetricGroup> group = MetricGroup.of(call);
        ExpositionPage page =
                desk.run(
                        "samples",
                        "exposition",
                        call,
                        _ -> 1,
                        context ->
                                page(
                                        style,
                                        group.orElse(MetricGroup.CUSTOM),
                                        BoundedSeries.of(
                                                engine.get().metrics(),
                                                call.principal(),
                                                context)));
        Exposition first = new Exposition(style.escaping());
        if (group.isEmpty()) {
            figures.forEach(first::metric);
        }
        byte[] head = first.bytes();
        return Reply.streamed(
                200,
                style.contentType(),
                sink -> {
                    if (head.length > 0) {
                        sink.write(style.openMetrics() ? unknown(head) : head);
                    }
                    write(call, page, sink);
                    if (style.openMetrics()) {
                        sink.write("# EOF\n".getBytes(StandardCharsets.UTF_8));
                    }
                });
    }

    /* While a piece is sent, the next one is made. */
    private void write(Call call, ExpositionPage page, Reply.Sink sink) throws Exception {
        MetricReader series = OwnedSeries.of(engine.get().metrics(), call.principal());
        Callable<byte[]> make =
                () -> desk.piece("samples", call, context -> page.next(series, context));
        try (page;
                ExecutorService ahead = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<byte[]> next = page.isDone() ? null : ahead.submit(make);
            while (next != null) {
                byte[] piece = next.get();
                next = page.isDone() ? null : ahead.submit(make);
                if (piece.length > 0) {
                    sink.write(piece);
                }
            }
        }
    }

    private ExpositionPage page(TextStyle style, MetricGroup group, MetricReader reader) {
        Set<String> own = figures.stream().map(Metric::name).collect(Collectors.toSet());
        List<List<LabelMatcher>> selectors = List.of(group.matchers());
        List<String> names = new ArrayList<>();
        for (String name : reader.labelValues(Labels.NAME, selectors, 0, Long.MAX_VALUE / 4, 0)) {
            if (group.isOwn() || !own.contains(name)) {
                names.add(name);
            }
        }
        return new ExpositionPage(style, reader.metadata(null), names, group, clock.millis());
    }

    /* The figures' counters have the names that the seeds gave them, without _total. */
    private static byte[] unknown(byte[] head) {
        return new String(head, StandardCharsets.UTF_8)
                .replace(" counter\n", " unknown\n")
                .getBytes(StandardCharsets.UTF_8);
    }
}
