package dev.belfry.server;

import com.linecorp.armeria.common.SessionProtocol;
import com.linecorp.armeria.common.metric.NoopMeterRegistry;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import dev.belfry.server.config.Config;
import dev.belfry.server.config.Key;
import dev.belfry.server.config.Keys;
import dev.belfry.server.events.TailService;
import dev.belfry.server.http.Connections;
import dev.belfry.server.http.ErrorAnswers;
import dev.belfry.server.logging.Log;
import dev.belfry.server.metrics.Counter;
import dev.belfry.server.metrics.Registry;
import dev.belfry.server.receive.OtlpPorts;
import dev.belfry.server.tls.Tls;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Where and how Belfry listens: the main port, and those of OTLP. */
final class Ports {
    /** Reads of 64 KiB of one connection before others have their turn: large bodies take many. */
    private static final int READS_MAX = 2;

    private static final int URL_BYTES_MAX = 32 << 10;
    private static final int HEADER_BYTES_MAX = 32 << 10;
    private static final long IDLE_MILLIS = 120_000;

    private static final long ENDING_MILLIS = 2_500;

    private final Config config;
    private final Optional<Tls> tls;
    private final Connections connections;
    private final EventLoopGroup loops;
    private final Log log;

    Ports(Config config, Optional<Tls> tls, Registry registry, EventLoopGroup loops, Log log) {
        this.config = config;
        this.tls = tls;
        this.loops = loops;
        this.log = log;
        Counter refused =
                registry.counter(
                        "http_connections_refused_total",
                        "Connections closed since their address has too many, or their request's"
                                + " head did not come; requests of HTTP/2 refused since there are"
                                + " too many.",
                        "reason");
        connections =
                new Connections(
                        Math.toIntExact(config.get(Keys.CONNECTIONS_ADDRESS_MAX)),
                        Math.toIntExact(config.get(Keys.CONNECTIONS_MAX)),
                        config.get(Keys.HEAD_MAX),
                        refused::increment);
    }

    /** The main port, where {@code tail} is served at its path and {@code api} elsewhere. */
    Server main(HttpService tail, HttpService api) {
        return listener(address(config.get(Keys.SERVER_PORT)))
                .service(TailService.PATH, connections.watched(tail))
                .serviceUnder("/", connections.watched(api))
                .build();
    }

    /** A port at {@code address} that serves {@code api}. */
    Server at(InetSocketAddress address, HttpService api) {
        return listener(address).serviceUnder("/", connections.watched(api)).build();
    }

    private ServerBuilder listener(InetSocketAddress address) {
        ServerBuilder builder = Server.builder();
        tls.ifPresent(found -> found.into(builder));
        connections.into(builder);
        return builder.port(address, tls.isPresent() ? SessionProtocol.HTTPS : SessionProtocol.HTTP)
                // Else it asks a program for the machine's.
                .defaultHostname("belfry")
                .workerGroup(loops, false)
                .childChannelOption(
                        ChannelOption.RCVBUF_ALLOCATOR,
                        new AdaptiveRecvByteBufAllocator().maxMessagesPerRead(READS_MAX))
                .meterRegistry(NoopMeterRegistry.get())
                .maxNumConnections(Math.toIntExact(config.get(Keys.CONNECTIONS_MAX)))
                .http1MaxInitialLineLength(URL_BYTES_MAX)
                .http1MaxHeaderSize(HEADER_BYTES_MAX)
                .http2MaxHeaderListSize(HEADER_BYTES_MAX)
                .maxRequestLength(0)
                .requestTimeoutMillis(0)
                .idleTimeoutMillis(IDLE_MILLIS)
                .gracefulShutdownTimeoutMillis(0, ENDING_MILLIS)
                .errorHandler(new ErrorAnswers());
    }

    /** Where the page and the API are, when the main port is {@code port}. */
    String url(int port) {
        String host = config.get(Keys.SERVER_LISTEN);
        boolean any = host.equals("0.0.0.0") || host.equals("::") || host.equals("[::]");
        String scheme = tls.isPresent() ? "https://" : "http://";
        return scheme + (any ? "127.0.0.1" : host) + ":" + port;
    }

    /** Says so in the log when the network can read what comes in. */
    void warnOfOpenNetwork() {
        String host = host();
        boolean local = host.equals("localhost") || host.startsWith("127.") || host.equals("::1");
        if (!local && tls.isEmpty()) {
            log.warn(
                    "server",
                    "server.listen: "
                            + host
                            + " opens Belfry to the network without TLS: passwords and keys can be"
                            + " read on the way (expected: tls.certificate and tls.key, or a proxy"
                            + " that speaks TLS)",
                    Map.of());
        }
    }

    /** A port of OTLP that is being opened; done from the beginning when it is not wanted. */
    record Opening(Key<Long> key, CompletableFuture<Integer> port) {}

    /** Begins to open the port that {@code key} says. */
    Opening open(OtlpPorts otlp, Key<Long> key) {
        long port = config.get(key);
        return new Opening(
                key, port == 0 ? CompletableFuture.completedFuture(0) : otlp.open(address(port)));
    }

    /**
     * Waits until it is open. A default port that is taken is no reason not to start; one that was
     * asked for is.
     */
    void await(Opening opening) throws StartException {
        Key<Long> key = opening.key();
        try {
            opening.port().join();
        } catch (CompletionException e) {
            long port = config.get(key);
            if (!config.origin(key).equals("default")) {
                throw StartException.port(key.name(), port, e);
            }
            log.warn(
                    "server",
                    key.name() + ": " + port + " is taken; OTLP is at the main port all the same",
                    Map.of("port", port));
        }
    }

    private InetSocketAddress address(long port) {
        return new InetSocketAddress(host(), Math.toIntExact(port));
    }

    /* Without the brackets of IPv6. */
    private String host() {
        return config.get(Keys.SERVER_LISTEN).replaceAll("^\\[|]$", "");
    }
}
