package dev.belfry.server.series;

import static dev.belfry.server.http.Shape.either;
import static dev.belfry.server.http.Shape.list;
import static dev.belfry.server.http.Shape.member;
import static dev.belfry.server.http.Shape.object;
import static dev.belfry.server.http.Shape.optional;

import dev.belfry.identity.Permission;
import dev.belfry.identity.Principal;
import dev.belfry.journal.Idempotency;
import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.receive.DecodedSamples;
import dev.belfry.receive.ItemError;
import dev.belfry.receive.MetricPush;
import dev.belfry.server.http.Access;
import dev.belfry.server.http.Call;
import dev.belfry.server.http.Endpoint;
import dev.belfry.server.http.JsonText;
import dev.belfry.server.http.Reply;
import dev.belfry.server.http.Shape;
import dev.belfry.server.receive.IdempotencyKey;
import dev.belfry.server.receive.MetricReceiving;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Takes metrics in as JSON. */
public final class PushEndpoints {
    private static final int ERRORS_SHOWN_MAX = 1_000;
    private static final Shape METRIC =
            object(
                    "NewMetric",
                    member("name", Shape.TEXT, "At most 255 characters; kept as it is."),
                    member("metric_type", Shape.TEXT, "counter, gauge, histogram or summary."),
                    member(
                            "value",
                            Shape.NUMBER,
                            "The increment of a counter, the value of a gauge, one observation of a"
                                    + " histogram or summary."),
                    optional("labels", Shape.FREE, "Texts, numbers, truths."),
                    optional("timestamp", Shape.TIME, "The time of receipt by default."),
                    optional("description", Shape.TEXT, "What the metric means."),
                    optional("unit", Shape.TEXT, ""));
    private static final Shape TAKEN =
            object(
                    "TakenMetrics",
                    member("accepted", Shape.WHOLE, "How many were taken."),
                    member(
                            "errors",
                            list(
                                    object(
                                            "ItemError",
                                            member("index", Shape.WHOLE, "From 0."),
                                            member("code", Shape.TEXT, ""),
                                            member("message", Shape.TEXT, ""))),
                            "Of the others."));
    private static final String EXAMPLE =
            """
            {"name":"http_requests_total","metric_type":"counter","value":1,\
            "labels":{"method":"GET","status":"200","endpoint":"/api/users"}}\
            """;

    private final MetricReceiving receiving;

    /** Takes metrics in by {@code receiving}. */
    public PushEndpoints(MetricReceiving receiving) {
        this.receiving = receiving;
    }

    /** The declarations. */
    public List<Endpoint> endpoints() {
        return List.of(
                endpoint(
                        "/api/v1/monitoring/metrics",
                        "Take in one metric or an array; counters are added up; durable when it"
                                + " answers"),
                endpoint("/api/v1/monitoring/metrics/custom", "The same, where seed 002 has it"));
    }

    private Endpoint endpoint(String path, String summary) {
        return Endpoint.of(
                        "POST",
                        path,
                        Access.of(Permission.EVENTS_WRITE),
                        "Metrics",
                        summary,
                        this::push)
                .takes(either(METRIC, list(METRIC)), EXAMPLE)
                .answers(201, either(METRIC, TAKEN))
                .fails(ErrorCode.QUERY_LIMIT, ErrorCode.RATE_LIMITED, ErrorCode.STORAGE_FULL)
                .bodyMax(receiving.bodyBytesMax())
                .hushed();
    }

    private Reply push(Call call) {
        try {
            return receiving.counted(call, (body, length) -> take(call, body, length));
        } catch (BelfryException e) {
            throw e.code() == ErrorCode.OVERLOADED ? slowDown(e) : e;
        }
    }

    /** The seeds' API refuses overload with 429, which its clients know how to wait for. */
    private static BelfryException slowDown(BelfryException overload) {
        return new BelfryException(
                ErrorCode.RATE_LIMITED,
                String.valueOf(overload.getMessage()),
                Map.of("reason", "overload", "retry_after_seconds", 1));
    }

    private Reply take(Call call, byte[] body, int length) {
        Principal principal = call.principal();
        long[] now = {0};
        DecodedSamples decoded =
                receiving.decode(
                        principal,
                        body,
                        length,
                        (bytes, size, series, nowMillis) -> {
                            now[0] = nowMillis;
                            return MetricPush.decode(
                                    bytes, size, receiving.families(), series, nowMillis);
                        });
        if (decoded.itemCount() == decoded.refused()) {
            return nothingGood(decoded);
        }
        Idempotency idempotency = IdempotencyKey.of(call, body, length);
        receiving.append(principal, length, decoded, idempotency);
        return isArray(body, length)
                ? many(decoded)
                : single(new String(body, 0, length, StandardCharsets.UTF_8), now[0]);
    }

    private static boolean isArray(byte[] body, int length) {
        int at = 0;
        while (at < length && body[at] <= ' ') {
            at++;
        }
        return at < length && body[at] == '[';
    }

    private static Reply nothingGood(DecodedSamples decoded) {
        List<ItemError> errors = decoded.errors();
        if (errors.isEmpty()) {
            throw new BelfryException(
                    ErrorCode.VALIDATION_ERROR, "body: holds no metric (expected: one at least)");
        }
        ItemError first = errors.getFirst();
        if (decoded.itemCount() == 1) {
            throw new BelfryException(first.code(), first.message());
        }
        List<Object> shown = new ArrayList<>();
        for (ItemError error : errors.subList(0, Math.min(errors.size(), ERRORS_SHOWN_MAX))) {
            shown.add(
                    Map.of(
                            "index", error.index(),
                            "code", error.code().name(),
                            "message", error.message()));
        }
        throw new BelfryException(
                ErrorCode.VALIDATION_ERROR,
                "metrics: none of "
                        + decoded.itemCount()
                        + " is good; the first, "
                        + first.index()
                        + ": "
                        + first.message(),
                Map.of("errors", shown));
    }

    /* The metric as it was sent, under its own names, with what was left out. */
    private static Reply single(String body, long nowMillis) {
        SentMetric sent = SentMetric.read(body);
        return Reply.data(201, text -> sent.write(text, nowMillis));
    }

    private static Reply many(DecodedSamples decoded) {
        return Reply.data(
                201,
                text -> {
                    text.object().name("accepted");
                    text.number((long) decoded.itemCount() - decoded.refused());
                    text.name("errors").array();
                    for (ItemError error : decoded.errors()) {
                        write(text, error);
                    }
                    text.endArray().endObject();
                });
    }

    private static void write(JsonText text, ItemError error) {
        text.object().name("index").number(error.index());
        text.name("code").text(error.code().name());
        text.name("message").text(error.message()).endObject();
    }
}
