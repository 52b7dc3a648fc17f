package dev.belfry.server;

import static dev.belfry.server.TestServer.EVENTS;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pages of other sites: those of the configuration may call with a key, the others may not. */
final class CrossOriginTest {
    private static final String SHOP = "https://shop.example.com";
    private static final String EVIL = "https://evil.example";
    private static final String ALLOWED = "access-control-allow-origin";
    private static final List<String> DOORS =
            List.of(EVENTS, "/v1/logs", "/v1/metrics", "/loki/api/v1/push", "/_bulk");
    @TempDir private static Path data;
    @TempDir private static Path closedData;
    private static TestServer server;
    private static String admin;

    @BeforeAll
    static void start() {
        server = TestServer.start(data, "--server.cors_origins", SHOP + ", http://localhost:5173");
        admin = server.admin();
    }

    @AfterAll
    static void end() {
        server.close();
    }

    @Test
    void allowedOrigin_isAnsweredBeforeItShowsAKey() {
        for (String door : DOORS) {
            TestServer.Answer answer = preflight(server, door, SHOP).expect(204);
            assertThat(answer.header(ALLOWED)).isEqualTo(SHOP);
            assertThat(answer.header("access-control-allow-methods")).contains("POST");
            assertThat(answer.header("access-control-allow-headers"))
                    .isEqualTo("authorization,content-type");
            assertThat(answer.header("access-control-allow-credentials")).isEmpty();
            assertThat(answer.header("vary")).isEqualTo("origin");
        }
        assertThat(preflight(server, EVENTS, "http://localhost:5173").status()).isEqualTo(204);
    }

    @Test
    void allowedOrigin_readsAnswersAndRefusals() {
        TestServer.Answer answer = read(admin, SHOP).expect(200);
        assertThat(answer.header(ALLOWED)).isEqualTo(SHOP);
        assertThat(answer.header("access-control-expose-headers")).contains("retry-after");
        assertThat(read("", SHOP).expect(401).header(ALLOWED)).isEqualTo(SHOP);
    }

    @Test
    void otherOrigin_isNotAllowed() {
        for (String origin : List.of(EVIL, "null", SHOP + ".evil.example", "http://localhost")) {
            assertThat(preflight(server, EVENTS, origin).expect(401).header(ALLOWED)).isEmpty();
            TestServer.Answer answer = read(admin, origin).expect(200);
            assertThat(answer.header(ALLOWED)).isEmpty();
            assertThat(answer.header("vary")).isEqualTo("origin");
        }
    }

    @Test
    void cookie_isNotTakenFromAnAllowedOrigin() {
        HttpRequest request =
                server.request("DELETE", "/api/v1/auth/sessions", "")
                        .header("Cookie", "belfry_session=" + server.admin())
                        .header("Origin", SHOP)
                        .build();
        server.send(request).expect(403);
    }

    @Test
    void withoutConfiguration_nobodyIsAllowed() {
        try (TestServer closed = TestServer.start(closedData)) {
            TestServer.Answer answer = preflight(closed, EVENTS, SHOP).expect(401);
            assertThat(answer.header(ALLOWED)).isEmpty();
            assertThat(answer.header("vary")).isEmpty();
        }
    }

    private static TestServer.Answer preflight(TestServer asked, String path, String origin) {
        return asked.send(
                asked.request("OPTIONS", path, "")
                        .header("Origin", origin)
                        .header("Access-Control-Request-Method", "POST")
                        .header("Access-Control-Request-Headers", "authorization,content-type")
                        .build());
    }

    private static TestServer.Answer read(String token, String origin) {
        return server.send(server.request("GET", EVENTS, token).header("Origin", origin).build());
    }
}
