package dev.belfry.server;

import static dev.belfry.server.TestServer.EVENTS;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.luben.zstd.ZstdOutputStream;
import dev.belfry.server.http.Access;
import dev.belfry.server.http.Endpoint;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Attacks that must fail, and after each of which the server goes on. */
final class AttackTest {
    private static final String EVIL = "http://evil.example";
    private static final String LOGIN = "/api/v1/auth/login";
    @TempDir private static Path data;
    private static TestServer server;
    private static String admin;

    @BeforeAll
    static void start() {
        server = TestServer.start(data);
        admin = server.admin();
    }

    @AfterAll
    static void end() {
        server.close();
    }

    @AfterEach
    void serverGoesOn() {
        server.get("/health/live", "").expect(200);
        server.get(EVENTS, admin).expect(200);
    }

    @Test
    void tokenInUrl_isNotTaken() {
        for (String name : List.of("token", "access_token", "api_key", "key", "authorization")) {
            server.get(EVENTS + "?" + name + "=" + admin, "").expect(401);
            server.get(EVENTS + "?" + name + "=" + admin, admin).expect(400);
        }
    }

    @Test
    void sessionFixation_aLoginNeverTakesTheBrowsersToken() {
        String planted = "belfry_session=planted-by-somebody-else-0123456789abcdefghij";
        HttpRequest request =
                server.request("POST", LOGIN, "")
                        .header("Cookie", planted)
                        .POST(HttpRequest.BodyPublishers.ofString(credentials("admin")))
                        .build();
        String set = server.send(request).expect(200).header("set-cookie");
        assertThat(set).doesNotContain("planted");
        HttpRequest withPlanted =
                server.request("GET", EVENTS, "").header("Cookie", planted).build();
        assertThat(server.send(withPlanted).status()).isEqualTo(401);
        String one = server.admin();
        assertThat(server.admin()).isNotEqualTo(one);
    }

    @Test
    void crossSiteRequests_byCookie_changeNothing() {
        String cookie = "belfry_session=" + server.admin();
        for (Endpoint endpoint : server.server().endpoints()) {
            boolean reads = endpoint.method().equals("GET");
            if (reads || endpoint.access() instanceof Access.Public) {
                continue;
            }
            String path = endpoint.path().replaceAll("\\{[^}]+}", UUID.randomUUID().toString());
            for (String origin : List.of("", EVIL, "null", "http://127.0.0.1:1")) {
                HttpRequest.Builder request =
                        server.request(endpoint.method(), path, "")
                                .method(
                                        endpoint.method(),
                                        HttpRequest.BodyPublishers.ofString("{}"))
                                .header("Cookie", cookie)
                                .header("Content-Type", "text/plain");
                if (!origin.isEmpty()) {
                    request.header("Origin", origin);
                }
                TestServer.Answer answer = server.send(request.build());
                String status = answer.header("grpc-status");
                assertThat(status.isEmpty() ? Integer.toString(answer.status()) : "grpc " + status)
                        .as(endpoint.method() + " " + path + " from " + origin)
                        .isIn("401", "403", "grpc 7", "grpc 16");
            }
        }
    }

    @Test
    void crossSiteWebSocket_isNotOpened() {
        String cookie = "belfry_session=" + server.admin();
        for (String origin : List.of("", EVIL, "null", "http://127.0.0.1:1")) {
            assertThat(webSocket(cookie, origin)).as(origin).startsWith("HTTP/1.1 403");
        }
        assertThat(webSocket(cookie, "http://127.0.0.1:" + server.server().port()))
                .startsWith("HTTP/1.1 101");
    }

    private static String webSocket(String cookie, String origin) {
        return RawHttp.send(
                server.server().port(),
                "GET "
                        + EVENTS
                        + "/tail HTTP/1.1\r\nHost: 127.0.0.1:"
                        + server.server().port()
                        + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                        + "Sec-WebSocket-Version: 13\r\n"
                        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nCookie: "
                        + cookie
                        + (origin.isEmpty() ? "" : "\r\nOrigin: " + origin)
                        + "\r\n\r\n");
    }

    @Test
    void pathTraversal_reachesNoFile() {
        for (String path :
                List.of(
                        "/../../../../etc/passwd",
                        "/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
                        "/assets/..%2f..%2f..%2f..%2fetc%2fpasswd",
                        "/assets/%252e%252e%252fetc/passwd",
                        "/..%5c..%5c..%5cetc%5cpasswd",
                        "/..%c0%af..%c0%afetc/passwd",
                        "//etc/passwd",
                        "/./../etc/passwd.txt",
                        "/index.html%00.png",
                        "/assets/../../dev/belfry/server/Main.class",
                        "/META-INF/MANIFEST.MF",
                        "/..;/..;/etc/passwd",
                        "/local.key",
                        "/belfry.db")) {
            String answer = RawHttp.send(server.server().port(), get(path, ""));
            assertThat(answer).as(path).doesNotContain("root:", "blf_", "Manifest-Version");
            assertThat(answer).as(path).matches("(?s)HTTP/1.1 (400|401|404).*");
        }
    }

