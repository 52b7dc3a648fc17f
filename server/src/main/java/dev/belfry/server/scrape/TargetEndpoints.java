package dev.belfry.server.scrape;

import dev.belfry.identity.Permission;
import dev.belfry.model.series.LabelMatcher;
import dev.belfry.model.series.Labels;
import dev.belfry.model.series.MetricMetadata;
import dev.belfry.query.Promql;
import dev.belfry.query.PromqlFailure;
import dev.belfry.server.http.Access;
import dev.belfry.server.http.Call;
import dev.belfry.server.http.Endpoint;
import dev.belfry.server.http.JsonText;
import dev.belfry.server.http.Parameter;
import dev.belfry.server.http.Reply;
import dev.belfry.server.http.Shape;
import dev.belfry.server.prometheus.ApiFailure;
import dev.belfry.server.prometheus.PrometheusApi;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What is scraped, as Prometheus tells it. */
public final class TargetEndpoints {
    /* web/api/v1/api.go of Prometheus: targets, targetMetadata. */
    private static final long MILLI_NANOS = 1_000_000;
    private static final List<String> GET = List.of("GET");
    private static final Access READERS = Access.of(Permission.EVENTS_READ);

    private static final List<MetricMetadata> NONE = List.of();

    private final Scraper scraper;

    /** The targets of {@code scraper}. */
    public TargetEndpoints(Scraper scraper) {
        this.scraper = scraper;
    }

    /** The declarations. */
    public List<Endpoint> endpoints() {
        List<Endpoint> all = new ArrayList<>();
        all.addAll(
                PrometheusApi.declare(
                        GET,
                        "/api/v1/targets",
                        READERS,
                        "What is scraped, with the last outcome",
                        List.of(
                                Parameter.of(
                                        "state", Shape.TEXT, "active, dropped or any.", "active"),
                                Parameter.of("scrapePool", Shape.TEXT, "Only this job.", "node")),
                        this::targets));
        all.addAll(
                PrometheusApi.declare(
                        GET,
                        "/api/v1/targets/metadata",
                        READERS,
                        "What targets say of their metrics",
                        List.of(
                                Parameter.of(
                                        "match_target",
                                        Shape.TEXT,
                                        "A selector of targets by their labels.",
                                        "{job=\"node\"}"),
                                Parameter.of("metric", Shape.TEXT, "Only this family.", "up"),
                                Parameter.of(
                                        "limit",
                                        Shape.WHOLE,
                                        "No more targets once there are so many families.",
                                        "10")),
                        this::metadata));
        all.addAll(
                PrometheusApi.declare(
                        GET,
                        "/api/v1/scrape_pools",
                        READERS,
                        "The jobs that are scraped",
                        List.of(),
                        _ -> pools()));
        return all;
    }

    private Reply pools() {
        JsonText text = new JsonText(256).object().name("status").text("success");
        text.name("data").object().name("scrapePools").array();
        scraper.pools().forEach(pool -> text.text(pool.job().name()));
        return Reply.json(200, text.endArray().endObject().endObject());
    }

    /* Targets belong to no source: they are for those who may read all. */
    private List<Pool> pools(Call call) {
        return call.principal().readsEverything() ? scraper.pools() : List.of();
    }

    private Reply targets(Call call) {
        String state = call.parameter("state").orElse("").toLowerCase(Locale.ROOT);
        String wanted = call.parameter("scrapePool").orElse("");
        boolean any = state.isEmpty() || state.equals("any");
        List<Pool> pools = pools(call);
        JsonText text = new JsonText(4_096).object().name("status").text("success");
        text.name("data").object().name("activeTargets").array();
        for (Pool pool : any || state.equals("active") ? pools : List.<Pool>of()) {
            if (wanted.isEmpty() || pool.job().name().equals(wanted)) {
                pool.loops().forEach(loop -> write(text, pool.job().name(), loop));
            }
        }
        text.endArray().name("droppedTargets").array();
        if (!any && !state.equals("dropped")) {
            text.endArray().name("droppedTargetCounts").text(null);
            return Reply.json(200, text.endObject().endObject());
        }
        for (Pool pool : pools) {
            if (wanted.isEmpty() || pool.job().name().equals(wanted)) {
                pool.dropped().forEach(labels -> dropped(text, pool.job().name(), labels));
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

    private static void dropped(JsonText text, String pool, Labels labels) {
        text.object().name("discoveredLabels");
        labels(text, labels);
        text.name("scrapePool").text(pool).endObject();
    }

    private Reply metadata(Call call) {
        List<LabelMatcher> matchers = matchers(call.parameter("match_target").orElse(""));
        String metric = call.parameter("metric").orElse("");
        int limit = limit(call.parameter("limit").orElse(""));
        JsonText text = new JsonText(4_096).object().name("status").text("success");
        text.name("data").array();
        int told = 0;
        for (Pool pool : pools(call)) {
            for (TargetLoop loop : pool.loops()) {
                Labels labels = loop.target().labels();
                boolean wanted = matchers.stream().allMatch(matcher -> matcher.matches(labels));
                boolean more = limit < 0 || told < limit;
                for (MetricMetadata family : wanted && more ? loop.families() : NONE) {
                    if (metric.isEmpty() || metric.equals(family.family())) {
                        write(text, labels, family, metric.isEmpty());
                        told++;
                    }
                }
            }
        }
        return Reply.json(200, text.endArray().endObject());
    }

    private static void write(JsonText text, Labels target, MetricMetadata family, boolean named) {
        text.object().name("target");
        labels(text, target);
        if (named) {
            text.name("metric").text(family.family());
        }
        text.name("type").text(family.type().text());
        text.name("help").text(family.help());
        text.name("unit").text(family.unit()).endObject();
    }

    private static List<LabelMatcher> matchers(String selector) {
        if (selector.isEmpty()) {
            return List.of();
        }
        try {
            return Promql.matchers(selector);
        } catch (PromqlFailure failure) {
            throw ApiFailure.of(failure, "match_target");
        }
    }

    private static int limit(String text) {
        try {
            return text.isEmpty() ? -1 : Integer.parseInt(text);
        } catch (NumberFormatException _) {
            throw ApiFailure.badData("limit must be a number");
        }
    }

    private static void labels(JsonText text, Labels labels) {
        text.object();
        labels.forEach((name, value) -> text.name(name).text(value));
        text.endObject();
    }
}
