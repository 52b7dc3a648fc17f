package dev.belfry.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belfry.model.disk.Disk;
import dev.belfry.server.config.ConfigLoader;
import dev.belfry.testkit.Certificates;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS by files: who is let in, renewed certificates, and what stops the start. */
final class TlsTest {
    @TempDir private Path folder;

    @Test
    void https_works_byEachKindOfKey_andPlainDoesNot() throws Exception {
        for (String algorithm : List.of("EC", "RSA")) {
            Certificates.Pair pair = Certificates.make(folder, algorithm, algorithm);
            try (BelfryServer server = start(pair.certificate(), pair.key())) {
                HttpResponse<String> answer =
                        get(client(pair, Optional.empty()), server, "/api/v1/health/live");
                assertThat(answer.statusCode()).isEqualTo(200);
                assertThat(answer.headers().firstValue("strict-transport-security"))
                        .hasValueSatisfying(value -> assertThat(value).contains("max-age="));
                HttpResponse<String> login = login(client(pair, Optional.empty()), server);
                assertThat(login.headers().firstValue("set-cookie").orElse(""))
                        .contains("; Secure", "; HttpOnly", "SameSite=Strict");
                assertThat(server.address()).startsWith("https://");
                try (Socket plain = new Socket("127.0.0.1", server.port())) {
                    plain.getOutputStream()
                            .write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                    assertThat(
                                    new String(
                                            plain.getInputStream().readAllBytes(),
                                            StandardCharsets.US_ASCII))
                            .doesNotContain("200 OK");
                } catch (IOException e) {
                    assertThat(e).isNotNull();
                }
            }
        }
    }

    @Test
    void oldProtocols_areRefused() throws Exception {
        Certificates.Pair pair = Certificates.make(folder, "min", "EC");
        try (BelfryServer server = start(pair.certificate(), pair.key())) {
            assertThat(protocol(pair, server, "TLSv1.2")).isEqualTo("TLSv1.2");
        }
        try (BelfryServer server =
                start(pair.certificate(), pair.key(), "--tls.min_version", "1.3")) {
            assertThat(protocol(pair, server, "TLSv1.3")).isEqualTo("TLSv1.3");
            assertThatThrownBy(() -> protocol(pair, server, "TLSv1.2"))
                    .isInstanceOf(SSLException.class);
        }
    }

    @Test
    void renewedFiles_areUsedWithoutARestart_andBadOnesAreNot() throws Exception {
        Certificates.Pair first = Certificates.make(folder, "first", "EC");
        Certificates.Pair second = Certificates.make(folder, "second", "RSA");
        Path certificate = Files.copy(first.certificate(), folder.resolve("used.pem"));
        Path key = Files.copy(first.key(), folder.resolve("used.key"));
        try (BelfryServer server = start(certificate, key)) {
            assertThat(subject(server)).isEqualTo("CN=first");
            try (SSLSocket standing = socket(trusting(first), server)) {
                standing.startHandshake();
                Files.copy(second.certificate(), certificate, StandardCopyOption.REPLACE_EXISTING);
                String half = Waiting.until(() -> subject(server), "CN=first"::equals);
                assertThat(half).isEqualTo("CN=first");
                Files.copy(second.key(), key, StandardCopyOption.REPLACE_EXISTING);
                assertThat(Waiting.until(() -> subject(server), "CN=second"::equals))
                        .isEqualTo("CN=second");
                Files.writeString(key, "nonsense", StandardOpenOption.TRUNCATE_EXISTING);
                assertThat(subject(server)).isEqualTo("CN=second");
                standing.getOutputStream()
                        .write(
                                "GET /health/live HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
                                        .getBytes(StandardCharsets.US_ASCII));
                InputStream answer = standing.getInputStream();
                assertThat(new String(answer.readAllBytes(), StandardCharsets.US_ASCII))
                        .startsWith("HTTP/1.1 200");
            }
        }
    }

