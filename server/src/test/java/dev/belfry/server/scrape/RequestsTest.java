package dev.belfry.server.scrape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import dev.belfry.testkit.Certificates;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Requests to a server on loopback. */
final class RequestsTest {
    private static final Duration LONG = Duration.ofSeconds(20);

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

    @Test
    void locationThatIsNone_isAnError() {
        target.createContext("/", exchange -> lead(exchange, "http://a b/{"));
        assertThatThrownBy(() -> get("/", Map.of(), LONG, 1_000))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("Location: ");
    }

    @Test
    void secretsInFiles_thatCannotBeSent_areAnError_andNotShown() throws Exception {
        Path secret = Files.writeString(files.resolve("token"), "hunter\n2");
        target.createContext("/", exchange -> answer(exchange, "a"));
        assertThatThrownBy(
                        () -> get("/", Map.of("bearer_token_file", secret.toString()), LONG, 1_000))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("Authorization: a value that cannot be sent");
    }

    @Test
    void credentials_areForTheFirstServerOnly_alsoWhenItIsLedBackTo() throws Exception {
        Map<String, Object> options =
                Map.of(
                        "basic_auth", Map.of("username", "u", "password", "p"),
                        "http_headers", Map.of("X-Tenant", Map.of("secrets", List.of("s"))));
        HttpServer other =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 8);
        other.createContext("/stays", RequestsTest::echo);
        other.createContext("/back", exchange -> lead(exchange, uri("/own").toString()));
        other.start();
        target.createContext("/own", RequestsTest::echo);
        target.createContext("/same", exchange -> lead(exchange, "own"));
        String there = "http://127.0.0.1:" + other.getAddress().getPort();
        target.createContext("/away", exchange -> lead(exchange, there + "/stays"));
        target.createContext("/round", exchange -> lead(exchange, there + "/back"));
        try {
            assertThat(get("/own", options, LONG, 1_000)).isEqualTo("Basic dTpw s");
            assertThat(get("/same", options, LONG, 1_000)).isEqualTo("Basic dTpw s");
            assertThat(get("/away", options, LONG, 1_000)).isEqualTo("null null");
            assertThat(get("/round", options, LONG, 1_000)).isEqualTo("null null");
        } finally {
            other.stop(0);
        }
    }

    @Test
    void credentials_areNotSentFromTlsToNone() throws Exception {
        Certificates.Pair pair = Certificates.make(files, "server", "EC");
        HttpsServer secure = secure(pair);
        target.createContext("/", RequestsTest::echo);
        secure.createContext("/", exchange -> lead(exchange, uri("/plain").toString()));
        secure.createContext("/own", RequestsTest::echo);
        secure.start();
        Map<String, Object> options =
                Map.of(
                        "bearer_token",
                        "t",
                        "tls_config",
                        Map.of("ca_file", pair.certificate().toString()));
        try {
            assertThat(get(uri(secure, "/own"), options)).isEqualTo("Bearer t null");
            assertThat(get(uri(secure, "/"), options)).isEqualTo("null null");
        } finally {
            secure.stop(0);
        }
    }

    @Test
    void clientCertificate_isForTheFirstServerOnly() throws Exception {
        Certificates.Pair pair = Certificates.make(files, "both", "EC");
        HttpsServer first = secure(pair);
        HttpsServer second = secure(pair);
        for (HttpsServer each : List.of(first, second)) {
            each.createContext("/shown", RequestsTest::peer);
            each.start();
        }
        first.createContext("/away", exchange -> lead(exchange, uri(second, "/shown").toString()));
        Map<String, Object> options =
                Map.of(
                        "tls_config",
                        Map.of(
                                "ca_file", pair.certificate().toString(),
                                "cert_file", pair.certificate().toString(),
                                "key_file", pair.key().toString(),
                                "min_version", "TLS12",
                                "max_version", "TLS12"));
        try {
            assertThat(get(uri(first, "/shown"), options)).isEqualTo("CN=both TLSv1.2");
            assertThat(get(uri(first, "/away"), options)).isEqualTo("nobody TLSv1.2");
        } finally {
            first.stop(0);
            second.stop(0);
        }
    }

    @Test
    void server_isKnownByItsName_theGivenOneWhereThereIsOne() throws Exception {
        Certificates.Pair pair = Certificates.make(files, "named", "EC");
        HttpsServer secure = secure(pair);
        secure.createContext("/", exchange -> answer(exchange, "a"));
        secure.start();
        String authority = pair.certificate().toString();
        try {
            assertThat(get(uri(secure, "/"), tls(authority, "localhost"))).isEqualTo("a");
            assertThatThrownBy(() -> get(uri(secure, "/"), tls(authority, "other.example")))
                    .isInstanceOf(SSLException.class)
                    .hasMessageContaining("other.example");
            assertThatThrownBy(() -> get(uri(secure, "/"), Map.of()))
                    .isInstanceOf(SSLException.class);
            assertThat(
                            get(
                                    uri(secure, "/"),
                                    Map.of("tls_config", Map.of("insecure_skip_verify", true))))
                    .isEqualTo("a");
        } finally {
            secure.stop(0);
        }
    }

    private static Map<String, ?> tls(String authority, String name) {
        return Map.of("tls_config", Map.of("ca_file", authority, "server_name", name));
    }

    /* Asks for a certificate, and goes on without one. */
    static HttpsServer secure(Certificates.Pair pair) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(pair.store())) {
            store.load(in, Certificates.password().toCharArray());
        }
        KeyManagerFactory keys =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, Certificates.password().toCharArray());
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("it", store.getCertificate("it"));
        TrustManagerFactory trust =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        HttpsServer server =
                HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 8);
        server.setHttpsConfigurator(
                new HttpsConfigurator(context) {
                    @Override
                    public void configure(HttpsParameters parameters) {
                        SSLParameters wanted = context.getDefaultSSLParameters();
                        wanted.setWantClientAuth(true);
                        parameters.setSSLParameters(wanted);
                    }
                });
        return server;
    }

    private static void peer(HttpExchange exchange) throws IOException {
        SSLSession session = ((HttpsExchange) exchange).getSSLSession();
        String name;
        try {
            name = session.getPeerPrincipal().getName();
        } catch (SSLPeerUnverifiedException _) {
            name = "nobody";
        }
        answer(exchange, name + " " + session.getProtocol());
    }

    private static void echo(HttpExchange exchange) throws IOException {
        var headers = exchange.getRequestHeaders();
        answer(exchange, headers.getFirst("Authorization") + " " + headers.getFirst("X-Tenant"));
    }

    private static void lead(HttpExchange exchange, String location) throws IOException {
        exchange.getResponseHeaders().add("Location", location);
        exchange.sendResponseHeaders(302, -1);
        exchange.close();
    }

    private static URI uri(HttpServer server, String path) {
        return URI.create("https://127.0.0.1:" + server.getAddress().getPort() + path);
    }

    private static void answer(HttpExchange exchange, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private String get(String path, Map<String, ?> options, Duration timeout, long bytesMax)
            throws IOException, ScrapeException {
        return get(uri(path), options, timeout, bytesMax);
    }

    private static String get(URI uri, Map<String, ?> options) throws IOException, ScrapeException {
        return get(uri, options, LONG, 1_000);
    }

    private static String get(URI uri, Map<String, ?> options, Duration timeout, long bytesMax)
            throws IOException, ScrapeException {
        HttpOptions http =
                new HttpOptions(new Settings("test", options, HttpOptions.KNOWN), Path.of(""));
        try (Requests requests = new Requests(RequestsTest::addresses);
                Requests.Session session = new Requests.Session();
                Requests.Answer answer =
                        requests.get(
                                session,
                                new Requests.Request(
                                        uri, http, Map.of(), true, timeout, bytesMax))) {
            return new String(answer.body(), 0, answer.length(), StandardCharsets.UTF_8);
        }
    }

    private static List<InetAddress> addresses(URI uri) throws IOException {
        return List.of(InetAddress.getAllByName(uri.getHost()));
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + target.getAddress().getPort() + path);
    }
}
