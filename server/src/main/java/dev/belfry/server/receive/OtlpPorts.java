package dev.belfry.server.receive;

import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.Server;
import dev.belfry.server.http.Ending;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;

/** The ports beside the main one, where OTLP's clients look for it; they serve nothing else. */
public final class OtlpPorts {
    private final List<Server> servers = new ArrayList<>();
    private final BiFunction<InetSocketAddress, HttpService, Server> ports;
    private final HttpService api;

    /**
     * No port yet.
     *
     * @param ports makes a server that listens at an address and serves one service
     * @param api answers the requests
     */
    public OtlpPorts(BiFunction<InetSocketAddress, HttpService, Server> ports, HttpService api) {
        this.ports = ports;
        this.api = api;
    }

    /**
     * Begins to open {@code address}, of port 0 for a free one.
     *
     * @return the port that it is, or why it cannot be had
     */
    public CompletableFuture<Integer> open(InetSocketAddress address) {
        // A server whose port is taken tells so only after it has rested for two seconds.
        try (SocketChannel look = SocketChannel.open()) {
            look.setOption(StandardSocketOptions.SO_REUSEADDR, true).bind(address);
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        }
        HttpService logsOnly =
                (context, request) ->
                        OtlpEndpoints.PATHS.stream().anyMatch(context.path()::startsWith)
                                ? api.serve(context, request)
                                : HttpResponse.of(HttpStatus.NOT_FOUND);
        Server server = ports.apply(address, logsOnly);
        servers.add(server);
        return server.start().thenApply(_ -> server.activeLocalPort());
    }

    /** Ends what is in work, and gives the ports back. */
    public CompletableFuture<Void> stop() {
        return CompletableFuture.allOf(
                servers.stream().map(Ending::of).toArray(CompletableFuture[]::new));
    }
}
