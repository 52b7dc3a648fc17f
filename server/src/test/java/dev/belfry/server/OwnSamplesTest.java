package dev.belfry.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belfry.testkit.Await;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OwnSamplesTest {
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

    private static JsonNode result(TestServer server, String token, String query) {
        return server.get("/api/v1/query?query=" + query, token)
                .expect(200)
                .json()
                .at("/data/result");
    }
}
