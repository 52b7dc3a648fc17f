package dev.belfry.server.scrape;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsServer;
import dev.belfry.testkit.Certificates;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests with a token of OAuth 2.0, and by a proxy. */
final class TokenAndProxyTest {
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    @TempDir private Path files;
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
    void oauth2_token_isShown_untilItEnds() throws Exception {
        Queue<String> asked = new ConcurrentLinkedQueue<>();
        target.createContext(
                "/token",
                exchange -> {
                    asked.add(
                            exchange.getRequestMethod()
                                    + " "
                                    + exchange.getRequestHeaders().getFirst("Authorization")
                                    + " "
                                    + new String(exchange.getRequestBody().readAllBytes(), UTF_8));
                    /* The first one ends at once, as it is not used in its last ten seconds. */
                    String expires = asked.size() == 1 ? "\"5\"" : "3600";
                    answer(
                            exchange,
                            "{\"access_token\":\"t"
                                    + asked.size()
                                    + "\",\"token_type\":\"bearer\",\"expires_in\":"
                                    + expires
                                    + "}");
                });
        target.createContext("/", TokenAndProxyTest::echo);
        HttpOptions options =
                options(
                        Map.of(
                                "client_id",
                                "a:b",
                                "client_secret",
                                "s&ü",
                                "scopes",
                                List.of("read", "all"),
                                "endpoint_params",
                                Map.of("audience", "x y"),
                                "token_url",
                                uri("/token").toString()));
        assertThat(get(uri("/"), options)).isEqualTo("Bearer t1");
        assertThat(get(uri("/"), options)).isEqualTo("Bearer t2");
        assertThat(get(uri("/"), options)).isEqualTo("Bearer t2");
        String pair = Base64.getEncoder().encodeToString("a%3Ab:s%26%C3%BC".getBytes(US_ASCII));
        String form = "grant_type=client_credentials&scope=read+all&audience=x+y";
        assertThat(asked)
                .containsExactly(
                        "POST Basic " + pair + " " + form, "POST Basic " + pair + " " + form);
    }

    @Test
    void oauth2_serverThatWantsTheSecretInTheForm_isGivenIt_fromThenOn() throws Exception {
        AtomicInteger refused = new AtomicInteger();
        target.createContext(
                "/token",
                exchange -> {
                    String form = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
                    if (form.endsWith("&client_id=a&client_secret=s3cret")) {
                        answer(exchange, "{\"access_token\":\"t\",\"expires_in\":1}");
                    } else {
                        refused.incrementAndGet();
                        exchange.sendResponseHeaders(401, -1);
                        exchange.close();
                    }
                });
        target.createContext("/", TokenAndProxyTest::echo);
        Path secret = Files.writeString(files.resolve("secret"), "s3cret\n");
        HttpOptions options =
                options(
                        Map.of(
                                "client_id",
                                "a",
                                "client_secret_file",
                                secret.toString(),
                                "token_url",
                                uri("/token").toString()));
        for (int i = 0; i < 3; i++) {
            assertThat(get(uri("/"), options)).isEqualTo("Bearer t");
        }
        assertThat(refused).hasValue(1);
    }

    @Test
    void oauth2_withoutAToken_isAnError_thatTellsNoSecret() throws Exception {
        target.createContext("/no", exchange -> answer(exchange, "{\"error\":\"s3cret\"}"));
        target.createContext(
                "/refused",
                exchange -> {
                    exchange.sendResponseHeaders(403, -1);
                    exchange.close();
                });
        target.createContext("/", TokenAndProxyTest::echo);
        Map<String, String> problems =
                Map.of("/no", "no token in its answer", "/refused", "HTTP status 403");
        for (Map.Entry<String, String> each : problems.entrySet()) {
            HttpOptions options =
                    options(
                            Map.of(
                                    "client_id",
                                    "a",
                                    "client_secret",
                                    "s3cret",
                                    "token_url",
                                    uri(each.getKey()).toString()));
            assertThatThrownBy(() -> get(uri("/"), options))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("oauth2: 127.0.0.1: ")
                    .hasMessageContaining(each.getValue())
                    .hasMessageNotContaining("s3cret");
        }
    }

