package dev.belfry.server.health;

import static dev.belfry.server.http.Shape.member;
import static dev.belfry.server.http.Shape.object;

import dev.belfry.identity.Permission;
import dev.belfry.identity.Principal;
import dev.belfry.identity.Role;
import dev.belfry.query.Engine;
import dev.belfry.query.EventFilter;
import dev.belfry.query.MetricFigures;
import dev.belfry.query.MetricQuestion;
import dev.belfry.query.PushWriter;
import dev.belfry.server.http.Access;
import dev.belfry.server.http.Call;
import dev.belfry.server.http.Endpoint;
import dev.belfry.server.http.JsonText;
import dev.belfry.server.http.Reply;
import dev.belfry.server.http.Shape;
import dev.belfry.store.Owner;
import dev.belfry.store.QueryContext;
import dev.belfry.store.TimeRange;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** The six figures of seed 001: of everything, and of what a user may see. */
public final class FigureEndpoints {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final long MEMORY_BYTES = 16L << 20;
    private static final long MILLI_NANOS = 1_000_000L;
    private static final long HOUR_NANOS = 3_600_000_000_000L;

    private static final Shape FIGURES =
            object(
                    "Figures",
                    member("total_events", Shape.WHOLE, "Stored now."),
                    member("total_metrics", Shape.WHOLE, "Observations received."),
                    member("active_alerts", Shape.WHOLE, ""),
                    member("open_incidents", Shape.WHOLE, ""),
                    member("events_last_hour", Shape.WHOLE, ""),
                    member("metrics_last_hour", Shape.WHOLE, ""));

    private final Supplier<Engine> engine;
    private final LongSupplier nowNanos;

    /** Endpoints over {@code engine}. */
    public FigureEndpoints(Supplier<Engine> engine, LongSupplier nowNanos) {
        this.engine = engine;
        this.nowNanos = nowNanos;
    }

    /** The declarations. */
    public List<Endpoint> endpoints() {
        Access moderator = new Access.Holders(Role.MODERATOR, Permission.EVENTS_READ);
        return List.of(
                Endpoint.of(
                                "GET",
                                "/api/v1/monitoring/stats",
                                moderator,
                                "Health",
                                "The six figures",
                                call -> Reply.data(200, text -> write(text, whole(call))))
                        .answers(200, FIGURES),
                Endpoint.of(
                                "GET",
                                "/api/v1/stats",
                                moderator,
                                "Health",
                                "The six figures, without envelope",
                                this::raw)
                        .answersRaw(200, FIGURES),
                Endpoint.of(
                                "GET",
                                "/api/v1/monitoring/overview",
                                Access.of(Permission.EVENTS_READ),
                                "Health",
                                "The six figures over what the caller may see",
                                this::overview)
                        .answers(200, FIGURES));
    }

    /* Alerts and incidents are 0 while the features are absent. */
    private record Figures(long events, long eventsLastHour, long metrics, long metricsLastHour) {}

    private Reply raw(Call call) {
        JsonText text = new JsonText(256);
        write(text, whole(call));
        return Reply.json(200, text);
    }

    private Reply overview(Call call) {
        Figures figures = of(call);
        return Reply.data(200, text -> write(text, figures));
    }

    private Figures whole(Call call) {
        Principal principal = call.principal();
        return principal.readsEverything()
                ? new Figures(
                        engine.get().status().store().events(),
                        count(call, filter(principal, lastHour())),
                        metrics(),
                        metricsLastHour(call))
                : of(call);
    }

    private Figures of(Call call) {
        Principal principal = call.principal();
        return new Figures(
                count(call, filter(principal, TimeRange.ALL)),
                count(call, filter(principal, lastHour())),
                0,
                0);
    }

    private long metrics() {
        long nowMillis = nowNanos.getAsLong() / MILLI_NANOS;
        return (long)
                new MetricFigures(engine.get().metrics()).newest(PushWriter.RECEIVED, nowMillis);
    }

    private long metricsLastHour(Call call) {
        long nowMillis = nowNanos.getAsLong() / MILLI_NANOS;
        MetricQuestion question =
                new MetricQuestion(
                        PushWriter.RECEIVED,
                        List.of(),
                        nowMillis - HOUR_NANOS / MILLI_NANOS,
                        nowMillis + 60_000,
                        MetricQuestion.Aggregation.SUM,
                        0,
                        List.of());
        double sum = 0;
        for (MetricFigures.Figure figure :
                new MetricFigures(engine.get().metrics()).ask(question, bounds(call))) {
            sum += figure.value();
        }
        return (long) sum;
    }

    private TimeRange lastHour() {
        return new TimeRange(nowNanos.getAsLong() - HOUR_NANOS, Long.MAX_VALUE);
    }

    private long count(Call call, EventFilter filter) {
        return engine.get().events().count(filter, bounds(call));
    }

    private static QueryContext bounds(Call call) {
        QueryContext context = new QueryContext(TIMEOUT, MEMORY_BYTES, 1, false);
        call.whenGone(context::cancel);
        return context;
    }

    private static EventFilter filter(Principal principal, TimeRange range) {
        Owner owner =
                principal.readsAll()
                        ? Owner.ALL
                        : Owner.of(principal.sources(), principal.creators());
        return EventFilter.all(range, owner.within(principal.onlySources()));
    }

    private static void write(JsonText text, Figures figures) {
        text.object().name("total_events").number(figures.events());
        text.name("total_metrics").number(figures.metrics());
        text.name("active_alerts").number(0L);
        text.name("open_incidents").number(0L);
        text.name("events_last_hour").number(figures.eventsLastHour());
        text.name("metrics_last_hour").number(figures.metricsLastHour()).endObject();
    }
}
