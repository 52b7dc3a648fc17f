package dev.belfry.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.server.http.Endpoint;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every endpoint × who calls it. An endpoint that is not in the table fails the test. */
final class EndpointAccessTest {
    /** The least that may call it; KEY_x: a key too, which holds that permission. */
    private static final Map<String, String> TABLE = table();

    private static Map<String, String> table() {
        Map<String, String> table = new LinkedHashMap<>();
        for (String open :
                List.of(
                        "POST /api/v1/auth/login",
                        "GET /api/v1/auth/providers",
                        "GET /api/v1/health",
                        "GET /ping",
                        "HEAD /ping",
                        "GET /health",
                        "GET /api/v1/health/ready",
                        "GET /api/v1/health/live",
                        "GET /health/ready",
                        "GET /health/live",
                        "GET /api/v1/monitoring/health",
                        "GET /api/v1/openapi.json")) {
            table.put(open, "public");
        }
        table.put("GET /api/v1/auth/me", "anyone");
        for (String own :
                List.of(
                        "POST /api/v1/auth/logout",
                        "POST /api/v1/auth/password",
                        "GET /api/v1/auth/sessions",
                        "DELETE /api/v1/auth/sessions",
                        "DELETE /api/v1/auth/sessions/{id}",
                        "POST /api/v1/monitoring/queries",
                        "PUT /api/v1/monitoring/queries/{id}",
                        "DELETE /api/v1/monitoring/queries/{id}",
                        "GET /api/v1/monitoring/queries/{id}/results",
                        "GET /api/v1/keys",
                        "POST /api/v1/keys",
                        "GET /api/v1/keys/{id}",
                        "DELETE /api/v1/keys/{id}")) {
            table.put(own, "user");
        }
        for (String receiving :
                List.of(
                        "POST /api/v1/monitoring/events",
                        "POST /v1/logs",
                        "POST /loki/api/v1/push",
                        "POST /otlp/v1/logs",
                        "POST /v1/traces",
                        "POST /v1/metrics",
                        "POST /api/v1/otlp/v1/metrics",
                        "POST /api/v1/monitoring/metrics",
                        "POST /api/v1/monitoring/metrics/custom",
                        "POST /api/v1/import/prometheus",
                        "POST /write",
                        "POST /api/v2/write",
                        "POST /query",
                        "POST /opentelemetry.proto.collector.logs.v1.LogsService/Export",
                        "POST /opentelemetry.proto.collector.trace.v1.TraceService/Export",
                        "POST /opentelemetry.proto.collector.metrics.v1.MetricsService/Export")) {
            table.put(receiving, "user write");
        }
        others(table);
        for (String reading :
                List.of(
                        "GET /api/v1/monitoring/events",
                        "GET /api/v1/monitoring/events/{id}",
                        "GET /api/v1/monitoring/events/histogram",
                        "GET /api/v1/monitoring/events/tail",
                        "GET /api/v1/monitoring/events/{id}/context",
                        "GET /api/v1/monitoring/patterns",
                        "GET /api/v1/monitoring/events/export",
                        "GET /api/v1/monitoring/queries",
                        "GET /api/v1/monitoring/queries/{id}",
                        "POST /api/v1/monitoring/compare",
                        "GET /api/v1/monitoring/logs",
                        "GET /api/v1/monitoring/fields",
                        "POST /api/v1/monitoring/query",
                        "POST /api/v1/monitoring/query/format",
                        "GET /api/v1/monitoring/queries/running",
                        "DELETE /api/v1/monitoring/queries/running/{id}",
                        "GET /api/v1/monitoring/overview",
                        "GET /api/v1/monitoring/metrics",
                        "GET /api/v1/targets",
                        "GET /prometheus/api/v1/targets",
                        "GET /api/v1/targets/metadata",
                        "GET /prometheus/api/v1/targets/metadata",
                        "GET /api/v1/scrape_pools",
                        "GET /prometheus/api/v1/scrape_pools",
                        "GET /api/v1/monitoring/metrics/prometheus",
                        "GET /metrics")) {
            table.put(reading, "user read");
        }
        prometheus(table);
        table.put("GET /api/v1/monitoring/stats", "moderator read");
        table.put("GET /api/v1/stats", "moderator read");
        table.put("POST /api/v1/users/{id}/force-password-reset", "moderator");
        table.put("POST /api/v1/monitoring/metrics/collect", "moderator write");
        for (String administering :
                List.of(
                        "POST /api/v1/monitoring/sql",
                        "GET /api/v1/monitoring/segments",
                        "GET /api/v1/monitoring/retention",
                        "GET /api/v1/monitoring/status",
                        "GET /api/v1/users",
                        "POST /api/v1/users",
                        "GET /api/v1/users/{id}",
                        "GET /api/v1/users/{id}/sessions",
                        "DELETE /api/v1/users/{id}/sessions",
                        "PUT /api/v1/users/{id}",
                        "DELETE /api/v1/users/{id}",
                        "GET /api/v1/monitoring/config",
                        "PUT /api/v1/monitoring/config",
                        "GET /api/v1/audit")) {
            table.put(administering, "admin admin");
        }
        return table;
    }

