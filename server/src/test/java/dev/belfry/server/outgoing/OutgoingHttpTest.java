package dev.belfry.server.outgoing;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Calls to others, where they may go wrong. */
final class OutgoingHttpTest {
    @Test
    @Timeout(20)
    void bodyThatTrickles_isGivenUp() throws IOException {
        HttpServer other =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 8);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                OutgoingHttp http = new OutgoingHttp(false, Duration.ofSeconds(1))) {
            other.setExecutor(threads);
            other.createContext(
                    "/",
                    exchange -> {
                        exchange.sendResponseHeaders(200, 0);
                        try {
                            while (true) {
                                exchange.getResponseBody().write('a');
                                exchange.getResponseBody().flush();
                                Thread.sleep(1_000);
                            }
                        } catch (InterruptedException e) {
                            throw new IOException(e);
                        }
                    });
            other.start();
            URI uri = URI.create("http://127.0.0.1:" + other.getAddress().getPort() + "/");
            assertThatThrownBy(() -> http.send("GET", uri, Map.of(), null))
                    .hasMessage("127.0.0.1: no whole answer in time");
            threads.shutdownNow();
        } finally {
            other.stop(0);
        }
    }
}
