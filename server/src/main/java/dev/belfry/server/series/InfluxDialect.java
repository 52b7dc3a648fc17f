package dev.belfry.server.series;

import dev.belfry.model.BelfryException;
import dev.belfry.server.http.Dialect;
import dev.belfry.server.http.Errors;
import dev.belfry.server.http.JsonText;
import dev.belfry.server.http.Reply;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** How writers of Influx show a token, and hear a refusal. */
final class InfluxDialect implements Dialect {
    private static final String TOKEN = "Token ";

    /* Writers repeat on 429 and on everything from 500 on. */
    @Override
    public Reply refusal(BelfryException error, UnaryOperator<@Nullable String> headers) {
        int status =
                switch (error.code()) {
                    case STORAGE_FULL -> 503;
                    default -> Errors.status(error.code());
                };
        String code =
                switch (status) {
                    case 401 -> "unauthorized";
                    case 403 -> "forbidden";
                    case 413 -> "request too large";
                    case 429 -> "too many requests";
                    case 503 -> "unavailable";
                    default -> status < 500 ? "invalid" : "internal error";
                };
        String message = String.valueOf(error.getMessage());
        JsonText text = new JsonText(128).object().name("code").text(code);
        text.name("message").text(message).name("error").text(message).endObject();
        Reply reply = Reply.bytes(status, "application/json", text.bytes());
        return status == 429 || status == 503 ? reply.with("retry-after", "1") : reply;
    }

    @Override
    public Optional<String> token(UnaryOperator<@Nullable String> headers) {
        String given = headers.apply("authorization");
        return given != null && given.regionMatches(true, 0, TOKEN, 0, TOKEN.length())
                ? Optional.of(given.substring(TOKEN.length()).strip())
                : Optional.empty();
    }
}
