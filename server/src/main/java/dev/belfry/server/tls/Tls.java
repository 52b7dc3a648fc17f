package dev.belfry.server.tls;

import com.linecorp.armeria.common.TlsKeyPair;
import com.linecorp.armeria.common.TlsProvider;
import com.linecorp.armeria.common.util.TlsEngineType;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.ServerTlsConfig;
import dev.belfry.server.config.Config;
import dev.belfry.server.config.ConfigException;
import dev.belfry.server.config.Keys;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** The TLS that {@code tls.*} asks for, for every port; safe for many threads. */
public final class Tls {
    /*
     * Files are looked at when a connection begins, once a second at most, so that a renewed
     * certificate is in use without a restart and without a thread. What does not fit together is
     * not taken: the pair before stays in use, and the log says why. Connections that stand go on.
     */
    private static final long LOOK_NANOS = 1_000_000_000L;
    private static final char[] NO_PASSWORD = new char[0];

    private final Path certificate;
    private final Path key;
    private final @Nullable Path clientCa;
    private final String[] protocols;
    private final LongSupplier nanoTime;
    private final Consumer<String> warn;
    private Loaded loaded;
    private List<Object> seen;
    private long lookedNanoTime;

    /** What is in use. */
    private record Loaded(TlsKeyPair pair, List<X509Certificate> trusted, SSLContext context) {}

    private Tls(Config config, LongSupplier nanoTime, Consumer<String> warn) {
        this.certificate = Path.of(config.get(Keys.TLS_CERTIFICATE));
        this.key =
                Path.of(
                        config.find(Keys.TLS_KEY)
                                .orElseThrow(() -> missing("tls.key", "tls.certificate")));
        this.clientCa = config.find(Keys.TLS_CLIENT_CA).map(Path::of).orElse(null);
        this.protocols =
                config.get(Keys.TLS_MIN_VERSION).equals("1.3")
                        ? new String[] {"TLSv1.3"}
                        : new String[] {"TLSv1.3", "TLSv1.2"};
        this.nanoTime = nanoTime;
        this.warn = warn;
        this.seen = stamps();
        this.loaded = load();
        this.lookedNanoTime = nanoTime.getAsLong();
    }

    /**
     * The TLS of {@code config}; empty when it asks for none.
     *
     * @param warn is told when changed files cannot be used
     * @throws ConfigException when the files cannot be used
     */
    public static Optional<Tls> of(Config config, LongSupplier nanoTime, Consumer<String> warn) {
        if (config.find(Keys.TLS_CERTIFICATE).isPresent()) {
            return Optional.of(new Tls(config, nanoTime, warn));
        }
        for (var key : List.of(Keys.TLS_KEY, Keys.TLS_CLIENT_CA)) {
            if (config.find(key).isPresent()) {
                throw missing("tls.certificate", key.name());
            }
        }
        return Optional.empty();
    }

    /** Makes the ports of {@code builder} that speak HTTPS use it. */
    public void into(ServerBuilder builder) {
        ServerTlsConfig settings =
                ServerTlsConfig.builder()
                        .clientAuth(clientCa == null ? ClientAuth.NONE : ClientAuth.REQUIRE)
                        .tlsCustomizer(context -> context.protocols(protocols))
                        .build();
        builder.tlsEngineType(OpenSsl.isAvailable() ? TlsEngineType.OPENSSL : TlsEngineType.JDK)
                .tlsProvider(new Provider(), settings);
    }

    /**
     * For a connection that was taken by another listener: a server's engine of the newest files.
     */
    public SSLEngine engine() {
        SSLEngine engine = now().context.createSSLEngine();
        engine.setUseClientMode(false);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(protocols);
        parameters.setNeedClientAuth(clientCa != null);
        engine.setSSLParameters(parameters);
        return engine;
    }

    /** The newest files as a context of the JDK's; whoever uses it asks again for each listener. */
    public SSLContext context() {
        return now().context;
    }

    private synchronized Loaded now() {
        long nowNanoTime = nanoTime.getAsLong();
        if (nowNanoTime - lookedNanoTime < LOOK_NANOS) {
            return loaded;
        }
        lookedNanoTime = nowNanoTime;
        List<Object> found = stamps();
        if (!found.equals(seen)) {
            seen = found;
            try {
                loaded = load();
            } catch (ConfigException e) {
                warn.accept(e.getMessage() + "; the certificate before stays in use");
            }
        }
        return loaded;
    }

    private Loaded load() {
        PemPair pair = PemPair.read(certificate, key);
        List<X509Certificate> trusted =
                clientCa == null ? List.of() : PemPair.certificates("tls.client_ca", clientCa);
        return new Loaded(TlsKeyPair.of(pair.key(), pair.chain()), trusted, context(pair, trusted));
    }

    private static SSLContext context(PemPair pair, List<X509Certificate> trusted) {
        try {
            KeyStore own = KeyStore.getInstance("PKCS12");
            own.load(null, NO_PASSWORD);
            own.setKeyEntry(
                    "belfry",
                    pair.key(),
                    NO_PASSWORD,
                    pair.chain().toArray(X509Certificate[]::new));
            KeyManagerFactory keys =
                    KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(own, NO_PASSWORD);
            KeyStore others = KeyStore.getInstance("PKCS12");
            others.load(null, NO_PASSWORD);
            for (int index = 0; index < trusted.size(); index++) {
                others.setCertificateEntry("ca-" + index, trusted.get(index));
            }
            KeyManager[] keyManagers = keys.getKeyManagers();
            TrustManager @Nullable [] trustManagers = null;
            if (!trusted.isEmpty()) {
                TrustManagerFactory trust =
                        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
                trust.init(others);
                trustManagers = trust.getTrustManagers();
            }
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keyManagers, trustManagers, null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new ConfigException("tls: cannot be used: " + e.getMessage());
        }
    }

    /** By what a file is seen to be another: links are followed, as orchestrators change these. */
    private List<Object> stamps() {
        List<Object> stamps = new ArrayList<>();
        for (Path file :
                clientCa == null
                        ? List.of(certificate, key)
                        : List.of(certificate, key, clientCa)) {
            try {
                BasicFileAttributes attributes =
                        Files.readAttributes(file, BasicFileAttributes.class);
                stamps.add(
                        Map.of(
                                "modified", attributes.lastModifiedTime(),
                                "size", attributes.size(),
                                "file", file.toRealPath()));
            } catch (IOException e) {
                stamps.add(String.valueOf(e.getMessage()));
            }
        }
        return stamps;
    }

    private static ConfigException missing(String name, String beside) {
        return new ConfigException(
                name + ": is missing (expected: a PEM file beside " + beside + ")");
    }

    /** As the web server asks for it, at each handshake. */
    private final class Provider implements TlsProvider {
        @Override
        public TlsKeyPair keyPair(String hostname) {
            return now().pair;
        }

        @Override
        public List<X509Certificate> trustedCertificates(String hostname) {
            return now().trusted;
        }
    }
}
