package dev.belfry.server.receive;

import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.server.http.Dialect;
import dev.belfry.server.http.Errors;
import dev.belfry.server.http.JsonText;
import dev.belfry.server.http.Reply;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How Elasticsearch's clients show a key, and how they hear a refusal. */
final class ElasticDialect implements Dialect {
    /*
     * Clients look for X-Elastic-Product in every answer, and repeat a request or an item on 429. A media type
     * with a version (compatible-with) is answered with the same version.
     */
    private static final String JSON = "application/json";
    private static final Pattern VERSIONED =
            Pattern.compile(
                    "application/vnd\\.elasticsearch\\+(?:x-nd)?json\\s*;\\s*compatible-with=(\\d{1,2})");

    @Override
    public Reply refusal(BelfryException error, UnaryOperator<@Nullable String> headers) {
        int status = status(error.code());
        String message = String.valueOf(error.getMessage());
        JsonText text = new JsonText(256).object().name("error").object();
        text.name("root_cause").array().object();
        cause(text, error.code(), message).endObject().endArray();
        cause(text, error.code(), message).endObject();
        Reply reply =
                json(
                        status,
                        text.name("status").number(status).endObject(),
                        headers.apply("accept"));
        return switch (status) {
            case 401 -> reply.with("www-authenticate", "Basic realm=\"belfry\", charset=\"UTF-8\"");
            case 429 -> reply.with("retry-after", "1");
            default -> reply;
        };
    }

    private static JsonText cause(JsonText text, ErrorCode code, String message) {
        return text.name("type").text(type(code)).name("reason").text(message);
    }

    /** The status of {@code code}, of a request or of an item. */
    static int status(ErrorCode code) {
        return switch (code) {
            case RATE_LIMITED, OVERLOADED, STORAGE_FULL -> 429;
            default -> Errors.status(code);
        };
    }

    /** The type of the exception that Elasticsearch would tell of. */
    static String type(ErrorCode code) {
        return switch (code) {
            case UNAUTHORIZED, FORBIDDEN -> "security_exception";
            case RATE_LIMITED, OVERLOADED, STORAGE_FULL -> "es_rejected_execution_exception";
            case NOT_FOUND -> "resource_not_found_exception";
            case INTERNAL_SERVER_ERROR -> "exception";
            case CONFLICT, VALIDATION_ERROR, TOO_LARGE, QUERY_LIMIT -> "illegal_argument_exception";
        };
    }

    /** An answer in the version of the media type that the client accepts. */
    static Reply json(int status, JsonText text, @Nullable String accept) {
        Matcher versioned =
                VERSIONED.matcher(accept == null ? "" : accept.toLowerCase(Locale.ROOT));
        String type =
                versioned.find()
                        ? "application/vnd.elasticsearch+json;compatible-with=" + versioned.group(1)
                        : JSON;
        Reply reply = Reply.json(status, text);
        return new Reply(status, type, reply.body(), reply.length(), reply.headers())
                .with("x-elastic-product", "Elasticsearch");
    }

    /* ApiKey base64(id:key); the key alone says who it is. */
    @Override
    public Optional<String> token(UnaryOperator<@Nullable String> headers) {
        String authorization = headers.apply("authorization");
        if (authorization == null || !authorization.regionMatches(true, 0, "ApiKey ", 0, 7)) {
            return Optional.empty();
        }
        String shown = authorization.substring(7).strip();
        try {
            String pair = new String(Base64.getDecoder().decode(shown), StandardCharsets.UTF_8);
            int colon = pair.indexOf(':');
            return Optional.of(colon < 0 ? shown : pair.substring(colon + 1));
        } catch (IllegalArgumentException _) {
            return Optional.of(shown);
        }
    }
}