    @Test
    void redosInQ_isAskedOnlyForWords() {
        String message = "a".repeat(20_000) + "!";
        server.post(
                        EVENTS,
                        admin,
                        "{\"event_type\":\"log\",\"source\":\"redos\",\"message\":\""
                                + message
                                + "\"}")
                .expect(201);
        for (String q :
                List.of(
                        "(a+)+$",
                        "(.*a){25}",
                        "^(([a-z])+.)+[A-Z]([a-z])+$",
                        "(?=(a+)+b)",
                        "[".repeat(2_000),
                        "a ".repeat(5_000),
                        "\"".repeat(3_001),
                        "\\".repeat(3_001))) {
            long startNanos = System.nanoTime();
            String path =
                    EVENTS
                            + "?source=redos&q="
                            + java.net.URLEncoder.encode(q, StandardCharsets.UTF_8);
            assertThat(server.get(path, admin).status()).as(q).isIn(200, 400, 422);
            assertThat(Duration.ofNanos(System.nanoTime() - startNanos))
                    .as(q)
                    .isLessThan(Duration.ofSeconds(10));
        }
    }

    @Test
    void zipBombs_areStoppedInTheDecompressor() throws IOException {
        assertThat(bomb("gzip", gzip(zeros(300)))).isEqualTo(413);
        assertThat(bomb("zstd", zstd(zeros(300)))).isEqualTo(413);
        ByteArrayOutputStream members = new ByteArrayOutputStream();
        for (int member = 0; member < 40; member++) {
            members.write(gzip(zeros(1)));
        }
        assertThat(bomb("gzip", members.toByteArray())).isEqualTo(413);
        assertThat(bomb("gzip", gzip(gzip(zeros(10))))).isIn(400, 413);
        byte[] cut = gzip(zeros(2));
        assertThat(bomb("gzip", java.util.Arrays.copyOf(cut, cut.length / 2))).isEqualTo(400);
        assertThat(bomb("zstd", "no such thing".getBytes(StandardCharsets.US_ASCII)))
                .isEqualTo(400);
        assertThat(bomb("gzip, gzip", gzip(gzip(zeros(1))))).isBetween(400, 415);
    }

    private static int bomb(String encoding, byte[] body) {
        HttpRequest request =
                server.request("POST", EVENTS, admin)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                        .header("Content-Encoding", encoding)
                        .build();
        return server.send(request).status();
    }

    /** Chunks of a MiB of blanks, so that it would be JSON if it ended. */
    private static List<byte[]> zeros(int count) {
        byte[] chunk = " ".repeat(1 << 20).getBytes(StandardCharsets.US_ASCII);
        return java.util.Collections.nCopies(count, chunk);
    }

