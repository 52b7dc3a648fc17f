package dev.belfry.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** winston-loki from npm: a client of Loki that pushes JSON, or Protocol Buffers with Snappy. */
final class LokiJsTest {
    @TempDir private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"json", "proto"})
    @Timeout(60)
    void pushes_thoughBelfryIsKilled_andLosesNothing(String form) throws Exception {
        NodeClient client = NodeClient.install("loki-js");
        String port = Integer.toString(OpenTelemetryJavaTest.freePort());
        Path data = folder.resolve("data");
        BelfryProcess belfry = BelfryProcess.start(data, "--port", port);
        try {
            String key;
            try (ApiClient api = ApiClient.login(belfry)) {
                key = api.key("monitoring:events:write");
            }
            Path errors = folder.resolve("node.err");
            try (ClientProcess process =
                    client.send(errors, form, belfry.address(), key, 500, 15)) {
                try (ApiClient api = ApiClient.login(belfry)) {
                    while (events(api, form).size() < 50) {
                        Thread.onSpinWait();
                    }
                }
                belfry.kill();
                belfry = BelfryProcess.start(data, "--port", port);
                process.await(Duration.ofSeconds(40));
            }
            Set<String> messages = new TreeSet<>();
            try (ApiClient api = ApiClient.login(belfry)) {
                for (JsonNode event : events(api, form)) {
                    messages.add(event.get("message").asText());
                    assertThat(event.get("level").asText()).isEqualTo("warn");
                    assertThat(event.at("/tags/number").asText()).matches("n[012]");
                }
            }
            assertThat(messages).hasSize(500);
        } finally {
            belfry.kill();
        }
    }

    private static JsonNode events(ApiClient api, String form) throws Exception {
        return api.get("/api/v1/monitoring/events?source=loki-" + form + "&limit=1000").get("data");
    }
}
