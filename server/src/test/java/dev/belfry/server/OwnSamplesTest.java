package dev.belfry.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belfry.testkit.Await;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OwnSamplesTest {
    private static final String COLLECT = "/api/v1/monitoring/metrics/collect";
    private static final String EVENT = "{\"event_type\":\"log\",\"source\":\"s\"}";

    @TempDir Path data;

    @Test
    void ownMetrics_goIntoTheStoreWithTypesAndHelp() throws Exception {
        try (TestServer server = TestServer.start(data, "--metrics.store", "true")) {
            String admin = server.admin();
            Await.until(
                    "own series",
                    Duration.ofSeconds(20),
                    () -> !result(server, admin, "belfry_journal_forces_total").isEmpty());
            JsonNode labels = result(server, admin, "monitoring_total_events").get(0).get("metric");
            assertThat(labels.get("job").asText()).isEqualTo("belfry");
            assertThat(labels.get("instance").asText())
                    .isEqualTo("127.0.0.1:" + server.server().port());
            assertThat(server.get("/api/v1/metadata?metric=monitoring_total_events", admin).text())
                    .contains("\"type\":\"counter\"");
        }
    }

    @Test
    void histograms_areNativeOnesToo_collectedWhenAsked() throws Exception {
        try (TestServer server = TestServer.start(data, "--metrics.store", "true")) {
            String admin = server.admin();
            for (int i = 0; i < 20; i++) {
                server.post(TestServer.EVENTS, admin, EVENT).expect(201);
            }
            Await.until(
                    "own series",
                    Duration.ofSeconds(20),
                    () ->
                            server.post(COLLECT, admin, "")
                                            .expect(200)
                                            .data()
                                            .get("samples")
                                            .asInt()
                                    > 50);
            String name = "belfry_ingestion_duration_seconds";
            double count = value(server, admin, "histogram_count(" + name + ")");
            assertThat(count).isGreaterThanOrEqualTo(20);
            assertThat(value(server, admin, name + "_count")).isEqualTo(count);
            assertThat(value(server, admin, "histogram_sum(" + name + ")"))
                    .isEqualTo(value(server, admin, name + "_sum"));
            assertThat(value(server, admin, "histogram_quantile(0.95," + name + ")"))
                    .isBetween(0.00001, 60.0);
            assertThat(result(server, admin, "belfry_http_request_duration_seconds")).isNotEmpty();
            server.post(COLLECT, server.user(admin, "ann", "user"), "").expect(403);
        }
    }

    private static double value(TestServer server, String token, String query) {
        JsonNode found = result(server, token, query);
        assertThat(found).as(query).hasSize(1);
        return found.get(0).get("value").get(1).asDouble();
    }

    private static JsonNode result(TestServer server, String token, String query) {
        return server.get("/api/v1/query?query=" + query, token)
                .expect(200)
                .json()
                .at("/data/result");
    }
}
