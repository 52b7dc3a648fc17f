package dev.belfry.server.receive;

import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.server.http.Dialect;
import dev.belfry.server.http.Errors;
import dev.belfry.server.http.JsonText;
import dev.belfry.server.http.Reply;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** How senders to Datadog's logs intake show a key, and how they hear a refusal. */
final class DatadogDialect implements Dialect {
    /* Agents repeat on 429 and 5xx, and drop the logs on any other error. */
    private static final String KEY = "dd-api-key";

    @Override
    public Reply refusal(BelfryException error, UnaryOperator<@Nullable String> headers) {
        ErrorCode code = error.code();
        boolean shown = headers.apply(KEY) != null || headers.apply("authorization") != null;
        int status =
                switch (code) {
                    case UNAUTHORIZED -> shown ? 403 : 401;
                    case STORAGE_FULL -> 503;
                    default -> Errors.status(code);
                };
        String title =
                switch (status) {
                    case 401 -> "Unauthorized";
                    case 403 -> "Forbidden";
                    case 413 -> "Payload Too Large";
                    case 429 -> "Too Many Requests";
                    case 503 -> "Service Unavailable";
                    default -> status < 500 ? "Bad Request" : "Internal Server Error";
                };
        JsonText text = new JsonText(128).object().name("errors").array().object();
        text.name("status").text(Integer.toString(status)).name("title").text(title);
        text.name("detail").text(error.getMessage()).endObject().endArray().endObject();
        Reply reply = Reply.json(status, text);
        return switch (status) {
            case 401 -> reply.with("www-authenticate", "Bearer realm=\"belfry\"");
            case 429, 503 -> reply.with("retry-after", "1");
            default -> reply;
        };
    }

    @Override
    public Optional<String> token(UnaryOperator<@Nullable String> headers) {
        return Optional.ofNullable(headers.apply(KEY));
    }
}
