package dev.belfry.server.http;

import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.logging.RequestLogProperty;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.HttpStatusException;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.ssl.AbstractSniHandler;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.AttributeKey;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Bounds connections: how many an address has, how long the head of a request of HTTP/1 takes, and
 * how many requests of HTTP/2 are in work on all of them. Safe for many threads.
 */
public final class Connections {
    /*
     *   bytes came, no request began ──► timer ──► a request began: timer ends
     *                                      └─ over: closed
     *
     * A connection that says nothing at all is left to the idle timeout. One of HTTP/2 is, too: its frames between
     * requests are nobody's head, and one connection counts once whatever its streams do. Those are counted apart:
     * each costs what a connection of HTTP/1 does.
     */
    private static final AttributeKey<Handler> HANDLER =
            AttributeKey.valueOf(Connections.class, "handler");

    /** Requests in work of one connection of HTTP/2; clients that know the protocol wait. */
    private static final int CONNECTION_STREAMS_MAX = 256;

    private final int addressMax;
    private final int streamsMax;
    private final Duration headMax;
    private final Consumer<String> refused;
    private final AtomicInteger streams = new AtomicInteger();
    private final Map<InetAddress, Integer> open = new ConcurrentHashMap<>();

    /**
     * No connection yet.
     *
     * @param addressMax connections of one address at once
     * @param streamsMax requests of HTTP/2 in work at once; one more is answered 503
     * @param headMax from the first byte of a request to the end of its head
     * @param refused is told why a connection was closed, {@code address} or {@code head}, and that
     *     a request was refused: {@code streams}
     */
    public Connections(int addressMax, int streamsMax, Duration headMax, Consumer<String> refused) {
        this.addressMax = addressMax;
        this.streamsMax = streamsMax;
        this.headMax = headMax;
        this.refused = refused;
    }

    /**
     * Has the bounds kept by what {@code builder} builds, for requests to services that are {@link
     * #watched}; they hold for all such together.
     */
    public void into(ServerBuilder builder) {
        builder.http2MaxStreamsPerConnection(CONNECTION_STREAMS_MAX)
                .childChannelPipelineCustomizer(pipeline -> {
                    Handler handler = new Handler();
                    pipeline.channel().attr(HANDLER).set(handler);
                    pipeline.addFirst(handler);
                    lookIn(pipeline, handler.heads);
                });
    }

    /** The same service, of whose requests the connections know. */
    public HttpService watched(HttpService service) {
        /* A decorator of all services would be found by a second routing of each request. */
        return service.decorate((delegate, context, request) -> {
            if (context.sessionProtocol().isMultiplex()) {
                return stream(delegate, context, request);
            }
            Handler handler = handler(context);
            if (handler != null) {
                handler.began();
                EventLoop eventLoop = context.eventLoop().withoutContext();
                request.whenComplete()
                        .handle((_, _) -> {
                            if (eventLoop.inEventLoop()) {
                                handler.ended();
                            } else {
                                eventLoop.execute(handler::ended);
                            }
                            return null;
                        });
            }
            return delegate.serve(context, request);
        });
    }

    /* The web server's own bound of a connection holds only for clients that have confirmed it. */
    private HttpResponse stream(
            HttpService delegate, ServiceRequestContext context, HttpRequest request)
            throws Exception {
        Handler handler = handler(context);
        boolean fits = streams.incrementAndGet() <= streamsMax;
        if (handler != null) {
            fits &= handler.inWork.incrementAndGet() <= CONNECTION_STREAMS_MAX;
        }
        if (!fits) {
            refused.accept("streams");
        }
        HttpResponse response =
                fits
                        ? delegate.serve(context, request)
                        : HttpResponse.ofFailure(
                                HttpStatusException.of(HttpStatus.SERVICE_UNAVAILABLE));
        response.whenComplete()
                .handle((_, _) -> {
                    if (handler != null) {
                        handler.inWork.decrementAndGet();
                    }
                    return streams.decrementAndGet();
                });
        return response;
    }

    /* Behind what makes plain bytes of TLS, where there is any. */
    private static void lookIn(ChannelPipeline pipeline, Heads heads) {
        HeadsHandler look = new HeadsHandler(heads);
        for (Map.Entry<String, ChannelHandler> entry : pipeline) {
            if (entry.getValue() instanceof SslHandler
                    || entry.getValue() instanceof AbstractSniHandler<?>) {
                pipeline.addAfter(entry.getKey(), null, look);
                return;
            }
        }
        pipeline.addFirst(look);
    }

    private static @Nullable Handler handler(ServiceRequestContext context) {
        Channel channel = context.log().ensureAvailable(RequestLogProperty.SESSION).channel();
        return channel == null ? null : channel.attr(HANDLER).get();
    }

    private boolean admits(InetAddress address) {
        return open.merge(address, 1, Integer::sum) <= addressMax;
    }

    private void leaves(InetAddress address) {
        open.computeIfPresent(address, (_, count) -> count == 1 ? null : count - 1);
    }

    /** One connection; on its event loop. */
    private final class Handler extends ChannelInboundHandlerAdapter {
        private final Heads heads = new Heads();
        private final AtomicInteger inWork = new AtomicInteger();
        private @Nullable InetAddress address;
        private @Nullable Future<?> timer;
        private int requests;
        private boolean begun;
        private boolean isNew = true;
        private @Nullable ChannelHandlerContext own;

        @Override
        public void handlerAdded(ChannelHandlerContext context) {
            own = context;
        }

        @Override
        public void channelActive(ChannelHandlerContext context) throws Exception {
            if (context.channel().remoteAddress() instanceof InetSocketAddress remote) {
                address = remote.getAddress();
            }
            if (address != null && !admits(address)) {
                refused.accept("address");
                context.close();
                return;
            }
            super.channelActive(context);
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) throws Exception {
            if (address != null) {
                leaves(address);
            }
            stop();
            super.channelInactive(context);
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
            begun = false;
            super.channelRead(context, message);
            /* Most bytes begin a request, and need none; others are of its body, or of a handshake before the first. */
            if (!begun && (heads.isInHead() || isNew) && context.channel().isActive()) {
                startTimer(context);
            }
        }

        private void startTimer(ChannelHandlerContext context) {
            if (requests == 0 && timer == null) {
                timer =
                        context.executor()
                                .schedule(
                                        () -> over(context),
                                        headMax.toMillis(),
                                        TimeUnit.MILLISECONDS);
            }
        }

        void began() {
            requests++;
            begun = true;
            isNew = false;
            stop();
        }

        /** The request is read to its end: what comes now is another's head. */
        void ended() {
            requests--;
            heads.ended();
            ChannelHandlerContext context = own;
            if (context != null && heads.isInHead()) {
                startTimer(context); // A part of it came before the request was read to its end.
            }
        }

        private void stop() {
            if (timer != null) {
                timer.cancel(false);
                timer = null;
            }
        }

        private void over(ChannelHandlerContext context) {
            timer = null;
            if (requests == 0 && context.pipeline().get(Http2ConnectionHandler.class) == null) {
                refused.accept("head");
                context.close();
            }
        }
    }
}