    private static void prometheus(Map<String, String> table) {
        for (String prefix : List.of("", "/prometheus")) {
            String api = prefix + "/api/v1/";
            table.put("POST " + api + "write", "user write");
            table.put("POST " + api + "read", "user read");
            table.put("GET " + prefix + "/federate", "user read");
            table.put("GET " + prefix + "/-/healthy", "public");
            table.put("GET " + prefix + "/-/ready", "public");
            for (String both :
                    List.of(
                            "query",
                            "query_range",
                            "query_exemplars",
                            "format_query",
                            "parse_query",
                            "series",
                            "labels")) {
                table.put("GET " + api + both, "user read");
                table.put("POST " + api + both, "user read");
            }
            for (String get :
                    List.of(
                            "label/{name}/values",
                            "metadata",
                            "rules",
                            "alerts",
                            "alertmanagers",
                            "features",
                            "notifications",
                            "status/buildinfo",
                            "status/runtimeinfo",
                            "status/tsdb",
                            "status/walreplay")) {
                table.put("GET " + api + get, "user read");
            }
            table.put("GET " + api + "status/config", "admin admin");
            table.put("GET " + api + "status/flags", "admin admin");
            for (String admin : List.of("delete_series", "clean_tombstones", "snapshot")) {
                table.put("POST " + api + "admin/tsdb/" + admin, "admin admin");
                table.put("PUT " + api + "admin/tsdb/" + admin, "admin admin");
            }
        }
    }

    private static void others(Map<String, String> table) {
        for (String documents :
                List.of(
                        "/_bulk",
                        "/{index}/_bulk",
                        "/{index}/_doc/{id}",
                        "/{index}/_create/{id}",
                        "/elasticsearch/{rest}")) {
            table.put("POST " + documents, "user write");
            table.put("PUT " + documents, "user write");
        }
        table.put("POST /{index}/_doc", "user write");
        for (String api :
                List.of(
                        "_license",
                        "_xpack",
                        "_cluster",
                        "_nodes",
                        "_cat",
                        "_ilm",
                        "_index_template",
                        "_component_template",
                        "_template",
                        "_ingest",
                        "_data_stream",
                        "_alias",
                        "_logstash")) {
            table.put("GET /" + api + "/{rest}", "user write");
        }
        for (String api :
                List.of(
                        "_ilm",
                        "_index_template",
                        "_component_template",
                        "_template",
                        "_ingest",
                        "_data_stream")) {
            table.put("PUT /" + api + "/{rest}", "user write");
        }
        table.put("GET /", "user write");
        for (String splunk : List.of("", "/event", "/event/1.0", "/raw", "/raw/1.0", "/ack")) {
            table.put("POST /services/collector" + splunk, "user write");
        }
        table.put("GET /services/collector/health", "public");
        table.put("GET /services/collector/health/1.0", "public");
        table.put("POST /api/v2/logs", "user write");
        table.put("POST /v1/input", "user write");
        table.put("GET /api/v1/validate", "user write");
        table.put("GET /elasticsearch/{rest}", "user write");
    }

    @Test
    void endpoints_byCaller(@TempDir Path data) {
        try (TestServer server = TestServer.start(data)) {
            assertThat(names(server.server().endpoints()))
                    .as("the table of this test against the endpoints")
                    .isEqualTo(new TreeSet<>(TABLE.keySet()));
            Callers callers = Callers.make(server);
            for (Endpoint endpoint : server.server().endpoints()) {
                walk(server, callers, endpoint);
            }
        }
    }

