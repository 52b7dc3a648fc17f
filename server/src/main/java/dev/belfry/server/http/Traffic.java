package dev.belfry.server.http;

import org.jspecify.annotations.Nullable;

/** Is told about every request, for metrics and the access log; must be quick. */
public interface Traffic {
    /** A request has begun. */
    void began();

    /**
     * A request has ended.
     *
     * @param endpoint where it went; null when nowhere
     * @param exchange what is known of it
     */
    void ended(@Nullable Endpoint endpoint, Exchange exchange);

    /** An endpoint failed with what is not the caller's fault. */
    void failed(Exchange exchange, Throwable failure);

    /**
     * A request and its answer.
     *
     * @param method of it
     * @param route the endpoint's path, or a word for what has none: {@code static}, {@code
     *     unknown}
     * @param path as it was sent, without its query
     * @param status of the answer, 0 when the client left before it
     * @param durationNanos from its head to the end of the answer
     * @param responseBytes of the answer's body
     * @param requestId its id
     * @param address from where it came
     * @param principal who called; null when unknown
     */
    record Exchange(
            String method,
            String route,
            String path,
            int status,
            long durationNanos,
            long responseBytes,
            String requestId,
            String address,
            @Nullable String principal) {}
}
