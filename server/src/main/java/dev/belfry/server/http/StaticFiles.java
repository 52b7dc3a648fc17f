package dev.belfry.server.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.linecorp.armeria.common.RequestHeaders;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The page's files, from the class path; read once and kept. */
public final class StaticFiles {
    private static final String FOLDER = "dev/belfry/ui/static";
    private static final String INDEX = "/index.html";

    /** The page as it begins where nobody is logged in. */
    private static final String GUEST = "/guest.html";

    private static final Pattern PATH = Pattern.compile("(/[A-Za-z0-9_@-][A-Za-z0-9_.@-]*+)++");

    /** Who asks for names at random leaves the files themselves in the cache. */
    private static final int MISSING_MAX = 4_096;

    private static final int NOT_MODIFIED = 304;
    private static final int TAG_BYTES = 12;
    private static final byte[] NOTHING = {};
    private static final Base64.Encoder BASE64 = Base64.getEncoder();

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

    /** What follows are scripts that stand in the page itself, by their hashes. */
    private static final String POLICY =
            "default-src 'self'; script-src 'self'%s; style-src 'self' 'unsafe-inline'; img-src 'self'"
                    + " data: blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self'"
                    + " blob:; object-src 'none'; base-uri 'none'; form-action 'self';"
                    + " frame-ancestors 'none'";

    private static final Pattern INLINE_SCRIPT =
            Pattern.compile("<script>(.*?)</script>", Pattern.DOTALL);

    private final ClassLoader loader;
    private final Map<String, Optional<Kept>> cache = new ConcurrentHashMap<>();
    private final Map<String, String> policies = new ConcurrentHashMap<>();

    /**
     * A file.
     *
     * @param tag what changes with its bytes, as {@code ETag} has it
     */
    private record Kept(byte[] bytes, String tag) {}

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
            return page(headers);
        }
        if (PATH.matcher(path).matches() && extension(path).isPresent()) {
            Optional<Reply> found = file(path, headers);
            if (found.isPresent()) {
                return found;
            }
        }
        boolean page = acceptsHtml(headers) && !isApi(path);
        return page ? page(headers) : Optional.empty();
    }

    /** Where there is no session, the page need not ask who is there to begin with the login. */
    private Optional<Reply> page(RequestHeaders headers) {
        Optional<Reply> guest =
                Authentication.cookie(headers) == null ? file(GUEST, headers) : Optional.empty();
        return guest.isPresent() ? guest : file(INDEX, headers);
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
            reply = read(path + ".br").map(kept -> encoded(type, kept, "br", headers));
        }
        if (reply.isEmpty() && accepted.contains("gzip")) {
            reply = read(path + ".gz").map(kept -> encoded(type, kept, "gzip", headers));
        }
        if (reply.isEmpty()) {
            reply = read(path).map(kept -> plain(type, kept, headers));
        }
        return reply.map(found -> cached(found, path));
    }

    private static Reply encoded(String type, Kept kept, String encoding, RequestHeaders headers) {
        Reply reply = plain(type, kept, headers);
        return reply.status() == NOT_MODIFIED ? reply : reply.with("content-encoding", encoding);
    }

    /** The file, or that the caller has it. */
    private static Reply plain(String type, Kept kept, RequestHeaders headers) {
        boolean had = headers.get("if-none-match", "").contains(kept.tag());
        Reply reply =
                had ? Reply.bytes(NOT_MODIFIED, "", NOTHING) : Reply.bytes(200, type, kept.bytes());
        return reply.with("etag", kept.tag());
    }

    /** What Vite put a hash into the name of never changes; the page itself is asked for anew. */
    private Reply cached(Reply reply, String path) {
        boolean lasting = path.startsWith("/assets/");
        boolean page = path.endsWith(".html");
        return reply.with(
                        "cache-control",
                        lasting ? "public, max-age=31536000, immutable" : "no-cache")
                .with("vary", page ? "accept-encoding, cookie" : "accept-encoding")
                .with(
                        "content-security-policy",
                        page ? policies.computeIfAbsent(path, this::policy) : POLICY.formatted(""));
    }

    private String policy(String path) {
        String text = read(path).map(kept -> new String(kept.bytes(), UTF_8)).orElse("");
        String hashes =
                INLINE_SCRIPT
                        .matcher(text)
                        .results()
                        .map(found ->
                                " 'sha256-"
                                        + BASE64.encodeToString(
                                                hash(found.group(1).getBytes(UTF_8)))
                                        + "'")
                        .collect(Collectors.joining());
        return POLICY.formatted(hashes);
    }

    private Optional<Kept> read(String path) {
        Optional<Kept> known = cache.get(path);
        if (known != null) {
            return known;
        }
        Optional<Kept> kept = load(path).map(bytes -> new Kept(bytes, tag(bytes)));
        if (kept.isPresent() || cache.size() < MISSING_MAX) {
            cache.put(path, kept);
        }
        return kept;
    }

    private Optional<byte[]> load(String path) {
        try (InputStream stream = loader.getResourceAsStream(FOLDER + path)) {
            return stream == null ? Optional.empty() : Optional.of(stream.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(path, e);
        }
    }

    private static String tag(byte[] bytes) {
        return '"' + HexFormat.of().formatHex(hash(bytes), 0, TAG_BYTES) + '"';
    }

    private static byte[] hash(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("BUG: a Java machine without SHA-256", e);
        }
    }

    private static Optional<String> extension(String path) {
        int dot = path.lastIndexOf('.');
        String end = dot < 0 ? "" : path.substring(dot + 1).toLowerCase(Locale.ROOT);
        return TYPES.containsKey(end) ? Optional.of(end) : Optional.empty();
    }
}
