package dev.belfry.server.scrape;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** By which proxy a request goes, if by any. Safe for many threads. */
final class Proxies {
    /*
     * As Prometheus and Go's golang.org/x/net/http/httpproxy: proxy_url alone is for all requests; with no_proxy, or
     * from the environment, what is on this machine is asked directly. Entries of no_proxy:
     *
     *   *                       all
     *   10.0.0.0/8              addresses of a network
     *   10.1.2.3, 10.1.2.3:80   an address, on one port
     *   a.com, a.com:80         the name and those below it
     *   .a.com, *.a.com         those below it only
     */
    /** The names that belong to it in a job or a discovery. */
    static final Set<String> KNOWN =
            Set.of("proxy_url", "no_proxy", "proxy_from_environment", "proxy_connect_header");

    private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

    /** No proxy for anything. */
    private static final Proxies NONE = new Proxies(null, null, List.of(), false, Map.of());

    private final @Nullable URI plain;
    private final @Nullable URI secure;
    private final List<String> except;
    private final boolean sparesOwn;

    /** Headers of the CONNECT to a proxy. */
    private final Map<String, String> headers;

    private Proxies(
            @Nullable URI plain,
            @Nullable URI secure,
            List<String> except,
            boolean sparesOwn,
            Map<String, String> headers) {
        this.plain = plain;
        this.secure = secure;
        this.except = except;
        this.sparesOwn = sparesOwn;
        this.headers = headers;
    }

    /**
     * What {@code settings} say.
     *
     * @throws ScrapeException when they cannot be used
     */
    static Proxies of(Settings settings, Map<String, String> environment) throws ScrapeException {
        String url = settings.text("proxy_url", "");
        String except = settings.text("no_proxy", "");
        boolean fromEnvironment = settings.truth("proxy_from_environment", false);
        if (fromEnvironment && !(url + except).isEmpty()) {
            throw settings.wrong(
                    "proxy_from_environment", "no proxy_url and no no_proxy beside it");
        }
        if (!fromEnvironment && url.isEmpty()) {
            for (String name : List.of("no_proxy", "proxy_connect_header")) {
                if (settings.has(name)) {
                    throw settings.wrong(name, "a proxy_url, or proxy_from_environment, beside it");
                }
            }
            return NONE;
        }
        Map<String, String> headers = headers(settings);
        if (fromEnvironment) {
            return new Proxies(
                    proxy(settings, either(environment, "HTTP_PROXY")),
                    proxy(settings, either(environment, "HTTPS_PROXY")),
                    entries(either(environment, "NO_PROXY")),
                    true,
                    headers);
        }
        URI proxy = proxy(settings, url);
        return new Proxies(proxy, proxy, entries(except), !except.isEmpty(), headers);
    }

    private static Map<String, String> headers(Settings settings) throws ScrapeException {
        Map<String, String> headers = new LinkedHashMap<>();
        if (!settings.has("proxy_connect_header")) {
            return headers;
        }
        if (!(settings.raw("proxy_connect_header") instanceof Map<?, ?> given)) {
            throw settings.wrong("proxy_connect_header", "names with lists of values");
        }
        for (Map.Entry<?, ?> each : given.entrySet()) {
            String name = String.valueOf(each.getKey());
            if (!HttpOptions.isHeaderName(name)
                    || !(each.getValue() instanceof List<?> values)
                    || !values.stream().map(String::valueOf).allMatch(HttpOptions::isHeaderValue)) {
                throw settings.wrong("proxy_connect_header", "names with lists of values");
            }
            values.forEach(value -> headers.put(name, String.valueOf(value)));
        }
        return headers;
    }

    private static String either(Map<String, String> environment, String name) {
        String upper = environment.getOrDefault(name, "");
        return upper.isEmpty()
                ? environment.getOrDefault(name.toLowerCase(Locale.ROOT), "")
                : upper;
    }

