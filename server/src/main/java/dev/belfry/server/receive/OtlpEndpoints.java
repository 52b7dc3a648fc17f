package dev.belfry.server.receive;

import dev.belfry.identity.Permission;
import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.receive.DecodedEvents;
import dev.belfry.receive.DecodedSamples;
import dev.belfry.receive.ItemError;
import dev.belfry.receive.JsonEventsConfig;
import dev.belfry.receive.OtlpLogs;
import dev.belfry.receive.OtlpMetrics;
import dev.belfry.receive.OtlpMetricsConfig;
import dev.belfry.server.http.Access;
import dev.belfry.server.http.Call;
import dev.belfry.server.http.Dialect;
import dev.belfry.server.http.Endpoint;
import dev.belfry.server.http.Reply;
import dev.belfry.server.http.Shape;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** OTLP over HTTP and gRPC. */
public final class OtlpEndpoints {
    /*
     * https://opentelemetry.io/docs/specs/otlp. A gRPC call with one message each way is a POST whose body is
     *
     *   compressed? (1 byte) | length (4, big endian) | message
     *
     * so it goes the way of every request: bounded and counted while it comes, refused before it is inflated,
     * inflated within the same bound.
     */
    /** What the ports of OTLP serve. */
    public static final List<String> PATHS =
            List.of("/v1/logs", "/v1/traces", "/v1/metrics", "/opentelemetry.proto.collector.");

    private static final String SERVICES = "/opentelemetry.proto.collector.";
    private static final Set<String> ENCODINGS = Set.of("identity", "gzip", "deflate", "zstd");
    private static final int FRAME_BYTES = 5;
    private static final String EXAMPLE =
            """
            {"resourceLogs":[{"resource":{"attributes":[{"key":"service.name","value":\
            {"stringValue":"shop"}}]},"scopeLogs":[{"logRecords":[{"severityText":"ERROR",\
            "body":{"stringValue":"payment failed"}}]}]}]}\
            """;

    private static final String METRICS_EXAMPLE =
            """
            {"resourceMetrics":[{"resource":{"attributes":[{"key":"service.name","value":\
            {"stringValue":"shop"}}]},"scopeMetrics":[{"metrics":[{"name":"orders","sum":\
            {"aggregationTemporality":2,"isMonotonic":true,"dataPoints":[{"asInt":"3"}]}}]}]}]}\
            """;

    private final Receiving receiving;
    private final JsonEventsConfig limits;
    private final MetricReceiving metricReceiving;
    private final OtlpMetricsConfig metricsConfig;
    private final Dialect http;
    private final Dialect grpc;

    /**
     * OTLP into {@code receiving} and {@code metricReceiving}.
     *
     * @param loopbackIsAnonymous whether what comes from this machine needs no credentials
     */
    public OtlpEndpoints(
            Receiving receiving,
            JsonEventsConfig limits,
            MetricReceiving metricReceiving,
            OtlpMetricsConfig metricsConfig,
            boolean loopbackIsAnonymous) {
        this.receiving = receiving;
        this.limits = limits;
        this.metricReceiving = metricReceiving;
        this.metricsConfig = metricsConfig;
        this.http = new OtlpDialect(loopbackIsAnonymous);
        this.grpc = new GrpcDialect(loopbackIsAnonymous);
    }

    /** The declarations. */
    public List<Endpoint> endpoints() {
        return List.of(
                logs(
                        "/v1/logs",
                        "Take in OTLP logs: Protocol Buffers or JSON; gzip, zstd, deflate"),
                logs("/otlp/v1/logs", "The same, where Loki has it"),
                later("/v1/traces", "traces"),
                metrics("/v1/metrics", "Take in OTLP metrics: Protocol Buffers or JSON"),
                metrics("/api/v1/otlp/v1/metrics", "The same, where Prometheus has it"),
                call("logs.v1.LogsService", "Take in OTLP logs by gRPC", this::export)
                        .takes(Shape.FREE, "")
                        .bodyMax(limits.bodyBytesMax() + FRAME_BYTES),
                call("trace.v1.TraceService", "Traces are not taken yet", _ -> notYet("traces")),
                call(
                                "metrics.v1.MetricsService",
                                "Take in OTLP metrics by gRPC",
                                this::exportMetrics)
                        .takes(Shape.FREE, "")
                        .bodyMax(limits.bodyBytesMax() + FRAME_BYTES));
    }

    private Endpoint logs(String path, String summary) {
        return Endpoint.of(
                        "POST",
                        path,
                        Access.of(Permission.EVENTS_WRITE),
                        "Protocols",
                        summary,
                        this::logs)
                .takes(Shape.FREE, EXAMPLE)
                .answersRaw(200, Shape.FREE)
                .fails(ErrorCode.RATE_LIMITED, ErrorCode.OVERLOADED)
                .bodyMax(limits.bodyBytesMax())
                .speaks(http)
                .hushed();
    }

    private Endpoint metrics(String path, String summary) {
        return Endpoint.of(
                        "POST",
                        path,
                        Access.of(Permission.EVENTS_WRITE),
                        "Protocols",
                        summary,
                        this::metrics)
                .takes(Shape.FREE, METRICS_EXAMPLE)
                .answersRaw(200, Shape.FREE)
                .fails(ErrorCode.RATE_LIMITED, ErrorCode.OVERLOADED)
                .bodyMax(limits.bodyBytesMax())
                .speaks(http)
                .hushed();
    }

    private Endpoint later(String path, String what) {
        return Endpoint.of(
                        "POST",
                        path,
                        Access.of(Permission.EVENTS_WRITE),
                        "Protocols",
                        "OTLP " + what + " are not taken yet: 404",
                        _ -> notYet(what))
                .answersRaw(404, Shape.FREE)
                .speaks(http)
                .hushed();
    }

