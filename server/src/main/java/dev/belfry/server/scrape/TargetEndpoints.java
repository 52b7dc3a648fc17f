package dev.belfry.server.scrape;

import dev.belfry.identity.Permission;
import dev.belfry.model.series.Labels;
import dev.belfry.server.http.Access;
import dev.belfry.server.http.Call;
import dev.belfry.server.http.Endpoint;
import dev.belfry.server.http.JsonText;
import dev.belfry.server.http.Parameter;
import dev.belfry.server.http.Reply;
import dev.belfry.server.http.Shape;
import java.util.ArrayList;
import java.util.List;

/** What is scraped, as Prometheus tells it. */
public final class TargetEndpoints {
    private static final long MILLI_NANOS = 1_000_000;

    private final Scraper scraper;

    /** The targets of {@code scraper}. */
    public TargetEndpoints(Scraper scraper) {
        this.scraper = scraper;
    }

    /** The declarations. */
    public List<Endpoint> endpoints() {
        List<Endpoint> all = new ArrayList<>();
        for (String prefix : List.of("", "/prometheus")) {
            all.add(
                    Endpoint.of(
                                    "GET",
                                    prefix + "/api/v1/targets",
                                    Access.of(Permission.EVENTS_READ),
                                    "Prometheus",
                                    "What is scraped, with the last outcome",
                                    this::targets)
                            .with(
                                    List.of(
                                            Parameter.of(
                                                    "state",
                                                    Shape.TEXT,
                                                    "active, dropped or any.",
                                                    "active"),
                                            Parameter.of(
                                                    "scrapePool",
                                                    Shape.TEXT,
                                                    "Only this job.",
                                                    "")))
                            .answersRaw(200, Shape.FREE));
            all.add(
                    Endpoint.of(
                                    "GET",
                                    prefix + "/api/v1/scrape_pools",
                                    Access.of(Permission.EVENTS_READ),
                                    "Prometheus",
                                    "The jobs that are scraped",
                                    _ -> pools())
                            .answersRaw(200, Shape.FREE));
        }
        return all;
    }

    private Reply pools() {
        JsonText text = new JsonText(256).object().name("status").text("success");
        text.name("data").object().name("scrapePools").array();
        scraper.pools().forEach(pool -> text.text(pool.job().name()));
        return Reply.json(200, text.endArray().endObject().endObject());
    }

    private Reply targets(Call call) {
        String state = call.parameter("state").orElse("any");
        String wanted = call.parameter("scrapePool").orElse("");
        List<Pool> pools =
                scraper.pools().stream()
                        .filter(pool -> wanted.isEmpty() || pool.job().name().equals(wanted))
                        .toList();
        boolean everything = call.principal().readsEverything();
        JsonText text = new JsonText(4_096).object().name("status").text("success");
        text.name("data").object().name("activeTargets").array();
        for (Pool pool : pools) {
            for (TargetLoop loop :
                    state.equals("dropped") || !everything ? List.<TargetLoop>of() : pool.loops()) {
                write(text, pool.job().name(), loop);
            }
        }
        text.endArray().name("droppedTargets").array();
        for (Pool pool : pools) {
            for (Labels labels :
                    state.equals("active") || !everything ? List.<Labels>of() : pool.dropped()) {
                text.object().name("discoveredLabels");
                labels(text, labels);
                text.name("scrapePool").text(pool.job().name()).endObject();
            }
        }
        text.endArray().name("droppedTargetCounts").object();
        pools.forEach(pool -> text.name(pool.job().name()).number(pool.droppedCount()));
        return Reply.json(200, text.endObject().endObject().endObject());
    }

    private static void write(JsonText text, String pool, TargetLoop loop) {
        Target target = loop.target();
        TargetLoop.State state = loop.state();
        text.object().name("discoveredLabels");
        labels(text, target.discovered());
        text.name("labels");
        labels(text, target.labels());
        text.name("scrapePool").text(pool).name("scrapeUrl").text(target.uri().toString());
        text.name("globalUrl").text(target.uri().toString());
        text.name("lastError").text(state.error());
        text.name("lastScrape");
        if (state.millis() == 0) {
            text.text("0001-01-01T00:00:00Z");
        } else {
            text.time(state.millis() * MILLI_NANOS);
        }
        text.name("lastScrapeDuration").number(state.seconds());
        text.name("health").text(state.health());
        text.name("scrapeInterval").text(Target.text(target.interval()));
        text.name("scrapeTimeout").text(Target.text(target.timeout())).endObject();
    }

    private static void labels(JsonText text, Labels labels) {
        text.object();
        labels.forEach((name, value) -> text.name(name).text(value));
        text.endObject();
    }
}