    private static @Nullable URI proxy(Settings settings, String url) throws ScrapeException {
        if (url.isEmpty()) {
            return null;
        }
        try {
            URI uri = new URI(url.contains("://") ? url : "http://" + url);
            if (uri.getHost() != null && "http".equalsIgnoreCase(uri.getScheme())) {
                return uri;
            }
        } catch (URISyntaxException _) {
            // Said below, without what may be a password.
        }
        throw settings.wrong(
                settings.has("proxy_url") ? "proxy_url" : "proxy_from_environment",
                "the http URL of a proxy");
    }

    private static List<String> entries(String list) {
        List<String> entries = new ArrayList<>();
        for (String each : list.split(",")) {
            if (!each.isBlank()) {
                entries.add(each.strip().toLowerCase(Locale.ROOT));
            }
        }
        return entries;
    }

    /** The proxy by which {@code target} is asked; null for none. */
    @Nullable URI of(URI target) {
        URI proxy = Requests.isSecure(target) ? secure : plain;
        return proxy == null || isExcepted(target) ? null : proxy;
    }

    /** Headers of a CONNECT to {@code proxy}. */
    Map<String, String> headers(URI proxy) {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.putAll(credentials(proxy));
        return all;
    }

    /** What stands for the user of {@code proxy}, as headers; none without one. */
    static Map<String, String> credentials(URI proxy) {
        String user = proxy.getUserInfo();
        return user == null
                ? Map.of()
                : Map.of(
                        "Proxy-Authorization",
                        "Basic "
                                + Base64.getEncoder()
                                        .encodeToString(user.getBytes(StandardCharsets.UTF_8)));
    }

    private boolean isExcepted(URI target) {
        String host = target.getHost().replaceAll("^\\[|\\]$", "").toLowerCase(Locale.ROOT);
        byte @Nullable [] address = address(host);
        if (sparesOwn && (host.equals("localhost") || address != null && isOwn(address))) {
            return true;
        }
        String port = Integer.toString(Requests.port(target));
        return except.stream().anyMatch(entry -> matches(entry, host, address, port));
    }

    private static boolean matches(
            String entry, String host, byte @Nullable [] address, String port) {
        if (entry.equals("*")) {
            return true;
        }
        int slash = entry.indexOf('/');
        if (slash >= 0) {
            return address != null
                    && isWithin(
                            address,
                            address(entry.substring(0, slash)),
                            entry.substring(slash + 1));
        }
        String name = entry;
        if (entry.matches("\\[.*\\]:\\d+|[^:]*:\\d+")) {
            int colon = entry.lastIndexOf(':');
            if (!entry.substring(colon + 1).equals(port)) {
                return false;
            }
            name = entry.substring(0, colon);
        }
        name = name.replaceAll("^\\[|\\]$", "");
        byte @Nullable [] named = address(name);
        if (named != null) {
            return address != null && Arrays.equals(named, address);
        }
        name = name.startsWith("*.") ? name.substring(1) : name;
        return !name.isEmpty()
                && (name.startsWith(".")
                        ? host.endsWith(name)
                        : host.equals(name) || host.endsWith("." + name));
    }

    private static boolean isWithin(byte[] address, byte @Nullable [] network, String bits) {
        if (network == null || network.length != address.length || !bits.matches("\\d{1,3}")) {
            return false;
        }
        int left = Math.min(Integer.parseInt(bits), 8 * network.length);
        for (int i = 0; left > 0; i++, left -= 8) {
            int mask = left >= 8 ? 0xFF : 0xFF << 8 - left & 0xFF;
            if ((address[i] & mask) != (network[i] & mask)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isOwn(byte[] address) {
        try {
            return InetAddress.getByAddress(address).isLoopbackAddress();
        } catch (UnknownHostException e) {
            throw new IllegalStateException("BUG: an address of no known length", e);
        }
    }

    /* The bytes of what is written as an address; null for a name, of which none is looked up here. */
    private static byte @Nullable [] address(String host) {
        try {
            return ADDRESS.matcher(host).matches()
                    ? InetAddress.ofLiteral(host).getAddress()
                    : null;
        } catch (IllegalArgumentException _) {
            return null;
        }
    }
}
