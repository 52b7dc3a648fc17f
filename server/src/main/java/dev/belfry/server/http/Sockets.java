package dev.belfry.server.http;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.ResponseHeadersBuilder;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.belfry.identity.Caller;
import dev.belfry.identity.Origin;
import dev.belfry.identity.Principal;
import dev.belfry.model.BelfryException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Lets WebSockets in: the same credentials and permissions as for any other call. */
public final class Sockets {
    private Sockets() {}

    /**
     * A request that may open its WebSocket.
     *
     * @param principal who opens it
     * @param token by which they showed it
     * @param parameters of its query
     */
    public record Admitted(
            Principal principal, String token, Map<String, List<String>> parameters) {
        /** Without the token. */
        @Override
        public String toString() {
            return "Admitted[" + principal.text() + "]";
        }
    }

    /** Opens the WebSocket of a request that was let in; runs on the event loop. */
    @FunctionalInterface
    public interface Opening {
        /** The answer that changes the protocol. */
        HttpResponse open(Admitted admitted) throws Exception;
    }

    /** Whether a request wants to become a WebSocket, by HTTP/1.1 or HTTP/2. */
    public static boolean isUpgrade(RequestHeaders headers) {
        return "websocket".equalsIgnoreCase(headers.get("upgrade"))
                || "websocket".equalsIgnoreCase(headers.get(":protocol"));
    }

    /** The request with an Origin, which programs do not send and the web server asks for. */
    public static HttpRequest withOrigin(ServiceRequestContext context, HttpRequest request) {
        RequestHeaders headers = request.headers();
        if (headers.contains("origin")) {
            return request;
        }
        String scheme = context.sessionProtocol().isTls() ? "https://" : "http://";
        HttpRequest changed =
                request.withHeaders(
                        headers.toBuilder().add("origin", scheme + headers.authority()));
        context.updateRequest(changed);
        return changed;
    }

    /** Opens what {@code opening} makes when the caller may call {@code endpoint}. */
    public static HttpResponse admit(
            ServiceRequestContext context,
            HttpRequest request,
            Endpoint endpoint,
            Authentication authentication,
            Opening opening) {
        CompletableFuture<HttpResponse> answer = new CompletableFuture<>();
        Thread.ofVirtual()
                .name("socket-admission")
                .start(() -> decide(context, request, endpoint, authentication, opening, answer));
        return HttpResponse.of(answer);
    }

    private static void decide(
            ServiceRequestContext context,
            HttpRequest request,
            Endpoint endpoint,
            Authentication authentication,
            Opening opening,
            CompletableFuture<HttpResponse> answer) {
        RequestHeaders headers = request.headers();
        try {
            Principal principal = authentication.authenticate(headers);
            Authentication.Credentials shown = Authentication.credentials(headers).orElseThrow();
            if (shown.byCookie()) {
                Authentication.requireSameOrigin(headers, true);
            }
            Origin origin =
                    Authentication.origin(
                            ApiService.address(context), ApiService.requestId(headers), headers);
            authentication.authorize(new Caller(principal, origin), endpoint);
            Map<String, List<String>> parameters = Parameters.parse(endpoint, context);
            Admitted admitted = new Admitted(principal, shown.token(), parameters);
            context.eventLoop()
                    .execute(() -> {
                        try {
                            answer.complete(opening.open(admitted));
                        } catch (Exception e) {
                            answer.completeExceptionally(e);
                        }
                    });
        } catch (BelfryException e) {
            boolean secure = context.sessionProtocol().isTls();
            answer.complete(response(Errors.reply(e), secure));
        } catch (RuntimeException e) {
            answer.completeExceptionally(e);
        }
    }

    private static HttpResponse response(Reply reply, boolean secure) {
        ResponseHeadersBuilder headers = ResponseHeaders.builder(reply.status());
        headers.add("content-type", reply.contentType());
        SecurityHeaders.add(headers, secure);
        reply.headers().forEach(headers::add);
        return HttpResponse.of(headers.build(), HttpData.wrap(reply.body(), 0, reply.length()));
    }
}
