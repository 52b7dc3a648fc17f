package dev.belfry.server.scrape;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
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
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
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
                    "http_headers",
                    "oauth2",
                    "proxy_url",
                    "no_proxy",
                    "proxy_from_environment",
                    "proxy_connect_header");

    /** The ways to say who asks; one of them at most. */
    private static final List<String> CREDENTIALS =
            List.of("basic_auth", "authorization", "bearer_token", "bearer_token_file", "oauth2");

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
                    "server_name",
                    "min_version",
                    "max_version");
    private static final Set<String> HEADER = Set.of("values", "secrets", "files");

    /**
     * Headers that are not a job's to set: those of the connection, and those that scraping sets.
     */
    private static final Set<String> HEADERS_RESERVED =
            Set.of(
                    "accept",
                    "accept-encoding",
                    "authorization",
                    "connection",
                    "content-encoding",
                    "content-length",
                    "expect",
                    "host",
                    "proxy-authenticate",
                    "proxy-authorization",
                    "te",
                    "trailer",
                    "transfer-encoding",
                    "upgrade",
                    "user-agent",
                    "x-prometheus-scrape-timeout-seconds");

    private static final Pattern HEADER_NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
    private static final Map<String, String> TLS_VERSIONS =
            Map.of("TLS10", "TLSv1", "TLS11", "TLSv1.1", "TLS12", "TLSv1.2", "TLS13", "TLSv1.3");
    private static final List<String> TLS_ORDER = List.of("TLS10", "TLS11", "TLS12", "TLS13");

    private final Path base;
    private final Settings settings;
    private final Settings basic;
    private final Settings authorization;
    private final Map<String, String> headers = new LinkedHashMap<>();
    private final Map<String, String> headerFiles = new LinkedHashMap<>();
    private final Proxies proxies;
    private final @Nullable OauthToken token;

    /** Whether an answer that leads elsewhere is followed. */
    final boolean followRedirects;

    private final @Nullable String serverName;
    private final SSLParameters tlsParameters;

    /* For the job's own servers, and for those that an answer leads to: they get no certificate. */
    private final SSLSocketFactory trustedSockets;
    private final SSLSocketFactory otherSockets;

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
        if (CREDENTIALS.stream().filter(settings::has).count() > 1) {
            throw new ScrapeException(
                    settings.place()
                            + ": more than one way to say who asks (expected: one of "
                            + String.join(", ", CREDENTIALS)
                            + ")");
        }
        Object oauth = settings.raw("oauth2");
        this.token =
                oauth == null ? null : new OauthToken(settings.place() + ".oauth2", oauth, base);
        this.proxies = Proxies.of(settings, System.getenv());
        this.followRedirects = settings.truth("follow_redirects", true);
        settings.truth("enable_http2", true);
        readHeaders();
        Settings tls =
                new Settings(settings.place() + ".tls_config", settings.raw("tls_config"), TLS);
        this.serverName = tls.has("server_name") ? tls.text("server_name", "") : null;
        this.tlsParameters = parameters(tls);
        this.trustedSockets = context(tls, true).getSocketFactory();
        this.otherSockets = context(tls, false).getSocketFactory();
    }

    private void readHeaders() throws ScrapeException {
        if (!settings.has("http_headers")) {
            return;
        }
        if (!(settings.raw("http_headers") instanceof Map<?, ?> given)) {
            throw settings.wrong("http_headers", "names with values, secrets or files");
        }
        for (Map.Entry<?, ?> each : given.entrySet()) {
            String name = String.valueOf(each.getKey());
            String place = settings.place() + ".http_headers." + name;
            if (!isHeaderName(name) || HEADERS_RESERVED.contains(name.toLowerCase(Locale.ROOT))) {
                throw new ScrapeException(
                        place + ": cannot be set (expected: a header that scraping does not set)");
            }
            Settings header = new Settings(place, each.getValue(), HEADER);
            for (String kind : List.of("values", "secrets")) {
                for (String value : header.texts(kind)) {
                    if (!isHeaderValue(value)) {
                        throw header.wrong(kind, "characters that can be seen, and spaces");
                    }
                    headers.put(name, value);
                }
            }
            List<String> files = header.texts("files");
            if (!files.isEmpty()) {
                headerFiles.put(name, files.getLast());
            }
        }
    }

    /** Whether a header can be called so. */
    static boolean isHeaderName(String name) {
        return HEADER_NAME.matcher(name).matches();
    }

    /** Whether a header can have this value. */
    static boolean isHeaderValue(String value) {
        return value.chars()
                .allMatch(next -> next == '\t' || next >= ' ' && next != 0x7F && next < 256);
    }

    /*
     * Versions below 1.2 are there in the machine's settings or not; only 1.2 and 1.3 can be the highest one.
     */
    private static SSLParameters parameters(Settings tls) throws ScrapeException {
        String min = tls.text("min_version", "TLS12");
        String max = tls.text("max_version", "TLS13");
        int from = TLS_ORDER.indexOf(min);
        int to = TLS_ORDER.indexOf(max);
        if (from < 0) {
            throw tls.wrong("min_version", "one of " + String.join(", ", TLS_ORDER));
        }
        if (to < 2 || to < from) {
            throw tls.wrong("max_version", "TLS12 or TLS13, and not below min_version");
        }
        SSLParameters parameters = new SSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        parameters.setProtocols(
                TLS_ORDER.subList(from, to + 1).stream()
                        .map(TLS_VERSIONS::get)
                        .toArray(String[]::new));
        return parameters;
    }

    /**
     * The headers of a request to {@code uri}, read anew where they stand in files.
     *
     * @param requests to ask for a token by, within {@code timeout}
     * @throws IOException when a file cannot be read, what stands in it cannot be sent, or there is
     *     no token
     */
    Map<String, String> headers(URI uri, Requests requests, Duration timeout) throws IOException {
        Map<String, String> all = new LinkedHashMap<>(headers);
        for (Map.Entry<String, String> each : headerFiles.entrySet()) {
            all.put(each.getKey(), Files.readString(base.resolve(each.getValue())).strip());
        }
        if (settings.has("basic_auth")) {
            String pair =
                    either(basic, "username", "username_file")
                            + ":"
                            + either(basic, "password", "password_file");
            all.put("Authorization", "Basic " + base64(pair));
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
        } else if (token != null) {
            all.put("Authorization", token.header(requests, timeout));
        } else if (uri.getUserInfo() != null) {
            all.put("Authorization", "Basic " + base64(uri.getUserInfo()));
        }
        for (Map.Entry<String, String> each : all.entrySet()) {
            if (!isHeaderValue(each.getValue())) {
                throw new IOException(
                        each.getKey()
                                + ": a value that cannot be sent (expected: characters that can be"
                                + " seen, and spaces)");
            }
        }
        return all;
    }

    /** By which proxies requests go. */
    Proxies proxies() {
        return proxies;
    }

    /**
     * TLS over {@code socket}, which is connected to the server of {@code uri}, shaken hands.
     *
     * @param trusted whether the job's certificate may be shown, and its {@code server_name} holds
     * @throws IOException when the server is not who it should be, or does not want
     */
    SSLSocket secure(Socket socket, URI uri, boolean trusted) throws IOException {
        String host = uri.getHost().replaceAll("^\\[|\\]$", "");
        String name = trusted && serverName != null ? serverName : host;
        SSLSocketFactory sockets = trusted ? trustedSockets : otherSockets;
        SSLSocket secure = (SSLSocket) sockets.createSocket(socket, name, Requests.port(uri), true);
        secure.setSSLParameters(tlsParameters);
        secure.startHandshake();
        return secure;
    }

    private static String base64(String pair) {
        return Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    private String either(Settings of, String inline, String file) throws IOException {
        if (of.has(inline)) {
            return of.text(inline, "");
        }
        String path = of.text(file, "");
        return path.isEmpty() ? "" : Files.readString(base.resolve(path)).strip();
    }

    private SSLContext context(Settings tls, boolean showsCertificate) throws ScrapeException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            String certificate = showsCertificate ? either(tls, "cert", "cert_file") : "";
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

    /** Whether it says the same: then it makes the same requests. */
    @Override
    public boolean equals(Object other) {
        return this == other
                || other instanceof HttpOptions options
                        && settings.equals(options.settings)
                        && base.equals(options.base);
    }

    @Override
    public int hashCode() {
        return settings.hashCode();
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