    @Test
    void proxy_getsWholeUrls_andItsOwnCredentials() throws Exception {
        target.createContext(
                "/",
                exchange ->
                        answer(
                                exchange,
                                exchange.getRequestURI()
                                        + " "
                                        + exchange.getRequestHeaders().getFirst("Host")
                                        + " "
                                        + exchange.getRequestHeaders()
                                                .getFirst("Proxy-Authorization")));
        String proxy = "http://u:p@127.0.0.1:" + target.getAddress().getPort();
        String user = Base64.getEncoder().encodeToString("u:p".getBytes(US_ASCII));
        assertThat(get(URI.create("http://nowhere.test/metrics?a=b"), Map.of("proxy_url", proxy)))
                .isEqualTo("http://nowhere.test:80/metrics?a=b nowhere.test Basic " + user);
    }

    @Test
    void proxy_tunnelsTls_whichNoCredentialsOfItsGoInto() throws Exception {
        HttpsServer server = RequestsTest.secure(Certificates.make(files, "server", "EC"));
        server.createContext(
                "/",
                exchange ->
                        answer(
                                exchange,
                                "" + exchange.getRequestHeaders().getFirst("Proxy-Authorization")));
        server.start();
        Queue<String> heads = new ConcurrentLinkedQueue<>();
        try (ServerSocket proxy = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
            threads.execute(() -> tunnel(proxy, server.getAddress().getPort(), heads));
            Map<String, Object> options =
                    Map.of(
                            "proxy_url",
                            "http://u:p@127.0.0.1:" + proxy.getLocalPort(),
                            "proxy_connect_header",
                            Map.of("X-Zone", List.of("a")),
                            "tls_config",
                            Map.of("insecure_skip_verify", true));
            assertThat(get(URI.create("https://nowhere.test:444/"), options)).isEqualTo("null");
        } finally {
            server.stop(0);
        }
        assertThat(heads)
                .startsWith("CONNECT nowhere.test:444 HTTP/1.1", "Host: nowhere.test:444")
                .contains("X-Zone: a", "Proxy-Authorization: Basic dTpw");
    }

    /* Takes one CONNECT and joins it with the server at {@code port}. */
    private void tunnel(ServerSocket proxy, int port, Queue<String> heads) {
        try (Socket client = proxy.accept();
                Socket server = new Socket(InetAddress.getLoopbackAddress(), port)) {
            StringBuilder line = new StringBuilder();
            while (true) {
                int next = client.getInputStream().read();
                if (next != '\n') {
                    line.append((char) next);
                    continue;
                }
                if (line.toString().isBlank()) {
                    break;
                }
                heads.add(line.toString().strip());
                line.setLength(0);
            }
            client.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\n".getBytes(US_ASCII));
            threads.execute(() -> copy(server, client));
            copy(client, server);
        } catch (IOException e) {
            heads.add(e.toString());
        }
    }

    private static void copy(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException _) {
            // The other side is through.
        }
    }

    private static HttpOptions options(Map<String, ?> oauth) throws ScrapeException {
        return new HttpOptions(
                new Settings("test", Map.of("oauth2", oauth), HttpOptions.KNOWN), Path.of(""));
    }

    private static void echo(HttpExchange exchange) throws IOException {
        answer(exchange, exchange.getRequestHeaders().getFirst("Authorization"));
    }

    private static void answer(HttpExchange exchange, String text) throws IOException {
        byte[] body = text.getBytes(UTF_8);
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private static String get(URI uri, Map<String, ?> options) throws IOException, ScrapeException {
        return get(
                uri,
                new HttpOptions(new Settings("test", options, HttpOptions.KNOWN), Path.of("")));
    }

    private static String get(URI uri, HttpOptions http) throws IOException {
        try (Requests requests =
                        new Requests(to -> List.of(InetAddress.getAllByName(to.getHost())));
                Requests.Session session = new Requests.Session();
                Requests.Answer answer =
                        requests.get(
                                session,
                                new Requests.Request(
                                        uri,
                                        http,
                                        Map.of(),
                                        true,
                                        Duration.ofSeconds(20),
                                        1_000))) {
            return new String(answer.body(), 0, answer.length(), UTF_8);
        }
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + target.getAddress().getPort() + path);
    }
}
