package dev.belfry.server.scrape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Requests to a server on loopback. */
final class RequestsTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private HttpServer target;

    @BeforeEach
    void open() throws IOException {
        target = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 8);
        target.setExecutor(threads);
        target.start();
    }

    @AfterEach
    void close() {
        target.stop(0);
        threads.shutdownNow();
    }

    @Test
    @Timeout(20)
    void bodyThatTrickles_endsAtTheTimeout() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        target.createContext(
                "/",
                exchange -> {
                    exchange.sendResponseHeaders(200, 0);
                    try {
                        while (true) {
                            exchange.getResponseBody().write('a');
                            exchange.getResponseBody().flush();
                            Thread.sleep(1_000);
                        }
                    } catch (IOException | InterruptedException _) {
                        closed.countDown();
                    }
                });
        assertThatThrownBy(() -> get("/", Map.of(), Duration.ofSeconds(2), 1_000))
                .isInstanceOf(HttpTimeoutException.class);
        assertThat(closed.await(15, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void body_isBounded_asSentAndInflated() throws Exception {
        target.createContext("/plain", exchange -> answer(exchange, "a".repeat(1_000)));
        target.createContext(
                "/gzip",
                exchange -> {
                    ByteArrayOutputStream sent = new ByteArrayOutputStream();
                    try (GZIPOutputStream gzip = new GZIPOutputStream(sent)) {
                        gzip.write("a".repeat(1_000).getBytes(StandardCharsets.UTF_8));
                    }
                    exchange.getResponseHeaders().add("Content-Encoding", "gzip");
                    exchange.sendResponseHeaders(200, sent.size());
                    sent.writeTo(exchange.getResponseBody());
                    exchange.close();
                });
        for (String path : new String[] {"/plain", "/gzip"}) {
            assertThat(get(path, Map.of(), LONG, 1_000).length()).isEqualTo(1_000);
            assertThatThrownBy(() -> get(path, Map.of(), LONG, 999))
                    .hasMessage("body: more than 999 bytes (expected: less)");
        }
    }

    private static void answer(HttpExchange exchange, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private Requests.Answer get(
            String path, Map<String, ?> options, Duration timeout, long bytesMax)
            throws IOException, ScrapeException {
        HttpOptions http =
                new HttpOptions(new Settings("test", options, HttpOptions.KNOWN), Path.of(""));
        return new Requests(_ -> {}).get(uri(path), http, Map.of(), timeout, bytesMax);
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + target.getAddress().getPort() + path);
    }
}