    private Endpoint call(String service, String summary, Endpoint.Handler handler) {
        return Endpoint.of(
                        "POST",
                        SERVICES + service + "/Export",
                        Access.of(Permission.EVENTS_WRITE),
                        "Protocols",
                        summary,
                        handler)
                .answersRaw(200, Shape.FREE)
                .speaks(grpc)
                .hushed();
    }

    private static Reply notYet(String what) {
        throw new BelfryException(
                ErrorCode.NOT_FOUND,
                what
                        + ": not taken yet (expected: logs or metrics; set"
                        + " OTEL_TRACES_EXPORTER=none)");
    }

    private Reply logs(Call call) {
        String contentType = call.header("content-type");
        boolean json = isJson(contentType);
        Taken taken =
                receiving.take(
                        call,
                        (body, length, nowNanos, sources) ->
                                good(
                                        OtlpLogs.decode(
                                                body, length, json, limits, nowNanos, sources)));
        return json
                ? Reply.bytes(200, OtlpDialect.JSON, OtlpMessages.responseJson(taken.decoded()))
                : Reply.bytes(200, OtlpDialect.PROTOBUF, OtlpMessages.response(taken.decoded()));
    }

    private Reply metrics(Call call) {
        boolean json = isJson(call.header("content-type"));
        DecodedSamples taken = metricReceiving.take(call, metricDecoder(json));
        return json
                ? Reply.bytes(200, OtlpDialect.JSON, OtlpMessages.responseJson(taken))
                : Reply.bytes(200, OtlpDialect.PROTOBUF, OtlpMessages.response(taken));
    }

    private Reply exportMetrics(Call call) {
        byte[] body = call.bodyBytes();
        int length = frame(body, call.bodyLength());
        DecodedSamples taken =
                metricReceiving.take(
                        call, encoding(call, body[0]), FRAME_BYTES, length, metricDecoder(false));
        return GrpcDialect.answer(OtlpMessages.response(taken));
    }

    private MetricReceiving.Decoder metricDecoder(boolean json) {
        return (body, length, series, nowMillis) ->
                good(
                        OtlpMetrics.decode(
                                body,
                                length,
                                json,
                                metricsConfig,
                                metricReceiving.families(),
                                series,
                                nowMillis));
    }

    /** Refuses a body of which nothing is good, likewise. */
    private static DecodedSamples good(DecodedSamples decoded) {
        if (decoded.refused() > 0 && decoded.refused() == decoded.itemCount()) {
            throw new BelfryException(
                    decoded.errors().getFirst().code(), OtlpMessages.rejection(decoded));
        }
        return decoded;
    }

    private static boolean isJson(@Nullable String contentType) {
        if (OtlpDialect.isJson(contentType)) {
            return true;
        }
        String type = contentType == null ? "" : contentType.strip().toLowerCase(Locale.ROOT);
        if (type.startsWith("application/x-protobuf") || type.startsWith("application/protobuf")) {
            return false;
        }
        throw new BelfryException(
                ErrorCode.VALIDATION_ERROR,
                "Content-Type: "
                        + (contentType == null ? "none" : contentType)
                        + " (expected: application/x-protobuf or application/json)");
    }

    private Reply export(Call call) {
        byte[] body = call.bodyBytes();
        int length = frame(body, call.bodyLength());
        String encoding = encoding(call, body[0]);
        Receiving.Decoder decoder =
                (message, size, nowNanos, sources) ->
                        good(OtlpLogs.decode(message, size, false, limits, nowNanos, sources));
        Taken taken = receiving.take(call, encoding, FRAME_BYTES, length, decoder);
        return GrpcDialect.answer(OtlpMessages.response(taken.decoded()));
    }

    /** The length of the one message in a body. */
    private static int frame(byte[] body, int length) {
        if (length < FRAME_BYTES) {
            throw new BelfryException(
                    ErrorCode.VALIDATION_ERROR,
                    "message: none (expected: one message, framed as gRPC does)");
        }
        long announced = 0;
        for (int index = 1; index < FRAME_BYTES; index++) {
            announced = announced << 8 | body[index] & 0xFF;
        }
        if (announced != length - FRAME_BYTES || (body[0] & ~1) != 0) {
            throw new BelfryException(
                    ErrorCode.VALIDATION_ERROR,
                    "message: "
                            + announced
                            + " bytes announced, "
                            + (length - FRAME_BYTES)
                            + " there (expected: one message, framed as gRPC does)");
        }
        return (int) announced;
    }

    private static String encoding(Call call, byte compressed) {
        String given = call.header("grpc-encoding");
        if (compressed == 0 || given == null) {
            if (compressed != 0) {
                throw new BelfryException(
                        ErrorCode.VALIDATION_ERROR,
                        "grpc-encoding: none, of a compressed message (expected: gzip)");
            }
            return "identity";
        }
        String encoding = given.strip().toLowerCase(Locale.ROOT);
        if (!ENCODINGS.contains(encoding)) {
            throw new BelfryException(
                    ErrorCode.NOT_FOUND,
                    "grpc-encoding: "
                            + encoding
                            + " (expected: one of "
                            + GrpcDialect.ENCODINGS
                            + ")");
        }
        return encoding;
    }

    /** Refuses a body of which nothing is good: the client shall know, and not send it again. */
    private static DecodedEvents good(DecodedEvents decoded) {
        if (decoded.batch().count() == 0 && !decoded.errors().isEmpty()) {
            ItemError first = decoded.errors().getFirst();
            throw new BelfryException(first.code(), OtlpMessages.rejection(decoded));
        }
        return decoded;
    }
}