    @Test
    void clientCertificates_areAskedForWhereACaIsGiven() throws Exception {
        Certificates.Pair server = Certificates.make(folder, "server", "EC");
        Certificates.Pair friend = Certificates.make(folder, "friend", "EC");
        Certificates.Pair stranger = Certificates.make(folder, "stranger", "EC");
        try (BelfryServer running =
                start(
                        server.certificate(),
                        server.key(),
                        "--tls.client_ca",
                        friend.certificate().toString())) {
            String path = "/api/v1/health/live";
            assertThat(get(client(server, Optional.of(friend)), running, path).statusCode())
                    .isEqualTo(200);
            assertThatThrownBy(() -> get(client(server, Optional.empty()), running, path))
                    .isInstanceOf(IOException.class);
            assertThatThrownBy(() -> get(client(server, Optional.of(stranger)), running, path))
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void badFiles_stopTheStart_inOneLine() throws Exception {
        Certificates.Pair one = Certificates.make(folder, "one", "EC");
        Certificates.Pair other = Certificates.make(folder, "other", "EC");
        Certificates.Pair rsa = Certificates.make(folder, "rsa", "RSA");
        Path empty = Files.createFile(folder.resolve("empty.pem"));
        refused(one.certificate(), other.key(), "tls.key", "the key of the certificate");
        refused(one.certificate(), rsa.key(), "tls.key", "EC");
        refused(one.certificate(), empty, "tls.key", "BEGIN PRIVATE KEY");
        refused(empty, one.key(), "tls.certificate", "certificates in PEM");
        Certificates.Pair edwards = Certificates.make(folder, "edwards", "Ed25519");
        refused(edwards.certificate(), edwards.key(), "EdDSA", "RSA or EC");
        refused(folder.resolve("none"), one.key(), "tls.certificate", "can be read");
        assertThatThrownBy(() -> begin("--tls.key", one.key().toString()))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("tls.certificate: is missing");
    }

    private void refused(Path certificate, Path key, String... said) {
        assertThatThrownBy(() -> start(certificate, key))
                .isInstanceOf(StartException.class)
                .message()
                .contains(said)
                .doesNotContain("\n");
    }

    private BelfryServer start(Path certificate, Path key, String... more) throws Exception {
        List<String> flags =
                new ArrayList<>(
                        List.of(
                                "--tls.certificate",
                                certificate.toString(),
                                "--tls.key",
                                key.toString()));
        flags.addAll(List.of(more));
        return begin(flags.toArray(String[]::new));
    }

    private BelfryServer begin(String... more) throws Exception {
        Path data = Files.createTempDirectory(folder, "data");
        List<String> flags = new ArrayList<>(List.of("--port", "0", "--data", data.toString()));
        flags.addAll(List.of(more));
        Map<String, String> variables = Map.of("BELFRY_ADMIN_PASSWORD", TestServer.PASSWORD);
        return BelfryServer.start(
                ConfigLoader.load(flags, variables, data), Disk.real(), InstantSource.system());
    }

    private static HttpResponse<String> get(HttpClient client, BelfryServer server, String path)
            throws Exception {
        try (client) {
            HttpRequest request =
                    HttpRequest.newBuilder(URI.create("https://localhost:" + server.port() + path))
                            .build();
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        }
    }

    private static HttpResponse<String> login(HttpClient client, BelfryServer server)
            throws Exception {
        try (client) {
            String body = "{\"username\":\"admin\",\"password\":\"" + TestServer.PASSWORD + "\"}";
            HttpRequest request =
                    HttpRequest.newBuilder(
                                    URI.create(
                                            "https://localhost:"
                                                    + server.port()
                                                    + "/api/v1/auth/login"))
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString(body))
                            .build();
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        }
    }

    private static HttpClient client(Certificates.Pair trusted, Optional<Certificates.Pair> own)
            throws Exception {
        return HttpClient.newBuilder().sslContext(context(trusted, own)).build();
    }

    private static SSLContext trusting(Certificates.Pair trusted) throws Exception {
        return context(trusted, Optional.empty());
    }

    private static SSLContext context(Certificates.Pair trusted, Optional<Certificates.Pair> own)
            throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("server", load(trusted).getCertificate("it"));
        TrustManagerFactory trust =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        KeyManagerFactory keys =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(own.isPresent() ? load(own.get()) : null, Certificates.password().toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    private static KeyStore load(Certificates.Pair pair) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream stream = Files.newInputStream(pair.store())) {
            store.load(stream, Certificates.password().toCharArray());
        }
        return store;
    }

    private static SSLSocket socket(SSLContext context, BelfryServer server) throws IOException {
        return (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", server.port());
    }

    private static String protocol(Certificates.Pair pair, BelfryServer server, String only)
            throws Exception {
        try (SSLSocket socket = socket(trusting(pair), server)) {
            socket.setEnabledProtocols(new String[] {only});
            socket.startHandshake();
            return socket.getSession().getProtocol();
        }
    }

    /** Of the certificate that the server shows now, whoever signed it. */
    private static String subject(BelfryServer server) {
        try (SSLSocket socket = socket(TrustAll.context(), server)) {
            socket.startHandshake();
            SSLSession session = socket.getSession();
            X509Certificate shown = (X509Certificate) session.getPeerCertificates()[0];
            return shown.getSubjectX500Principal().getName();
        } catch (SSLHandshakeException e) {
            return "refused: " + e.getMessage();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
