package dev.belfry.server.receive;

import dev.belfry.identity.Permission;
import dev.belfry.identity.Principal;
import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.server.http.Dialect;
import dev.belfry.server.http.Errors;
import dev.belfry.server.http.Reply;
import java.net.InetAddress;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** How OTLP refuses over HTTP: a {@code Status} in the request's encoding. */
class OtlpDialect implements Dialect {
    /*
     * https://opentelemetry.io/docs/specs/otlp/#failures: clients repeat 429, 502, 503 and 504 only, and drop the
     * data on everything else; so a full disk is 503 here, not 507.
     */
    static final String JSON = "application/json";
    static final String PROTOBUF = "application/x-protobuf";

    private static final Principal ANONYMOUS =
            Principal.system("otlp", Set.of(Permission.EVENTS_WRITE));

    private final boolean loopbackIsAnonymous;

    OtlpDialect(boolean loopbackIsAnonymous) {
        this.loopbackIsAnonymous = loopbackIsAnonymous;
    }

    static boolean isJson(@Nullable String contentType) {
        return contentType != null && contentType.strip().toLowerCase(Locale.ROOT).startsWith(JSON);
    }

    @Override
    public Reply refusal(BelfryException error, UnaryOperator<@Nullable String> headers) {
        int status = error.code() == ErrorCode.STORAGE_FULL ? 503 : Errors.status(error.code());
        Reply reply =
                isJson(headers.apply("content-type"))
                        ? Reply.bytes(status, JSON, OtlpMessages.statusJson(error))
                        : Reply.bytes(status, PROTOBUF, OtlpMessages.status(error));
        int seconds = OtlpMessages.retrySeconds(error);
        if (seconds > 0) {
            return reply.with("retry-after", Integer.toString(seconds));
        }
        return status == 401 ? reply.with("www-authenticate", "Bearer realm=\"belfry\"") : reply;
    }

    @Override
    public Optional<Principal> anonymous(String address) {
        return loopbackIsAnonymous && isLoopback(address)
                ? Optional.of(ANONYMOUS)
                : Optional.empty();
    }

    /* The address is digits: no name is looked up. */
    private static boolean isLoopback(String address) {
        try {
            return InetAddress.ofLiteral(address).isLoopbackAddress();
        } catch (IllegalArgumentException _) {
            return false;
        }
    }
}
