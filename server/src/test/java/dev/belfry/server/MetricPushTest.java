package dev.belfry.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MetricPushTest {
    private static final String METRICS = "/api/v1/monitoring/metrics";

    @TempDir private Path data;

    @Test
    void counters_areAddedUp_overRestarts() {
        String body =
                "{\"name\":\"http_requests_total\",\"metric_type\":\"counter\",\"value\":1,"
                        + "\"labels\":{\"method\":\"GET\",\"status\":\"200\"}}";
        try (TestServer server = TestServer.start(data)) {
            String admin = server.admin();
            JsonNode taken = server.post(METRICS, admin, body).expect(201).data();
            assertThat(taken.get("name").asText()).isEqualTo("http_requests_total");
            assertThat(taken.get("timestamp").asText()).endsWith("Z");
            server.post(METRICS, admin, body).expect(201);
            assertThat(value(server, admin, "http_requests_total{method=\"GET\"}")).isEqualTo(2);
        }
        try (TestServer server = TestServer.start(data)) {
            String admin = server.admin();
            server.post(METRICS + "/custom", admin, body.replace("metric_type", "metricType"))
                    .expect(201);
            assertThat(value(server, admin, "http_requests_total")).isEqualTo(3);
        }
    }

    @Test
    void array_ofAllTypes_namesWhatIsWrong() {
        try (TestServer server = TestServer.start(data)) {
            String admin = server.admin();
            String body =
                    """
                    [{"name":"cpu","type":"gauge","value":0.5,"tags":{"core":1,"hot":true}},
                     {"name":"d","metric_type":"histogram","value":0.3},
                     {"name":"d","metric_type":"histogram","value":20},
                     {"name":"s","metric_type":"summary","value":10},
                     {"name":"x","metric_type":"counter","value":-1},
                     {"name":"y","metric_type":"odd","value":1},
                     {"name":"z","metric_type":"gauge","value":"1"},
                     {"name":"w","metric_type":"gauge","value":1,"labels":{"a":{}}}]
                    """;
            JsonNode taken = server.post(METRICS, admin, body).expect(201).data();
            assertThat(taken.get("accepted").asInt()).isEqualTo(4);
            assertThat(taken.get("errors").findValuesAsText("message"))
                    .containsExactly(
                            "value: -1 (expected: at least 0, the increment of a counter)",
                            "metric_type: \"odd\" (expected: counter, gauge, histogram or summary)",
                            "value: \"1\" (expected: a number)",
                            "labels.a: an object (expected: a string, a number, true or false)");
            assertThat(value(server, admin, "cpu{core=\"1\",hot=\"true\"}")).isEqualTo(0.5);
            assertThat(value(server, admin, "d_count")).isEqualTo(2);
            assertThat(value(server, admin, "d_bucket{le=\"0.5\"}")).isEqualTo(1);
            assertThat(value(server, admin, "d_bucket{le=\"0.25\"}")).isZero();
            assertThat(value(server, admin, "histogram_count(d)")).isEqualTo(2);
            assertThat(value(server, admin, "s{quantile=\"0.99\"}")).isEqualTo(10);
            assertThat(value(server, admin, "monitoring_total_metrics")).isEqualTo(4);
            JsonNode figures = server.get("/api/v1/monitoring/stats", admin).expect(200).data();
            assertThat(figures.get("total_metrics").asInt()).isEqualTo(4);
            assertThat(figures.get("metrics_last_hour").asInt()).isEqualTo(4);
        }
    }

    @Test
    void idempotencyKey_countsOnce() throws Exception {
        try (TestServer server = TestServer.start(data)) {
            String admin = server.admin();
            String body = "{\"name\":\"orders\",\"metric_type\":\"counter\",\"value\":2}";
            for (int i = 0; i < 3; i++) {
                HttpRequest request =
                        HttpRequest.newBuilder(server.uri(METRICS))
                                .header("authorization", "Bearer " + admin)
                                .header("content-type", "application/json")
                                .header("idempotency-key", i < 2 ? "one" : "two")
                                .POST(HttpRequest.BodyPublishers.ofString(body))
                                .build();
                HttpResponse<String> answer =
                        server.client().send(request, HttpResponse.BodyHandlers.ofString());
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
            }
            assertThat(value(server, admin, "orders")).isEqualTo(4);
        }
    }

    @Test
    void metricEvents_areSamplesToo() throws Exception {
        try (TestServer server = TestServer.start(data)) {
            String admin = server.admin();
            String events =
                    """
                    [{"event_type":"metric","source":"shop","tags":{"zone":"a","cores":4,"n":{"x":1}},
                      "payload":{"name":"cpu.load","value":0.75,"labels":{"hot":true}}},
                     {"event_type":"metric","source":"shop",
                      "payload":{"name":"sold","value":2,"metric_type":"counter"}},
                     {"event_type":"metric","source":"shop",
                      "payload":{"name":"sold","value":-2,"metric_type":"counter"}},
                     {"event_type":"metric","source":"shop","payload":{"name":"text","value":"1"}},
                     {"event_type":"log","source":"shop","payload":{"name":"log","value":1}}]
                    """;
            HttpRequest request =
                    HttpRequest.newBuilder(server.uri(TestServer.EVENTS))
                            .header("Authorization", "Bearer " + admin)
                            .header("Content-Type", "application/json")
                            .header("Idempotency-Key", "once")
                            .POST(HttpRequest.BodyPublishers.ofString(events))
                            .build();
            for (int i = 0; i < 2; i++) {
                HttpResponse<String> answer =
                        server.client().send(request, HttpResponse.BodyHandlers.ofString());
                assertThat(answer.statusCode()).isEqualTo(201);
            }
            String load =
                    "{\"cpu.load\",source=\"shop\",zone=\"a\",cores=\"4\",hot=\"true\",n=\"\"}";
            assertThat(value(server, admin, load)).isEqualTo(0.75);
            assertThat(value(server, admin, "sold")).isEqualTo(2);
            assertThat(value(server, admin, "monitoring_total_metrics")).isEqualTo(2);
            assertThat(server.get(TestServer.EVENTS + "?event_type=metric", admin).data())
                    .hasSize(4);
            assertThat(server.get("/api/v1/label/__name__/values", admin).text())
                    .doesNotContain("\"text\"", "\"log\"");
            assertThat(server.get("/metrics", admin).text())
                    .contains("ingestion_errors_by_reason_total{reason=\"validation_error\"} ");
        }
    }

    private static double value(TestServer server, String token, String query) {
        String encoded = URLEncoder.encode(query, StandardCharsets.UTF_8);
        JsonNode result =
                server.get("/api/v1/query?query=" + encoded, token)
                        .expect(200)
                        .data()
                        .get("result");
        assertThat(result).as(query).hasSize(1);
        return result.get(0).get("value").get(1).asDouble();
    }
}