    private static void walk(TestServer server, Callers callers, Endpoint endpoint) {
        String[] words = TABLE.get(endpoint.method() + " " + endpoint.path()).split(" ");
        boolean open = words[0].equals("public");
        boolean anyone = words[0].equals("anyone");
        int refused = open ? 0 : 401;
        check(server, endpoint, "", refused);
        check(server, endpoint, "blf_no-such-token", refused);
        check(server, endpoint, callers.expired(), refused);
        int rank = List.of("public", "anyone", "user", "moderator", "admin").indexOf(words[0]);
        check(server, endpoint, callers.user(server), rank <= 2 ? 0 : 403);
        check(server, endpoint, callers.moderator(server), rank <= 3 ? 0 : 403);
        check(server, endpoint, callers.admin(server), 0);
        String permission = words.length > 1 ? words[1] : "";
        for (Map.Entry<String, String> key : callers.keys().entrySet()) {
            boolean allowed = open || anyone || key.getKey().equals(permission);
            check(server, endpoint, key.getValue(), allowed ? 0 : 403);
        }
    }

    /** {@code expected} 0: not refused for want of credentials or permission. */
    private static void check(TestServer server, Endpoint endpoint, String token, int expected) {
        String path =
                endpoint.path()
                        .replace("{id}", UUID.randomUUID().toString())
                        .replaceAll("\\{(rest|index|name)}", "x");
        boolean login = endpoint.path().endsWith("/login");
        TestServer.Answer answer = server.send(endpoint.method(), path, token, login ? "[]" : "{}");
        if (answer.header("content-type").equals("application/grpc")) {
            checkCall(answer, path + " with " + token, expected);
            return;
        }
        if (expected == 0) {
            assertThat(answer.status())
                    .as(endpoint.method() + " " + path + " with " + token + ": " + answer.text())
                    .isNotIn(401, 403, 500);
        } else {
            /* Splunk and Datadog answer 403 to a key that they do not know. */
            boolean known = endpoint.dialect().isForeign() && !token.isEmpty() && expected == 401;
            assertThat(answer.status())
                    .as(endpoint.method() + " " + path + " with " + token + ": " + answer.text())
                    .isIn(expected, known ? 403 : expected);
            if (!endpoint.dialect().isForeign()) {
                assertThat(answer.errorCode())
                        .isEqualTo(expected == 401 ? "UNAUTHORIZED" : "FORBIDDEN");
            }
        }
    }

    /** gRPC says by a status of its own what others say by HTTP's. */
    private static void checkCall(TestServer.Answer answer, String name, int expected) {
        String status = answer.header("grpc-status");
        switch (expected) {
            case 401 -> assertThat(status).as(name).isEqualTo("16");
            case 403 -> assertThat(status).as(name).isEqualTo("7");
            default -> assertThat(status).as(name).isNotIn("16", "7", "13");
        }
    }

    private static TreeSet<String> names(List<Endpoint> endpoints) {
        TreeSet<String> names = new TreeSet<>();
        endpoints.forEach(endpoint -> names.add(endpoint.method() + " " + endpoint.path()));
        return names;
    }

    /** Sessions are made anew when one was logged out by the walk. */
    private static final class Callers {
        private final Map<String, String> keys;
        private final String expired;
        private String user;
        private String moderator;
        private String admin;

        private Callers(
                Map<String, String> keys,
                String expired,
                String user,
                String moderator,
                String admin) {
            this.keys = keys;
            this.expired = expired;
            this.user = user;
            this.moderator = moderator;
            this.admin = admin;
        }

        static Callers make(TestServer server) {
            String admin = server.admin();
            String read = server.key(admin, "\"monitoring:events:read\"");
            String write = server.key(admin, "\"monitoring:events:write\"");
            String all = server.key(admin, "\"monitoring:admin\"");
            String expiring =
                    server.post(
                                    "/api/v1/keys",
                                    admin,
                                    "{\"name\":\"e\",\"permissions\":[\"monitoring:admin\"],"
                                            + "\"expires_at\":\"now+1m\"}")
                            .expect(201)
                            .data()
                            .get("key")
                            .asText();
            server.get("/api/v1/users", expiring).expect(200);
            server.clock().forward(Duration.ofMinutes(2));
            String user = server.user(admin, "ursula", "user");
            String moderator = server.user(admin, "mona", "moderator");
            return new Callers(
                    Map.of("read", read, "write", write, "admin", all),
                    expiring,
                    user,
                    moderator,
                    admin);
        }

        Map<String, String> keys() {
            return keys;
        }

        String expired() {
            return expired;
        }

        String user(TestServer server) {
            if (server.get("/api/v1/auth/me", user).status() == 401) {
                user = server.login("ursula", "password of ursula");
            }
            return user;
        }

        String moderator(TestServer server) {
            if (server.get("/api/v1/auth/me", moderator).status() == 401) {
                moderator = server.login("mona", "password of mona");
            }
            return moderator;
        }

        String admin(TestServer server) {
            if (server.get("/api/v1/auth/me", admin).status() == 401) {
                admin = server.admin();
            }
            return admin;
        }
    }
}
