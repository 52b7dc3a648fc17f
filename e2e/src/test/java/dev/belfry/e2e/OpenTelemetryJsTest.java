package dev.belfry.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The OpenTelemetry JS SDK from npm on Node, by each of its exporters. */
final class OpenTelemetryJsTest {
    private static NodeClient client;

    @TempDir private Path folder;

    @BeforeAll
    static void install() throws Exception {
        client = NodeClient.install("opentelemetry-js");
    }

    @ParameterizedTest
    @ValueSource(strings = {"json", "proto", "grpc"})
    @Timeout(60)
    void exporter_sendsLogs(String protocol) throws Exception {
        try (BelfryProcess belfry = BelfryProcess.start(folder.resolve("data"));
                ApiClient api = ApiClient.login(belfry)) {
            String path = protocol.equals("grpc") ? "" : "/v1/logs";
            send(protocol, belfry.address() + path, api.key("monitoring:events:write"), 25, 0)
                    .await(Duration.ofSeconds(30));
            JsonNode events =
                    api.get("/api/v1/monitoring/events?source=js-" + protocol).get("data");
            assertThat(events).hasSize(25);
            Set<String> messages = new TreeSet<>();
            for (JsonNode event : events) {
                messages.add(event.get("message").asText());
                assertThat(event.get("level").asText()).isEqualTo("WARN");
                JsonNode tags = event.get("tags");
                assertThat("line " + tags.get("number").asInt())
                        .isEqualTo(event.get("message").asText());
                assertThat(tags.get("half").asDouble() * 2)
                        .isEqualTo(tags.get("number").asDouble());
                assertThat(tags.get("ok").isBoolean()).isTrue();
                assertThat(tags.get("scope.name").asText()).isEqualTo("e2e");
                assertThat(event.at("/payload/list").toString()).isEqualTo("[1,\"two\"]");
                assertThat(event.at("/payload/nested").toString()).isEqualTo("{\"a\":\"b\"}");
            }
            assertThat(messages).hasSize(25);
        }
    }

    /** The SDK repeats what it sends by HTTP; what it sends by gRPC it does not. */
    @ParameterizedTest
    @ValueSource(strings = {"json", "proto"})
    @Timeout(60)
    void belfryKilledAndStarted_losesNothing(String protocol) throws Exception {
        String port = Integer.toString(OpenTelemetryJavaTest.freePort());
        Path data = folder.resolve("data");
        BelfryProcess belfry = BelfryProcess.start(data, "--port", port);
        try {
            String key;
            try (ApiClient api = ApiClient.login(belfry)) {
                key = api.key("monitoring:events:write");
            }
            String path = protocol.equals("grpc") ? "" : "/v1/logs";
            try (ClientProcess process = send(protocol, belfry.address() + path, key, 400, 10)) {
                try (ApiClient api = ApiClient.login(belfry)) {
                    while (count(api, protocol) < 50) {
                        Thread.onSpinWait();
                    }
                }
                belfry.kill();
                belfry = BelfryProcess.start(data, "--port", port);
                process.await(Duration.ofSeconds(40));
            }
            Set<String> messages = new TreeSet<>();
            try (ApiClient api = ApiClient.login(belfry)) {
                api.get("/api/v1/monitoring/events?source=js-" + protocol + "&limit=1000")
                        .get("data")
                        .forEach(event -> messages.add(event.get("message").asText()));
            }
            assertThat(messages).hasSize(400);
        } finally {
            belfry.kill();
        }
    }

    private static int count(ApiClient api, String protocol) throws Exception {
        return api.get("/api/v1/monitoring/events?source=js-" + protocol + "&limit=1000")
                .get("data")
                .size();
    }

    private ClientProcess send(
            String protocol, String address, String key, int count, int pauseMillis)
            throws Exception {
        Path errors = folder.resolve("node.err");
        return client.send(errors, protocol, address, key, count, pauseMillis);
    }
}
