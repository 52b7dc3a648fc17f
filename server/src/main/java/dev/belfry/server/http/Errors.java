package dev.belfry.server.http;

import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import java.util.Map;

/** Error codes as statuses and as answers. */
public final class Errors {
    /** What a 401 asks for, unless a protocol's clients know Basic. */
    static final String CHALLENGE = "Bearer realm=\"belfry\"";

    private static final int RETRY_SECONDS = 1;
    private static final int RETRY_FULL_SECONDS = 10;

    private Errors() {}

    /** The HTTP status of {@code code}. */
    public static int status(ErrorCode code) {
        return switch (code) {
            case VALIDATION_ERROR -> 400;
            case UNAUTHORIZED -> 401;
            case FORBIDDEN -> 403;
            case NOT_FOUND -> 404;
            case CONFLICT -> 409;
            case TOO_LARGE -> 413;
            case QUERY_LIMIT -> 422;
            case RATE_LIMITED -> 429;
            case INTERNAL_SERVER_ERROR -> 500;
            case OVERLOADED -> 503;
            case STORAGE_FULL -> 507;
        };
    }

    /** What {@code code} means, one sentence. */
    public static String meaning(ErrorCode code) {
        return switch (code) {
            case VALIDATION_ERROR -> "The request is malformed, or a value is out of range.";
            case UNAUTHORIZED -> "No credentials, or unknown ones.";
            case FORBIDDEN -> "The credentials do not allow this.";
            case NOT_FOUND -> "There is no such thing, or none that the caller may see.";
            case CONFLICT -> "It is there already, or its state does not allow this.";
            case TOO_LARGE -> "The body or an item is over its limit, which the message names.";
            case QUERY_LIMIT ->
                    "The query is over its bounds of time or memory, or an idempotency key was used"
                            + " with another body.";
            case RATE_LIMITED -> "Too much at once; Retry-After says when to come back.";
            case INTERNAL_SERVER_ERROR -> "A bug or a failing part of the server.";
            case OVERLOADED ->
                    "The server is behind or starting; Retry-After says when to come back.";
            case STORAGE_FULL -> "There is no room on the disk; reading goes on.";
        };
    }

    /** The error as an answer. */
    public static Reply reply(BelfryException error) {
        return reply(error.code(), String.valueOf(error.getMessage()), error.details());
    }

    /** The error as an answer. */
    public static Reply reply(ErrorCode code, String message, Map<String, Object> details) {
        JsonText text = new JsonText(256).object().name("success").truth(false).name("error");
        text.object().name("code").text(code.name()).name("message").text(message);
        text.name("details").value(details).endObject().endObject();
        Reply reply = Reply.json(status(code), text);
        return switch (code) {
            case UNAUTHORIZED -> reply.with("www-authenticate", CHALLENGE);
            case RATE_LIMITED, OVERLOADED ->
                    reply.with("retry-after", retry(details, RETRY_SECONDS));
            case STORAGE_FULL -> reply.with("retry-after", retry(details, RETRY_FULL_SECONDS));
            default -> reply;
        };
    }

    private static String retry(Map<String, Object> details, int fallback) {
        Object given = details.get("retry_after_seconds");
        return given == null ? Integer.toString(fallback) : given.toString();
    }
}