    private static byte[] gzip(List<byte[]> chunks) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream stream = new GZIPOutputStream(bytes)) {
            for (byte[] chunk : chunks) {
                stream.write(chunk);
            }
        }
        return bytes.toByteArray();
    }

    private static byte[] gzip(byte[] chunk) throws IOException {
        return gzip(List.of(chunk));
    }

    private static byte[] zstd(List<byte[]> chunks) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream stream = new ZstdOutputStream(bytes)) {
            for (byte[] chunk : chunks) {
                stream.write(chunk);
            }
        }
        return bytes.toByteArray();
    }

    @Test
    void deepJson_isRefused() {
        for (String open : List.of("[", "{\"a\":", "[{\"a\":[")) {
            String deep = open.repeat(100_000);
            assertThat(server.post(EVENTS, admin, deep).status()).isEqualTo(400);
            assertThat(server.post(LOGIN, "", deep).status()).isEqualTo(400);
            assertThat(server.post("/api/v1/users", admin, deep).status()).isEqualTo(400);
            String inside =
                    "{\"event_type\":\"log\",\"source\":\"deep\",\"payload\":{\"a\":" + deep;
            assertThat(server.post(EVENTS, admin, inside).status()).isEqualTo(400);
        }
    }

    @Test
    void hugeArrays_areBounded() {
        String ones = "1,".repeat(6_000_000);
        assertThat(server.post(EVENTS, admin, "[" + ones + "1]").status()).isIn(400, 413);
        String event = "{\"event_type\":\"log\",\"source\":\"huge\",\"payload\":{\"a\":[";
        assertThat(server.post(EVENTS, admin, event + ones + "1]}}").status()).isIn(400, 413);
        assertThat(server.post("/api/v1/users", admin, "[" + ones + "1]").status()).isIn(400, 413);
        assertThat(server.post(EVENTS, admin, "{\"event_type\":\"log\",\"source\":1e999999999}"))
                .satisfies(answer -> assertThat(answer.status()).isEqualTo(400));
    }

    @Test
    void headerFloods_areRefused() {
        int port = server.server().port();
        String many = "X-Flood: ffffffffffffffffffffffffffffffffffffffffffffffff\r\n";
        String flood = RawHttp.send(port, get(EVENTS, many.repeat(20_000)));
        assertThat(flood).matches("(?s)(HTTP/1.1 (400|413|414|431)|closed).*");
        String one = RawHttp.send(port, get(EVENTS, "X-Long: " + "x".repeat(1 << 20) + "\r\n"));
        assertThat(one).matches("(?s)(HTTP/1.1 (400|413|414|431)|closed).*");
        String line = RawHttp.send(port, get(EVENTS + "?q=" + "x".repeat(1 << 20), ""));
        assertThat(line).matches("(?s)(HTTP/1.1 (400|413|414|431)|closed).*");
        String cookies =
                RawHttp.send(port, get(EVENTS, "Cookie: " + "a=b; ".repeat(5_000) + "\r\n"));
        assertThat(cookies).matches("(?s)HTTP/1.1 401.*");
        String oversized =
                RawHttp.send(
                        port, get(EVENTS, "Cookie: belfry_session=" + "x".repeat(30_000) + "\r\n"));
        assertThat(oversized).matches("(?s)HTTP/1.1 401.*");
    }

    @Test
    void requestSmuggling_isRefused() {
        String inner = get("/api/v1/health/live", "");
        for (String head :
                List.of(
                        "Content-Length: 4\r\nContent-Length: 40\r\n\r\n{}  ",
                        "Content-Length: +4\r\n\r\n{}  ",
                        "Content-Length: 4 4\r\n\r\n{}  ",
                        "Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
                        "Transfer-Encoding: chunked\r\n\r\n-1\r\n{}\r\n0\r\n\r\n",
                        "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n")) {
            String answer =
                    RawHttp.send(
                            server.server().port(),
                            "POST "
                                    + EVENTS
                                    + " HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer "
                                    + admin
                                    + "\r\n"
                                    + head
                                    + inner);
            assertThat(answer).as(head).doesNotContain("\"status\":\"UP\"");
            assertThat(answer).as(head).matches("(?s)(HTTP/1.1 4\\d\\d|closed).*");
        }
    }

    /** RFC 9112, 6.1: who does this is refused, and the connection ends. */
    @Test
    void lengthBesideChunks_isRefused_andEndsTheConnection() {
        String chunked =
                "POST "
                        + EVENTS
                        + " HTTP/1.1\r\nHost: a\r\n%sAuthorization: Bearer "
                        + admin
                        + "\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n";
        String next = get("/health/live", "Connection: close\r\n");
        int port = server.server().port();
        String first = get("/health/live", "");
        String both = RawHttp.send(port, chunked.formatted("Content-Length: 3\r\n") + next);
        assertThat(both).startsWith("HTTP/1.1 400").contains("beside", "connection: close");
        assertThat(both).doesNotContain("HTTP/1.1 200");
        String behind =
                RawHttp.send(port, first + chunked.formatted("content-LENGTH:3\r\n") + next);
        assertThat(behind).contains("beside").doesNotContain("HTTP/1.1 200");
        String one = RawHttp.send(port, chunked.formatted("") + next);
        assertThat(one).startsWith("HTTP/1.1 400").contains("event_type", "HTTP/1.1 200");
        String body = "{\"a\":\"content-length: 1\\ntransfer-encoding: chunked\\n\\n\"}";
        String text =
                "POST "
                        + EVENTS
                        + " HTTP/1.1\r\nHost: a\r\nContent-Length: "
                        + body.length()
                        + "\r\nAuthorization: Bearer "
                        + admin
                        + "\r\n\r\n"
                        + body;
        assertThat(RawHttp.send(port, text + next)).contains("event_type", "HTTP/1.1 200");
    }

    @Test
    void userEnumeration_answersAreTheSame() {
        String made =
                "{\"username\":\"exists\",\"password\":\"a long password\",\"disabled\":false}"
                        .replace(",\"disabled\":false", "");
        String id = server.post("/api/v1/users", admin, made).expect(201).data().get("id").asText();
        TestServer.Answer known = server.post(LOGIN, "", credentials("exists"));
        TestServer.Answer unknown = server.post(LOGIN, "", credentials("not-there"));
        server.send("PUT", "/api/v1/users/" + id, admin, "{\"disabled\":true}").expect(200);
        TestServer.Answer disabled =
                server.post(
                        LOGIN, "", "{\"username\":\"exists\",\"password\":\"a long password\"}");
        for (TestServer.Answer answer : List.of(known, unknown, disabled)) {
            assertThat(answer.status()).isEqualTo(401);
            assertThat(answer.text()).isEqualTo(known.text());
            assertThat(answer.response().headers().map().keySet())
                    .isEqualTo(known.response().headers().map().keySet());
        }
        server.post(LOGIN, "", credentials("not-there")).expect(401);
        for (int attempt = 0; attempt < 3; attempt++) {
            known = server.post(LOGIN, "", credentials("exists"));
            unknown = server.post(LOGIN, "", credentials("not-there"));
            assertThat(unknown.status()).isEqualTo(known.status());
        }
        assertThat(known.status()).isEqualTo(429);
    }

    @Test
    void securityHeaders_areOnEveryAnswer() {
        String events =
                "{\"event_type\":\"log\",\"source\":\"x\",\"message\":\"<script>alert(1)\"}";
        server.post(EVENTS, admin, events).expect(201);
        for (TestServer.Answer answer :
                List.of(
                        server.get(EVENTS + "?source=x", admin),
                        server.get(EVENTS, ""),
                        server.get("/api/v1/nothing", admin),
                        server.get("/health/live", ""),
                        server.get("/metrics", admin),
                        server.post(LOGIN, "", "{"))) {
            assertThat(answer.header("x-content-type-options")).isEqualTo("nosniff");
            assertThat(answer.header("referrer-policy")).isEqualTo("same-origin");
            assertThat(answer.header("x-frame-options")).isEqualTo("DENY");
            assertThat(answer.header("content-security-policy"))
                    .contains("default-src 'none'", "frame-ancestors 'none'");
            assertThat(answer.header("content-type")).doesNotContain("html");
            assertThat(answer.header("strict-transport-security")).isEmpty();
        }
        HttpRequest request = server.request("GET", "/", "").header("Accept", "text/html").build();
        TestServer.Answer page = server.send(request);
        if (page.status() == 200) {
            String policy = page.header("content-security-policy");
            assertThat(policy)
                    .containsPattern("script-src 'self'( 'sha256-[A-Za-z0-9+/=]+')*;")
                    .contains("frame-ancestors 'none'");
        }
        String broken = RawHttp.send(server.server().port(), "no request at all\r\n\r\n");
        assertThat(broken).matches("(?s)(HTTP/1.1 400|closed).*");
    }

    @Test
    void headersThatAreEchoed_cannotBeSplit() {
        String answer =
                RawHttp.send(
                        server.server().port(),
                        get("/health/live", "X-Request-Id: a\tb<script>\r\n"));
        assertThat(answer).startsWith("HTTP/1.1 200").doesNotContain("<script>");
        String split = RawHttp.send(server.server().port(), get("/a%0d%0aX-Evil:%20yes", ""));
        assertThat(split.toLowerCase(java.util.Locale.ROOT)).doesNotContain("\nx-evil:");
    }

    @Test
    void secrets_areInNoAnswerAndNoLog() throws IOException {
        String key = server.key(admin, "\"monitoring:events:read\"");
        server.get("/api/v1/keys", admin).expect(200);
        JsonNode audit = server.get("/api/v1/audit?limit=1000", admin).expect(200).data();
        for (String secret : List.of(key, admin, TestServer.PASSWORD)) {
            assertThat(audit.toString()).doesNotContain(secret);
            assertThat(server.get("/api/v1/keys?limit=1000", admin).text()).doesNotContain(secret);
            assertThat(server.get("/api/v1/users", admin).text()).doesNotContain(secret);
            try (var files = java.nio.file.Files.list(data.resolve("logs"))) {
                for (Path file : files.toList()) {
                    assertThat(java.nio.file.Files.readString(file)).doesNotContain(secret);
                }
            }
        }
    }

    private static String get(String path, String headers) {
        return "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" + headers + "\r\n";
    }

    private static String credentials(String username) {
        String password = username.equals("admin") ? TestServer.PASSWORD : "wrong password";
        return "{\"username\":\"" + username + "\",\"password\":\"" + password + "\"}";
    }
}
