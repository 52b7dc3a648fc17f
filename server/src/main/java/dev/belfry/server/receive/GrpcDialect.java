package dev.belfry.server.receive;

import dev.belfry.model.BelfryException;
import dev.belfry.server.http.Reply;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** How gRPC answers: always 200, and what became of the call in the trailers. */
final class GrpcDialect extends OtlpDialect {
    static final String GRPC = "application/grpc";
    static final String ENCODINGS = "identity,gzip,deflate,zstd";

    private static final int MESSAGE_BYTES_MAX = 1_000;

    GrpcDialect(boolean loopbackIsAnonymous) {
        super(loopbackIsAnonymous);
    }

    /** A good answer with one message. */
    static Reply answer(byte[] message) {
        byte[] framed = new byte[5 + message.length];
        framed[1] = (byte) (message.length >>> 24);
        framed[2] = (byte) (message.length >>> 16);
        framed[3] = (byte) (message.length >>> 8);
        framed[4] = (byte) message.length;
        System.arraycopy(message, 0, framed, 5, message.length);
        return Reply.bytes(200, GRPC, framed)
                .with("grpc-accept-encoding", ENCODINGS)
                .withTrailers(Map.of("grpc-status", "0"));
    }

    @Override
    public Reply refusal(BelfryException error, UnaryOperator<@Nullable String> headers) {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("grpc-status", Integer.toString(OtlpMessages.code(error.code())));
        all.put("grpc-message", encoded(String.valueOf(error.getMessage())));
        all.put("grpc-accept-encoding", ENCODINGS);
        if (OtlpMessages.retrySeconds(error) > 0) {
            byte[] status = OtlpMessages.status(error);
            all.put(
                    "grpc-status-details-bin",
                    Base64.getEncoder().withoutPadding().encodeToString(status));
        }
        return new Reply(200, GRPC, new byte[0], 0, all);
    }

    /** The percent encoding of gRPC over HTTP/2: printable ASCII but for the percent sign. */
    private static String encoded(String message) {
        StringBuilder text = new StringBuilder();
        for (byte next : message.getBytes(StandardCharsets.UTF_8)) {
            if (text.length() > MESSAGE_BYTES_MAX) {
                break;
            }
            if (next >= ' ' && next <= '~' && next != '%') {
                text.append((char) next);
            } else {
                text.append(String.format("%%%02X", next & 0xFF));
            }
        }
        return text.toString();
    }
}
