package dev.belfry.server.http;

import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.ResponseHeadersBuilder;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which other sites' pages a browser lets call Belfry and read its answers (Fetch standard, CORS
 * protocol). Credentials are never allowed, so that a page needs a key of its own and the login of
 * who looks at it is worth nothing to it.
 */
public final class CrossOrigin {
    private static final String ANY = "*";
    private static final String METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE";
    private static final String READABLE =
            "x-request-id, retry-after, ratelimit-limit, ratelimit-remaining, ratelimit-reset";
    private static final String KEPT_SECONDS = "7200";

    private final Set<String> origins;

    /**
     * Allows pages of {@code origins}, and no others.
     *
     * @param origins such as {@code https://shop.example.com}; {@code *} for all
     */
    public CrossOrigin(List<String> origins) {
        Set<String> allowed = new HashSet<>();
        origins.forEach(origin -> allowed.add(origin.toLowerCase(Locale.ROOT)));
        this.origins = Set.copyOf(allowed);
    }

    /** The answer to a browser that asks before it sends an allowed page's request. */
    Optional<Reply> preflight(RequestHeaders headers) {
        String method = headers.get("access-control-request-method");
        if (headers.method() != HttpMethod.OPTIONS
                || method == null
                || !isAllowed(headers.get("origin"))) {
            return Optional.empty();
        }
        /* Authorization has to be named; a * does not stand for it. */
        String asked = headers.get("access-control-request-headers", "authorization");
        return Optional.of(
                Reply.bytes(204, "", new byte[0])
                        .with("access-control-allow-methods", METHODS)
                        .with("access-control-allow-headers", asked)
                        .with("access-control-max-age", KEPT_SECONDS));
    }

    /** Lets the page that sent {@code request} read the answer, if it may. */
    void add(RequestHeaders request, ResponseHeadersBuilder answer) {
        if (origins.isEmpty()) {
            return;
        }
        answer.add("vary", "origin");
        String origin = request.get("origin");
        if (origin != null && isAllowed(origin)) {
            answer.set("access-control-allow-origin", origin);
            answer.set("access-control-expose-headers", READABLE);
        }
    }

    private boolean isAllowed(@Nullable String origin) {
        return origin != null
                && (origins.contains(ANY) || origins.contains(origin.toLowerCase(Locale.ROOT)));
    }
}
