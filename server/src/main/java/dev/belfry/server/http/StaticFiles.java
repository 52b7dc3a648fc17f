package dev.belfry.server.http;

import com.linecorp.armeria.common.RequestHeaders;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/** The page's files, from the class path; read once and kept. */
public final class StaticFiles {
    private static final String FOLDER = "dev/belfry/ui/static";
    private static final String INDEX = "/index.html";
    private static final Pattern PATH = Pattern.compile("(/[A-Za-z0-9_@-][A-Za-z0-9_.@-]*+)++");
    private static final int FILES_MAX = 4_096;

    /** Paths that are never the page's, so that a browser sees their answer. */
    private static final Set<String> NOT_PAGES = Set.of("/api", "/metrics", "/health");

    private static final Map<String, String> TYPES =
            Map.ofEntries(
                    Map.entry("html", "text/html; charset=utf-8"),
                    Map.entry("js", "text/javascript; charset=utf-8"),
                    Map.entry("css", "text/css; charset=utf-8"),
                    Map.entry("json", "application/json"),
                    Map.entry("map", "application/json"),
                    Map.entry("webmanifest", "application/manifest+json"),
                    Map.entry("svg", "image/svg+xml"),
                    Map.entry("png", "image/png"),
                    Map.entry("ico", "image/x-icon"),
                    Map.entry("txt", "text/plain; charset=utf-8"),
                    Map.entry("woff2", "font/woff2"));

    private static final String POLICY =
            "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self'"
                    + " data: blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self'"
                    + " blob:; object-src 'none'; base-uri 'none'; form-action 'self';"
                    + " frame-ancestors 'none'";

    private final ClassLoader loader;
    private final Map<String, Optional<byte[]>> cache = new ConcurrentHashMap<>();

    /** The files that {@code loader} has. */
    public StaticFiles(ClassLoader loader) {
        this.loader = loader;
    }

    /**
     * The file at {@code path}, or the page where a browser goes to a place in it; empty when it is
     * neither.
     */
    Optional<Reply> find(String method, String path, RequestHeaders headers) {
        if (!method.equals("GET") && !method.equals("HEAD")) {
            return Optional.empty();
        }
        if (path.equals("/")) {
            return file(INDEX, headers);
        }
        if (PATH.matcher(path).matches() && extension(path).isPresent()) {
            Optional<Reply> found = file(path, headers);
            if (found.isPresent()) {
                return found;
            }
        }
        boolean page = acceptsHtml(headers) && !isApi(path);
        return page ? file(INDEX, headers) : Optional.empty();
    }

    /**
     * Whether a browser asks for the page at {@code path}, where other clients hear something else.
     */
    static boolean isPage(String path, RequestHeaders headers) {
        return path.equals("/") && acceptsHtml(headers);
    }

    private static boolean acceptsHtml(RequestHeaders headers) {
        return headers.get("accept", "").toLowerCase(Locale.ROOT).contains("text/html");
    }

    private static boolean isApi(String path) {
        return NOT_PAGES.stream()
                .anyMatch(prefix -> path.equals(prefix) || path.startsWith(prefix + "/"));
    }

    private Optional<Reply> file(String path, RequestHeaders headers) {
        String type = extension(path).map(TYPES::get).orElse(null);
        if (type == null) {
            return Optional.empty();
        }
        String accepted = headers.get("accept-encoding", "").toLowerCase(Locale.ROOT);
        Optional<Reply> reply = Optional.empty();
        if (accepted.contains("br")) {
            reply = read(path + ".br").map(b -> encoded(type, b, "br"));
        }
        if (reply.isEmpty() && accepted.contains("gzip")) {
            reply = read(path + ".gz").map(b -> encoded(type, b, "gzip"));
        }
        if (reply.isEmpty()) {
            reply = read(path).map(b -> Reply.bytes(200, type, b));
        }
        return reply.map(found -> cached(found, path));
    }

    private static Reply encoded(String type, byte[] bytes, String encoding) {
        return Reply.bytes(200, type, bytes).with("content-encoding", encoding);
    }

    /** What Vite put a hash into the name of never changes; the page itself is asked for anew. */
    private static Reply cached(Reply reply, String path) {
        boolean lasting = path.startsWith("/assets/");
        Reply kept =
                reply.with(
                                "cache-control",
                                lasting ? "public, max-age=31536000, immutable" : "no-cache")
                        .with("vary", "accept-encoding");
        return kept.with("content-security-policy", POLICY);
    }

    private Optional<byte[]> read(String path) {
        Optional<byte[]> known = cache.get(path);
        if (known != null) {
            return known;
        }
        Optional<byte[]> bytes = load(path);
        if (cache.size() < FILES_MAX) {
            cache.put(path, bytes);
        }
        return bytes;
    }

    private Optional<byte[]> load(String path) {
        try (InputStream stream = loader.getResourceAsStream(FOLDER + path)) {
            return stream == null ? Optional.empty() : Optional.of(stream.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(path, e);
        }
    }

    private static Optional<String> extension(String path) {
        int dot = path.lastIndexOf('.');
        String end = dot < 0 ? "" : path.substring(dot + 1).toLowerCase(Locale.ROOT);
        return TYPES.containsKey(end) ? Optional.of(end) : Optional.empty();
    }
}
