package dev.belfry.server;

import static dev.belfry.server.TestServer.EVENTS;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The configuration over HTTP, and rate limits, which it can change. */
final class LiveConfigTest {
    private static final String CONFIG = "/api/v1/monitoring/config";
    private static final String EVENT = "{\"event_type\":\"log\",\"source\":\"r\"}";

    @Test
    void secretsOfJobsAndListeners_areNotShownAnywhere(@TempDir Path data) {
        String jobs =
                """
                [{"job_name": "j", "scrape_interval": "1h",
                  "basic_auth": {"username": "u", "password": "hunter2"},
                  "http_headers": {"X": {"values": ["seen"], "secrets": ["hunter3"]}},
                  "http_sd_configs": [{"url": "http://u:hunter4@127.0.0.1:1/x", "bearer_token": "hunter5"}]}]
                """;
        String fluent = "[{\"port\": 0, \"shared_key\": \"hunter6\"}]";
        try (TestServer server =
                TestServer.start(data, "--scrape.configs", jobs, "--fluent.listeners", fluent)) {
            String admin = server.admin();
            for (String path : List.of(CONFIG, "/api/v1/status/config", "/api/v1/status/flags")) {
                String text = server.get(path, admin).expect(200).json().toString();
                assertThat(text)
                        .as(path)
                        .doesNotContain("hunter")
                        .contains("<secret>", "http://u:xxxxx@127.0.0.1:1/x", "seen", "job_name");
            }
        }
    }

    @Test
    void config_isShownWithOrigin_secretsMasked_changedAndKept(@TempDir Path data) {
        try (TestServer server = TestServer.start(data, "--limits.batch", "5000")) {
            String admin = server.admin();
            TestServer.Answer shown = server.get(CONFIG, admin).expect(200);
            assertThat(shown.text()).doesNotContain(TestServer.PASSWORD);
            assertThat(setting(shown, "admin.password").get("value").asText())
                    .isEqualTo("(set, not shown)");
            assertThat(setting(shown, "admin.password").get("origin").asText())
                    .isEqualTo("BELFRY_ADMIN_PASSWORD");
            assertThat(setting(shown, "limits.batch").get("origin").asText())
                    .isEqualTo("--limits.batch");
            assertThat(
                            server.send("PUT", CONFIG, admin, "{\"server.port\":1}")
                                    .expect(400)
                                    .errorMessage())
                    .contains("server.port", "needs a restart", "logging.level");
            assertThat(
                            server.send(
                                            "PUT",
                                            CONFIG,
                                            admin,
                                            "{\"logging.level\":\"warn\",\"rate_limits.key.events\":-1}")
                                    .expect(400)
                                    .errorMessage())
                    .contains("rate_limits.key.events", "-1");
            assertThat(setting(server.get(CONFIG, admin), "logging.level").get("value").asText())
                    .isEqualTo("info");
            TestServer.Answer changed =
                    server.send("PUT", CONFIG, admin, "{\"logging.level\":\"warn\"}").expect(200);
            assertThat(setting(changed, "logging.level").get("value").asText()).isEqualTo("warn");
            JsonNode audit = server.get("/api/v1/audit?action=config.", admin).expect(200).data();
            assertThat(audit.findValuesAsText("action")).contains("config.read", "config.update");
            assertThat(audit.at("/0/details").toString())
                    .isEqualTo("{\"from\":\"info\",\"to\":\"warn\"}");
        }
        try (TestServer server = TestServer.start(data)) {
            String admin = server.admin();
            JsonNode level = setting(server.get(CONFIG, admin), "logging.level");
            assertThat(level.get("value").asText()).isEqualTo("warn");
            assertThat(level.get("origin").asText()).isEqualTo("changed while running");
            server.send("PUT", CONFIG, admin, "{\"logging.level\":null}").expect(200);
            assertThat(setting(server.get(CONFIG, admin), "logging.level").get("value").asText())
                    .isEqualTo("info");
        }
    }

