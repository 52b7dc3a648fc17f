package dev.belfry.server.receive;

import dev.belfry.model.BelfryException;
import dev.belfry.server.http.Dialect;
import dev.belfry.server.http.JsonText;
import dev.belfry.server.http.Reply;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** How senders to Splunk's HTTP Event Collector show a key, and how they hear a refusal. */
final class SplunkDialect implements Dialect {
    /* The codes and texts are Splunk's: "Troubleshoot HTTP Event Collector", possible error codes. */
    private static final String SCHEME = "Splunk ";

    @Override
    public Reply refusal(BelfryException error, UnaryOperator<@Nullable String> headers) {
        return switch (error.code()) {
            case UNAUTHORIZED -> unauthorized(headers.apply("authorization"));
            case FORBIDDEN -> answer(403, "Token disabled", 1);
            case TOO_LARGE -> answer(413, "Request entity too large", 27);
            case RATE_LIMITED, OVERLOADED, STORAGE_FULL ->
                    answer(503, "Server is busy", 9).with("retry-after", "1");
            case INTERNAL_SERVER_ERROR -> answer(500, "Internal server error", 8);
            case NOT_FOUND -> answer(404, "Not found", 404);
            case VALIDATION_ERROR, CONFLICT, QUERY_LIMIT -> answer(400, "Invalid data format", 6);
        };
    }

    private static Reply unauthorized(@Nullable String authorization) {
        if (authorization == null) {
            return answer(401, "Token is required", 2)
                    .with("www-authenticate", "Basic realm=\"belfry\"");
        }
        boolean known =
                isScheme(authorization, SCHEME)
                        || isScheme(authorization, "Basic ")
                        || isScheme(authorization, "Bearer ");
        return known
                ? answer(403, "Invalid token", 4)
                : answer(401, "Invalid authorization", 3)
                        .with("www-authenticate", "Basic realm=\"belfry\"");
    }

    private static boolean isScheme(String authorization, String scheme) {
        return authorization.regionMatches(true, 0, scheme, 0, scheme.length());
    }

    /** An answer as Splunk gives it. */
    static Reply answer(int status, String text, int code) {
        return Reply.json(
                status,
                new JsonText(64)
                        .object()
                        .name("text")
                        .text(text)
                        .name("code")
                        .number(code)
                        .endObject());
    }

    @Override
    public Optional<String> token(UnaryOperator<@Nullable String> headers) {
        String authorization = headers.apply("authorization");
        return authorization != null && isScheme(authorization, SCHEME)
                ? Optional.of(authorization.substring(SCHEME.length()))
                : Optional.empty();
    }
}
