package dev.belfry.server.prometheus;

import dev.belfry.identity.Permission;
import dev.belfry.model.ErrorCode;
import dev.belfry.receive.DecodedSamples;
import dev.belfry.receive.ItemError;
import dev.belfry.receive.RemoteWrite;
import dev.belfry.receive.RemoteWrite.Message;
import dev.belfry.receive.RemoteWrite.Written;
import dev.belfry.server.http.Access;
import dev.belfry.server.http.Call;
import dev.belfry.server.http.Dialect;
import dev.belfry.server.http.Endpoint;
import dev.belfry.server.http.Errors;
import dev.belfry.server.http.Reply;
import dev.belfry.server.http.Shape;
import dev.belfry.server.receive.MetricReceiving;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Prometheus' remote write, 1.0 and 2.0. */
public final class WriteEndpoint {
    /*
     * https://prometheus.io/docs/specs/prw/remote_write_spec/ and …_spec_2_0/: what of a request is good is kept
     * also when the answer is 400; senders repeat on 5xx only (429 they may drop), so that everything that passes is
     * 503. The headers X-Prometheus-Remote-Write-…-Written count what was kept.
     */
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String PROTOBUF = "application/x-protobuf";
    private static final String WRITTEN = "x-prometheus-remote-write-";

    private static final Dialect DIALECT =
            (error, _) -> {
                boolean passes =
                        switch (error.code()) {
                            case OVERLOADED, STORAGE_FULL, RATE_LIMITED -> true;
                            default -> false;
                        };
                int status = passes ? 503 : Errors.status(error.code());
                Reply reply = Reply.text(status, TEXT, error.getMessage() + "\n");
                if (passes) {
                    return reply.with("retry-after", PrometheusApi.retrySeconds(error));
                }
                return status == 401
                        ? reply.with("www-authenticate", "Basic realm=\"belfry\"")
                        : reply;
            };

    private final MetricReceiving receiving;
    private final RemoteWrite write;

    /** Takes samples by {@code receiving}. */
    public WriteEndpoint(MetricReceiving receiving) {
        this.receiving = receiving;
        this.write = new RemoteWrite(receiving.families());
    }

    /** The declarations. */
    public List<Endpoint> endpoints() {
        List<Endpoint> all = new ArrayList<>();
        for (String path : List.of("/api/v1/write", "/prometheus/api/v1/write")) {
            all.add(
                    Endpoint.of(
                                    "POST",
                                    path,
                                    Access.of(Permission.EVENTS_WRITE),
                                    PrometheusApi.GROUP,
                                    "Remote write 1.0 and 2.0: Protocol Buffers with Snappy or zstd",
                                    this::take)
                            .takes(Shape.FREE, "")
                            .answersRaw(204, Shape.FREE)
                            .fails(ErrorCode.OVERLOADED)
                            .bodyMax(receiving.bodyBytesMax())
                            .hushed()
                            .speaks(DIALECT));
        }
        return all;
    }

    private Reply take(Call call) {
        Optional<Message> message = message(call.header("content-type"));
        if (message.isEmpty()) {
            return unsupported(
                    "content-type: "
                            + call.header("content-type")
                            + " (expected: application/x-protobuf, with"
                            + " proto=prometheus.WriteRequest or"
                            + " proto=io.prometheus.write.v2.Request)");
        }
        String encoding = encoding(call.header("content-encoding"));
        if (!encoding.equals("snappy") && !encoding.equals("zstd")) {
            return unsupported("content-encoding: " + encoding + " (expected: snappy or zstd)");
        }
        Written written =
                receiving.take(
                        call,
                        encoding,
                        (body, length, series, nowMillis) ->
                                write.decode(message.get(), body, length, series, nowMillis),
                        Written::decoded);
        return answer(written, message.get());
    }

    /* Without a type it is 1.0, and whoever names no encoding means Snappy, as senders of the first days do. */
    private static Optional<Message> message(@Nullable String contentType) {
        if (contentType == null || contentType.isBlank()) {
            return Optional.of(Message.ONE);
        }
        String[] parts = contentType.split(";");
        if (!parts[0].strip().equalsIgnoreCase(PROTOBUF)) {
            return Optional.empty();
        }
        for (int index = 1; index < parts.length; index++) {
            String part = parts[index].strip();
            if (part.regionMatches(true, 0, "proto=", 0, 6)) {
                return switch (part.substring(6).strip()) {
                    case "prometheus.WriteRequest" -> Optional.of(Message.ONE);
                    case "io.prometheus.write.v2.Request" -> Optional.of(Message.TWO);
                    default -> Optional.empty();
                };
            }
        }
        return Optional.of(Message.ONE);
    }

    private static String encoding(@Nullable String given) {
        return given == null || given.isBlank() ? "snappy" : given.strip().toLowerCase(Locale.ROOT);
    }

    private static Reply unsupported(String message) {
        return Reply.text(415, TEXT, message + "\n");
    }

    private static Reply answer(Written written, Message message) {
        DecodedSamples decoded = written.decoded();
        Reply reply =
                decoded.refused() == 0
                        ? Reply.bytes(204, "", new byte[0])
                        : Reply.text(400, TEXT, rejection(decoded));
        return message == Message.ONE
                ? reply
                : reply.with(WRITTEN + "samples-written", Integer.toString(written.samples()))
                        .with(
                                WRITTEN + "histograms-written",
                                Integer.toString(written.histograms()))
                        .with(WRITTEN + "exemplars-written", Integer.toString(written.exemplars()));
    }

    private static String rejection(DecodedSamples decoded) {
        StringBuilder text = new StringBuilder();
        text.append(decoded.refused()).append(" refused, ");
        text.append(decoded.batch().records()).append(" taken\n");
        for (ItemError error : decoded.errors()) {
            text.append("series ").append(error.index()).append(": ");
            text.append(error.message()).append('\n');
        }
        return text.toString();
    }
}
