package dev.belfry.server.scrape;

import dev.belfry.server.config.Documents;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The token of a job that shows one of OAuth 2.0, by client credentials. Safe for many threads. */
final class OauthToken {
    /*
     * RFC 6749, section 4.4. A token is used until shortly before it ends. Servers want the client's name and secret
     * in a header or in the form (section 2.3.1); as Go's clients do, the header is tried first, and what was taken
     * is remembered. Who waits for a token that another one is getting waits no longer than a scrape may take.
     */
    private static final Set<String> OWN =
            Set.of(
                    "client_id",
                    "client_secret",
                    "client_secret_file",
                    "scopes",
                    "token_url",
                    "endpoint_params",
                    "tls_config");
    private static final long EARLY_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long SECONDS_MAX = TimeUnit.DAYS.toSeconds(3650);
    private static final int ANSWER_BYTES_MAX = 1 << 20;

    private final ReentrantLock lock = new ReentrantLock();
    private final Settings settings;
    private final HttpOptions options;
    private final Path base;
    private final URI url;
    private final Map<String, String> parameters;
    private final List<String> scopes;

    /* Guarded by the lock. */
    private String header = "";
    private boolean ends;
    private long endNanoTime;
    private boolean inForm;

    /**
     * A token that {@code value}, the mapping at {@code place}, says how to get; files are relative
     * to {@code base}.
     *
     * @throws ScrapeException when it cannot be used
     */
    OauthToken(String place, Object value, Path base) throws ScrapeException {
        Set<String> known = new TreeSet<>(OWN);
        known.addAll(Proxies.KNOWN);
        this.settings = new Settings(place, value, known);
        this.base = base;
        this.options = new HttpOptions(settings, base);
        this.url = url(settings);
        if (settings.text("client_id", "").isEmpty()) {
            throw settings.wrong("client_id", "the client's name");
        }
        if (settings.has("client_secret") && settings.has("client_secret_file")) {
            throw settings.wrong("client_secret_file", "no client_secret beside it");
        }
        this.parameters = settings.map("endpoint_params");
        this.scopes = settings.texts("scopes");
    }

    private static URI url(Settings settings) throws ScrapeException {
        try {
            URI url = new URI(settings.text("token_url", ""));
            if (url.getHost() != null && List.of("http", "https").contains(url.getScheme())) {
                return url;
            }
        } catch (URISyntaxException _) {
            // Said below.
        }
        throw settings.wrong("token_url", "an http or https URL");
    }

    /**
     * The value of {@code Authorization}.
     *
     * @param timeout for a new one
     * @throws IOException when there is none, in one line without secrets
     */
    String header(Requests requests, Duration timeout) throws IOException {
        try {
            if (!lock.tryLock(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new IOException("oauth2: no token within " + Target.text(timeout));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("oauth2: ended while waiting for a token", e);
        }
        try {
            if (header.isEmpty() || ends && System.nanoTime() - endNanoTime >= 0) {
                fetch(requests, timeout);
            }
            return header;
        } catch (Requests.StatusException e) {
            throw new IOException("oauth2: " + url.getHost() + ": " + e.getMessage(), e);
        } finally {
            lock.unlock();
        }
    }

    private void fetch(Requests requests, Duration timeout) throws IOException {
        long asked = System.nanoTime();
        Object answer;
        try {
            answer = ask(requests, timeout, inForm);
        } catch (Requests.StatusException refused) {
            if (refused.status() / 100 != 4) {
                throw refused;
            }
            answer = ask(requests, timeout, !inForm);
            inForm = !inForm;
        }
        if (!(answer instanceof Map<?, ?> members)
                || !(members.get("access_token") instanceof String token)
                || token.isEmpty()) {
            throw new IOException(
                    "oauth2: "
                            + url.getHost()
                            + ": no token in its answer (expected: access_token)");
        }
        header = type(members.get("token_type")) + " " + token;
        long seconds = seconds(members.get("expires_in"));
        ends = seconds > 0;
        endNanoTime = asked + TimeUnit.SECONDS.toNanos(seconds) - EARLY_NANOS;
    }

    private static String type(@Nullable Object given) {
        String type = given instanceof String text && !text.isEmpty() ? text : "Bearer";
        return switch (type.toLowerCase(Locale.ROOT)) {
            case "bearer" -> "Bearer";
            case "mac" -> "MAC";
            case "basic" -> "Basic";
            default -> type;
        };
    }

    /* Some servers write the number as a text. 0 when it never ends. */
    private static long seconds(@Nullable Object given) {
        try {
            double seconds = Double.parseDouble(String.valueOf(given));
            return seconds > 0 ? (long) Math.min(SECONDS_MAX, seconds) : 0;
        } catch (NumberFormatException _) {
            return 0;
        }
    }

    private Object ask(Requests requests, Duration timeout, boolean secretInForm)
            throws IOException {
        String id = settings.text("client_id", "");
        String secret = settings.text("client_secret", "");
        if (settings.has("client_secret_file")) {
            secret = Files.readString(base.resolve(settings.text("client_secret_file", "")));
            secret = secret.strip();
        }
        Map<String, String> form = new LinkedHashMap<>();
        form.put("grant_type", "client_credentials");
        if (!scopes.isEmpty()) {
            form.put("scope", String.join(" ", scopes));
        }
        form.putAll(parameters);
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Accept", "application/json");
        if (secretInForm) {
            form.put("client_id", id);
            form.put("client_secret", secret);
        } else {
            String pair = encoded(id) + ":" + encoded(secret);
            byte[] bytes = pair.getBytes(StandardCharsets.US_ASCII);
            headers.put("Authorization", "Basic " + Base64.getEncoder().encodeToString(bytes));
        }
        Requests.Request request =
                new Requests.Request(
                        url, options, headers, encoded(form), true, timeout, ANSWER_BYTES_MAX);
        try (Requests.Session session = new Requests.Session();
                Requests.Answer answer = requests.get(session, request)) {
            String text = new String(answer.body(), 0, answer.length(), StandardCharsets.UTF_8);
            Object value = Documents.json(text);
            return value == null ? Map.of() : value;
        }
    }

    private static String encoded(Map<String, String> form) {
        return form.entrySet().stream()
                .map(each -> encoded(each.getKey()) + "=" + encoded(each.getValue()))
                .collect(Collectors.joining("&"));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