    @Test
    void rates_ofEventsAndQueries_refuseWithHeaders_andAreCounted(@TempDir Path data) {
        try (TestServer server = TestServer.start(data)) {
            String admin = server.admin();
            String body =
                    "{\"name\":\"k\",\"permissions\":[\"monitoring:events:write\","
                            + "\"monitoring:events:read\"],\"rate_limits\":"
                            + "{\"events_per_second\":2,\"queries_per_second\":1}}";
            JsonNode made = server.post("/api/v1/keys", admin, body).expect(201).data();
            String key = made.get("key").asText();
            String ten = "[" + EVENT + (", " + EVENT).repeat(9) + "]";
            TestServer.Answer first = server.post(EVENTS, key, ten).expect(201);
            assertThat(first.header("ratelimit-limit")).isEqualTo("2");
            assertThat(first.header("ratelimit-remaining")).isEqualTo("0");
            TestServer.Answer second = server.post(EVENTS, key, EVENT).expect(429);
            assertThat(second.errorCode()).isEqualTo("RATE_LIMITED");
            assertThat(second.json().at("/error/details/reason").asText()).isEqualTo("rate_limit");
            assertThat(Long.parseLong(second.header("retry-after"))).isBetween(3L, 5L);
            assertThat(Long.parseLong(second.header("ratelimit-reset"))).isBetween(4L, 6L);
            server.post(EVENTS, admin, EVENT).expect(201);
            server.get(EVENTS, key).expect(200);
            TestServer.Answer last = server.get(EVENTS, key);
            for (int i = 0; i < 20 && last.status() == 200; i++) {
                last = server.get(EVENTS, key);
            }
            last.expect(429);
            String metrics = server.get("/metrics", admin).expect(200).text();
            String label = "{key=\"key:" + made.get("id").asText() + "\"}";
            assertThat(metrics)
                    .contains("belfry_rate_limited_total" + label + " 2")
                    .contains("belfry_rate_limit_used_ratio" + label);
            assertThat(first.response().headers().map()).containsKey("ratelimit-reset");
            assertThat(server.get(EVENTS, admin).response().headers().map())
                    .doesNotContainKey("ratelimit-limit");
        }
    }

    @Test
    void rates_ofAUser_coverAllTheirKeys_andCanBeChanged(@TempDir Path data) {
        try (TestServer server = TestServer.start(data)) {
            String admin = server.admin();
            String user = server.user(admin, "rated", "user");
            String id = server.get("/api/v1/auth/me", user).data().get("id").asText();
            String one = server.key(user, "\"monitoring:events:write\"");
            String two = server.key(user, "\"monitoring:events:write\"");
            server.send(
                            "PUT",
                            "/api/v1/users/" + id,
                            admin,
                            "{\"rate_limits\":{\"bytes_per_second\":10}}")
                    .expect(200);
            server.post(EVENTS, one, EVENT).expect(201);
            server.post(EVENTS, two, EVENT).expect(429);
            server.post(EVENTS, user, EVENT).expect(429);
            server.send("PUT", "/api/v1/users/" + id, admin, "{\"rate_limits\":null}").expect(200);
            server.post(EVENTS, two, EVENT).expect(201);
            server.send("PUT", CONFIG, admin, "{\"rate_limits.user.events\":1}").expect(200);
            server.post(EVENTS, one, EVENT).expect(201);
            server.post(EVENTS, two, EVENT).expect(429);
            server.send("PUT", CONFIG, admin, "{\"rate_limits.user.events\":null}").expect(200);
            server.post(EVENTS, two, EVENT).expect(201);
        }
    }

    private static JsonNode setting(TestServer.Answer answer, String key) {
        for (JsonNode setting : answer.data()) {
            if (setting.get("key").asText().equals(key)) {
                return setting;
            }
        }
        throw new AssertionError(key);
    }
}
