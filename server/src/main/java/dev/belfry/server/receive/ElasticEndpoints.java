package dev.belfry.server.receive;

import dev.belfry.identity.Permission;
import dev.belfry.journal.Appended;
import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.receive.BulkEvents;
import dev.belfry.receive.BulkItem;
import dev.belfry.receive.DecodedEvents;
import dev.belfry.receive.ItemError;
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
import org.jspecify.annotations.Nullable;

/**
 * Takes in what the clients of Elasticsearch send to {@code _bulk}, {@code _doc} and {@code
 * _create}.
 */
public final class ElasticEndpoints {
    private static final Access WRITERS = Access.of(Permission.EVENTS_WRITE);
    private static final Dialect DIALECT = new ElasticDialect();
    private static final String GROUP = "Elasticsearch";

    /* What stores one document under an id. */
    private static final List<String> DOCUMENT_APIS = List.of("_doc", "_create");
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
                            call -> prefixed(call, method)));
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
            for (String api : DOCUMENT_APIS) {
                all.add(
                        writing(
                                method,
                                "/{index}/" + api + "/{id}",
                                "Take in one document",
                                call ->
                                        document(
                                                call,
                                                call.pathValue("index"),
                                                call.pathValue("id"))));
            }
        }
        all.add(
                writing(
                        "POST",
                        "/{index}/_doc",
                        "Take in one document, of which the id is made here",
                        call -> document(call, call.pathValue("index"), null)));
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

    private Reply prefixed(Call call, String method) {
        String[] path = call.pathValue("rest").split("/", 4);
        if (path.length == 1 && path[0].equals("_bulk")) {
            return bulk(call, "");
        }
        if (path.length == 2 && path[1].equals("_bulk")) {
            return bulk(call, path[0]);
        }
        if (path.length == 2 && path[1].equals("_doc") && method.equals("POST")) {
            return document(call, path[0], null);
        }
        if (path.length == 3 && DOCUMENT_APIS.contains(path[1])) {
            return document(call, path[0], path[2]);
        }
        return stubs.put(call);
    }

    private Reply document(Call call, String index, @Nullable String id) {
        BulkItem item = new BulkItem("create", index, id);
        return receiving.counted(() ->
                receiving.inflated(call, (body, length) -> takeOne(call, body, length, item)));
    }

    private Reply takeOne(Call call, byte[] body, int length, BulkItem item) {
        BulkEvents one = new BulkEvents(limits, item.index());
        DecodedEvents decoded =
                receiving.decode(
                        call.principal(),
                        body,
                        length,
                        (bytes, count, now, sources) ->
                                one.decodeDocument(item, bytes, count, now, sources));
        Appended appended = receiving.append(call.principal(), length, decoded, null).appended();
        if (appended == null) {
            ItemError why = decoded.errors().getFirst();
            throw new BelfryException(why.code(), why.message());
        }
        return ElasticDialect.json(
                201, BulkAnswer.document(item, filter(call), appended), call.header("accept"));
    }

    private static FilterPath filter(Call call) {
        return new FilterPath(call.parameter("filter_path").orElse(""));
    }

    private Reply bulk(Call call, String index) {
        FilterPath filter = filter(call);
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
