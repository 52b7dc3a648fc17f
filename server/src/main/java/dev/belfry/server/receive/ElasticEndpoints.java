package dev.belfry.server.receive;

import dev.belfry.identity.Permission;
import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.receive.BulkEvents;
import dev.belfry.receive.DecodedEvents;
import dev.belfry.receive.JsonEventsConfig;
import dev.belfry.server.http.Access;
import dev.belfry.server.http.Call;
import dev.belfry.server.http.Dialect;
import dev.belfry.server.http.Endpoint;
import dev.belfry.server.http.Parameter;
import dev.belfry.server.http.Reply;
import dev.belfry.server.http.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Takes in what the clients of Elasticsearch send to {@code _bulk}. */
public final class ElasticEndpoints {
    private static final Access WRITERS = Access.of(Permission.EVENTS_WRITE);
    private static final Dialect DIALECT = new ElasticDialect();
    private static final String GROUP = "Elasticsearch";
    private static final Parameter FILTER =
            Parameter.of(
                    "filter_path",
                    Shape.TEXT,
                    "Which members of the answer are wanted.",
                    "errors,items.*.status");

    private final Receiving receiving;
    private final JsonEventsConfig limits;
    private final ElasticStubs stubs;

    /** Takes events by {@code receiving}. */
    public ElasticEndpoints(Receiving receiving, JsonEventsConfig limits) {
        this.receiving = receiving;
        this.limits = limits;
        this.stubs = new ElasticStubs();
    }

    /** The declarations. */
    public List<Endpoint> endpoints() {
        List<Endpoint> all = new ArrayList<>();
        for (String method : List.of("POST", "PUT")) {
            all.add(
                    writing(
                            method,
                            "/elasticsearch/{rest}",
                            "As the same path without the prefix",
                            this::prefixed));
            all.add(
                    writing(
                            method,
                            "/_bulk",
                            "Take in documents: a line with the action, a line with the document",
                            call -> bulk(call, "")));
            all.add(
                    writing(
                            method,
                            "/{index}/_bulk",
                            "As /_bulk for actions that name no index",
                            call -> bulk(call, call.pathValue("index"))));
        }
        all.add(
                asking(
                        "GET",
                        "/elasticsearch/{rest}",
                        "As the same path without the prefix",
                        call -> stubs.get(call, call.pathValue("rest"))));
        all.add(
                asking(
                        "GET",
                        "/",
                        "Whom clients of Elasticsearch think they speak to; the page where HTML is accepted",
                        call -> stubs.get(call, "")));
        for (String api : ElasticStubs.APIS) {
            String path = "/" + api + "/{rest}";
            all.add(
                    asking(
                            "GET",
                            path,
                            "What clients ask before they send",
                            call -> stubs.get(call, api + "/" + call.pathValue("rest"))));
            if (ElasticStubs.WRITABLE.contains(api)) {
                all.add(asking("PUT", path, "Acknowledged, and of no effect", stubs::put));
            }
        }
        return all;
    }

    private Endpoint writing(String method, String path, String summary, Endpoint.Handler handler) {
        return Endpoint.of(method, path, WRITERS, GROUP, summary, handler)
                .with(List.of(FILTER))
                .takes(Shape.TEXT, "")
                .answersRaw(200, Shape.FREE)
                .bodyMax(receiving.bodyBytesMax())
                .hushed()
                .speaks(DIALECT);
    }

    private static Endpoint asking(
            String method, String path, String summary, Endpoint.Handler handler) {
        return Endpoint.of(method, path, WRITERS, GROUP, summary, handler)
                .with(List.of(Parameter.of("format", Shape.TEXT, "Of what _cat answers.", "json")))
                .answersRaw(200, Shape.FREE)
                .hushed()
                .speaks(DIALECT);
    }

    private Reply prefixed(Call call) {
        String path = call.pathValue("rest");
        if (path.equals("_bulk")) {
            return bulk(call, "");
        }
        if (path.endsWith("/_bulk") && path.indexOf('/') == path.length() - 6) {
            return bulk(call, path.substring(0, path.length() - 6));
        }
        return stubs.put(call);
    }

    private Reply bulk(Call call, String index) {
        FilterPath filter = new FilterPath(call.parameter("filter_path").orElse(""));
        return receiving.counted(() ->
                receiving.inflated(
                        call, (body, length) -> take(call, body, length, index, filter)));
    }

    private Reply take(Call call, byte[] body, int length, String index, FilterPath filter) {
        BulkEvents bulk = new BulkEvents(limits, index);
        DecodedEvents decoded = receiving.decode(call.principal(), body, length, bulk::decode);
        Taken taken = new Taken(decoded, null);
        BelfryException refusal = null;
        try {
            taken = receiving.append(call.principal(), length, decoded, null);
        } catch (BelfryException e) {
            if (!isPassing(e.code())) {
                throw e;
            }
            receiving.refused(e.code());
            refusal = e;
        }
        long tookMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - call.startNanoTime());
        return ElasticDialect.json(
                200,
                new BulkAnswer(bulk.items(), filter)
                        .write(decoded, taken.appended(), refusal, tookMillis),
                call.header("accept"));
    }

    /* What clients repeat item by item. */
    private static boolean isPassing(ErrorCode code) {
        return code == ErrorCode.OVERLOADED
                || code == ErrorCode.RATE_LIMITED
                || code == ErrorCode.STORAGE_FULL;
    }
}
