package dev.belfry.server.events;

import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.websocket.WebSocket;
import com.linecorp.armeria.common.websocket.WebSocketCloseStatus;
import com.linecorp.armeria.common.websocket.WebSocketFrame;
import com.linecorp.armeria.common.websocket.WebSocketWriter;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import com.linecorp.armeria.server.websocket.WebSocketService;
import com.linecorp.armeria.server.websocket.WebSocketServiceHandler;
import dev.belfry.identity.Permission;
import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.query.Engine;
import dev.belfry.query.EventFilter;
import dev.belfry.server.http.Access;
import dev.belfry.server.http.Authentication;
import dev.belfry.server.http.Endpoint;
import dev.belfry.server.http.Parameter;
import dev.belfry.server.http.Sockets;
import dev.belfry.server.metrics.OwnMetrics;
import dev.belfry.server.threads.Niceness;
import dev.belfry.store.AppliedBatch;
import io.netty.util.AttributeKey;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/** Live tail by WebSocket: events that meet a filter, as they become readable. */
public final class TailService implements HttpService, AutoCloseable {
    /** Where it is. */
    public static final String PATH = "/api/v1/monitoring/events/tail";

    static final int CLIENTS_MAX = 200;
    private static final int FRAME_BYTES_MAX = 4096;
    private static final long BATCH_BYTES_MAX = 16L << 20;

    /* Receiving goes first. */
    private static final int MATCHERS = Runtime.getRuntime().availableProcessors();
    private static final int NICENESS = 5;

    private static final AttributeKey<Sockets.Admitted> ADMITTED =
            AttributeKey.valueOf(TailService.class, "ADMITTED");

    private final Authentication authentication;
    private final OwnMetrics metrics;
    private final LongSupplier nowNanos;
    private final Endpoint endpoint = declare();
    private final Set<TailClient> clients = ConcurrentHashMap.newKeySet();
    private final RecentBatches batches = new RecentBatches(BATCH_BYTES_MAX);
    private final TailClient.Shared shared;
    private final WebSocketService sockets;
    private final HttpService plain;

    /**
     * Tails {@code engine}.
     *
     * @param plain answers requests that are no WebSocket's
     */
    public TailService(
            Supplier<Engine> engine,
            Authentication authentication,
            HttpService plain,
            OwnMetrics metrics,
            LongSupplier nowNanos) {
        this.shared =
                new TailClient.Shared(
                        engine,
                        authentication,
                        metrics,
                        batches,
                        new AtomicLong(),
                        Niceness.pool(MATCHERS, "belfry-tail-", NICENESS));
        this.authentication = authentication;
        this.plain = plain;
        this.metrics = metrics;
        this.nowNanos = nowNanos;
        WebSocketServiceHandler handler = this::open;
        this.sockets =
                WebSocketService.builder(handler)
                        .maxFramePayloadLength(FRAME_BYTES_MAX)
                        .allowedOrigin(_ -> true)
                        .build();
    }

    /** The declaration, for the documentation and for requests that are no WebSocket's. */
    public static Endpoint declare() {
        List<Parameter> parameters =
                Filters.PARAMETERS.stream()
                        .filter(parameter ->
                                !Set.of("timeout", "consistency", "start_time", "end_time")
                                        .contains(parameter.name()))
                        .toList();
        return Endpoint.of(
                        "GET",
                        PATH,
                        Access.of(Permission.EVENTS_READ),
                        "Events",
                        "Live tail by WebSocket: frames {type: event, data}, {type: dropped, count},"
                                + " {type: heartbeat}",
                        _ -> {
                            throw new BelfryException(
                                    ErrorCode.VALIDATION_ERROR,
                                    "Upgrade: none (expected: a WebSocket)");
                        })
                .with(parameters);
    }

    /** Hands what the store has just made readable to the clients; never waits. */
    public void accept(AppliedBatch batch) {
        if (clients.isEmpty()) {
            batches.clear();
            return;
        }
        batches.add(batch);
        clients.forEach(TailClient::wake);
    }

    @Override
    public HttpResponse serve(ServiceRequestContext context, HttpRequest request) throws Exception {
        if (!Sockets.isUpgrade(request.headers())) {
            return plain.serve(context, request);
        }
        return Sockets.admit(
                context,
                request,
                endpoint,
                authentication,
                admitted -> {
                    context.setAttr(ADMITTED, admitted);
                    return sockets.serve(context, Sockets.withOrigin(context, request));
                });
    }

    /** Ends all tails. */
    @Override
    public void close() {
        clients.forEach(client -> client.end(WebSocketCloseStatus.ENDPOINT_UNAVAILABLE));
    }

    /** How Armeria knows that this path is a WebSocket's. */
    @Override
    public <T> @Nullable T as(Class<T> type) {
        return type.isInstance(this) ? type.cast(this) : sockets.as(type);
    }

    private WebSocket open(ServiceRequestContext context, WebSocket in) {
        WebSocketWriter out = WebSocket.streaming();
        Sockets.Admitted admitted = context.attr(ADMITTED);
        if (admitted == null || clients.size() >= CLIENTS_MAX) {
            in.abort();
            out.close(WebSocketCloseStatus.TRY_AGAIN_LATER);
            return out;
        }
        Optional<EventFilter> filter;
        try {
            filter = Filters.of(admitted.parameters(), admitted.principal(), nowNanos.getAsLong());
        } catch (BelfryException e) {
            in.abort();
            out.close(WebSocketCloseStatus.POLICY_VIOLATION, String.valueOf(e.getMessage()));
            return out;
        }
        TailClient client = new TailClient(shared, filter.orElse(null), admitted, out);
        clients.add(client);
        metrics.sockets.increment();
        metrics.socketsActive.add(1);
        in.subscribe(new Listening(client), context.eventLoop());
        out.whenComplete()
                .handle((_, failure) -> {
                    if (failure == null) {
                        client.gone();
                    } else {
                        client.broken();
                    }
                    clients.remove(client);
                    metrics.socketsActive.add(-1);
                    return null;
                });
        client.start();
        return out;
    }

    /** Clients say nothing that matters; when they close, the tail ends. */
    private record Listening(TailClient client) implements Subscriber<WebSocketFrame> {
        @Override
        public void onSubscribe(Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(WebSocketFrame frame) {
            frame.close();
        }

        @Override
        public void onError(Throwable failure) {
            client.broken();
        }

        @Override
        public void onComplete() {
            client.end(WebSocketCloseStatus.NORMAL_CLOSURE);
        }
    }
}
