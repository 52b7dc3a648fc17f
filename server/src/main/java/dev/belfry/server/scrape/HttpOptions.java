package dev.belfry.server.scrape;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** How a job's requests are made: credentials, TLS, redirects. Safe for many threads. */
final class HttpOptions {
    /** The names that belong to it in a job or a discovery. */
    static final Set<String> KNOWN =
            Set.of(
                    "basic_auth",
                    "authorization",
                    "bearer_token",
                    "bearer_token_file",
                    "tls_config",
                    "follow_redirects",
                    "enable_http2",
                    "http_headers");

    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Set<String> BASIC =
            Set.of("username", "username_file", "password", "password_file");
    private static final Set<String> AUTHORIZATION =
            Set.of("type", "credentials", "credentials_file");
    private static final Set<String> TLS =
            Set.of(
                    "ca",
                    "ca_file",
                    "cert",
                    "cert_file",
                    "key",
                    "key_file",
                    "insecure_skip_verify",
                    "min_version",
                    "max_version");
    private static final Set<String> HEADER = Set.of("values", "secrets", "files");

    private final Path base;
    private final Settings settings;
    private final Settings basic;
    private final Settings authorization;
    private final Map<String, String> headers = new LinkedHashMap<>();

    /** Whether an answer that leads elsewhere is followed. */
    final boolean followRedirects;

    /** Makes the requests. */
    final HttpClient client;

    /**
     * The options in {@code settings}; files are relative to {@code base}.
     *
     * @throws ScrapeException when they cannot be used
     */
    HttpOptions(Settings settings, Path base) throws ScrapeException {
        this.base = base;
        this.settings = settings;
        this.basic =
                new Settings(settings.place() + ".basic_auth", settings.raw("basic_auth"), BASIC);
        this.authorization =
                new Settings(
                        settings.place() + ".authorization",
                        settings.raw("authorization"),
                        AUTHORIZATION);
        this.followRedirects = settings.truth("follow_redirects", true);
        settings.truth("enable_http2", true);
        if (settings.raw("http_headers") instanceof Map<?, ?> given) {
            for (Map.Entry<?, ?> each : given.entrySet()) {
                Settings header =
                        new Settings(
                                settings.place() + ".http_headers." + each.getKey(),
                                each.getValue(),
                                HEADER);
                for (String value : header.texts("values")) {
                    headers.put(String.valueOf(each.getKey()), value);
                }
                for (String value : header.texts("secrets")) {
                    headers.put(String.valueOf(each.getKey()), value);
                }
            }
        }
        HttpClient.Builder builder =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(CONNECT)
                        .followRedirects(HttpClient.Redirect.NEVER);
        if (settings.has("tls_config")) {
            builder.sslContext(context());
        }
        this.client = builder.build();
    }

    /**
     * The headers of a request, read anew where they stand in files.
     *
     * @throws IOException when a file cannot be read
     */
    Map<String, String> headers() throws IOException {
        Map<String, String> all = new LinkedHashMap<>(headers);
        if (settings.has("basic_auth")) {
            String pair =
                    either(basic, "username", "username_file")
                            + ":"
                            + either(basic, "password", "password_file");
            all.put(
                    "Authorization",
                    "Basic "
                            + Base64.getEncoder()
                                    .encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
        } else if (settings.has("authorization")) {
            all.put(
                    "Authorization",
                    authorization.text("type", "Bearer")
                            + " "
                            + either(authorization, "credentials", "credentials_file"));
        } else if (settings.has("bearer_token") || settings.has("bearer_token_file")) {
            all.put(
                    "Authorization",
                    "Bearer " + either(settings, "bearer_token", "bearer_token_file"));
        }
        return all;
    }

    private String either(Settings of, String inline, String file) throws IOException {
        if (of.has(inline)) {
            return of.text(inline, "");
        }
        String path = of.text(file, "");
        return path.isEmpty() ? "" : Files.readString(base.resolve(path)).strip();
    }

    private SSLContext context() throws ScrapeException {
        Settings tls =
                new Settings(settings.place() + ".tls_config", settings.raw("tls_config"), TLS);
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            String certificate = either(tls, "cert", "cert_file");
            KeyManager @Nullable [] keys =
                    certificate.isEmpty()
                            ? null
                            : keys(certificate, either(tls, "key", "key_file"));
            context.init(keys, trust(tls), new SecureRandom());
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new ScrapeException(
                    tls.place() + ": " + e.getMessage() + " (expected: PEM files that fit)");
        }
    }

    private TrustManager @Nullable [] trust(Settings tls)
            throws ScrapeException, IOException, GeneralSecurityException {
        if (tls.truth("insecure_skip_verify", false)) {
            return new TrustManager[] {new TrustsAll()};
        }
        String authority = either(tls, "ca", "ca_file");
        if (authority.isEmpty()) {
            return null;
        }
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        int number = 0;
        for (Certificate each : certificates(authority)) {
            store.setCertificateEntry("ca" + number++, each);
        }
        TrustManagerFactory factory =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }

    private static KeyManager[] keys(String certificate, String key)
            throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        store.setKeyEntry(
                "client",
                PemKey.read(key),
                new char[0],
                certificates(certificate).toArray(Certificate[]::new));
        KeyManagerFactory factory =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, new char[0]);
        return factory.getKeyManagers();
    }

    private static Collection<? extends Certificate> certificates(String pem)
            throws IOException, GeneralSecurityException {
        try (InputStream in = new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII))) {
            return CertificateFactory.getInstance("X.509").generateCertificates(in);
        }
    }

    /** All names that a mapping with these options may have, beside {@code others}. */
    static Set<String> with(Set<String> others) {
        Set<String> all = new TreeSet<>(KNOWN);
        all.addAll(others);
        return all;
    }

    /** What insecure_skip_verify asks for. */
    private static final class TrustsAll extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
