package dev.belfry.server.receive;

import dev.belfry.identity.Permission;
import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.receive.DecodedEvents;
import dev.belfry.receive.JsonEventsConfig;
import dev.belfry.receive.LokiPush;
import dev.belfry.server.http.Access;
import dev.belfry.server.http.Call;
import dev.belfry.server.http.Dialect;
import dev.belfry.server.http.Endpoint;
import dev.belfry.server.http.Errors;
import dev.belfry.server.http.Reply;
import dev.belfry.server.http.Shape;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Loki's push. */
public final class LokiEndpoints {
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String EXAMPLE =
            """
            {"streams":[{"stream":{"service_name":"shop","level":"error"},\
            "values":[["1769248800000000000","payment failed"]]}]}\
            """;

    private final Receiving receiving;
    private final JsonEventsConfig limits;

    /** Loki's push into {@code receiving}. */
    public LokiEndpoints(Receiving receiving, JsonEventsConfig limits) {
        this.receiving = receiving;
        this.limits = limits;
    }

    /** The declarations. */
    public List<Endpoint> endpoints() {
        return List.of(
                Endpoint.of(
                                "POST",
                                "/loki/api/v1/push",
                                Access.of(Permission.EVENTS_WRITE),
                                "Protocols",
                                "Take in what is pushed to Loki: JSON, or Protocol Buffers with Snappy",
                                this::push)
                        .takes(Shape.FREE, EXAMPLE)
                        .answersRaw(204, Shape.FREE)
                        .fails(ErrorCode.RATE_LIMITED, ErrorCode.OVERLOADED)
                        .bodyMax(limits.bodyBytesMax())
                        .speaks((Dialect) LokiEndpoints::refusal)
                        .hushed());
    }

    /** A text; clients repeat on 429 and on everything from 500 on. */
    private static Reply refusal(BelfryException error, UnaryOperator<@Nullable String> headers) {
        int status = error.code() == ErrorCode.STORAGE_FULL ? 503 : Errors.status(error.code());
        Reply reply = Reply.text(status, TEXT, error.getMessage() + "\n");
        int seconds = OtlpMessages.retrySeconds(error);
        if (seconds > 0) {
            return reply.with("retry-after", Integer.toString(seconds));
        }
        return status == 401 ? reply.with("www-authenticate", "Basic realm=\"belfry\"") : reply;
    }

    private Reply push(Call call) {
        boolean json = OtlpDialect.isJson(call.header("content-type"));
        String encoding = encoding(call, json);
        DecodedEvents decoded =
                receiving
                        .take(
                                call,
                                encoding,
                                0,
                                call.bodyLength(),
                                (body, length, nowNanos, sources) ->
                                        LokiPush.decode(
                                                body, length, json, limits, nowNanos, sources))
                        .decoded();
        if (decoded.errors().isEmpty()) {
            return Reply.bytes(204, "", new byte[0]);
        }
        boolean none = decoded.batch().count() == 0;
        throw new BelfryException(
                none ? decoded.errors().getFirst().code() : ErrorCode.VALIDATION_ERROR,
                OtlpMessages.rejection(decoded) + (none ? "" : " (the others were taken)"));
    }

    /** Protocol Buffers come as a Snappy block, whether the header says so or not. */
    private static String encoding(Call call, boolean json) {
        String given = call.header("content-encoding");
        String encoding = given == null ? "" : given.strip().toLowerCase(Locale.ROOT);
        return !json && (encoding.isEmpty() || encoding.equals("identity")) ? "snappy" : encoding;
    }
}
