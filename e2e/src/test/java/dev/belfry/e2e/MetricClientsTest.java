package dev.belfry.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belfry.testkit.Await;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs' own metrics by the libraries that they use, into one Belfry. */
final class MetricClientsTest {
    private static final Duration END_MAX = Duration.ofSeconds(60);
    private static final Path MICROMETER = Path.of("clients", "micrometer", "Meters.java");

    @TempDir private static Path folder;
    private static int statsdPort;
    private static BelfryProcess belfry;
    private static ApiClient api;
    private static NodeClient node;

    @BeforeAll
    static void start() throws Exception {
        statsdPort = OpenTelemetryJavaTest.freePort();
        belfry =
                BelfryProcess.start(
                        folder.resolve("data"),
                        "--statsd.listeners",
                        "[{\"port\":" + statsdPort + ",\"flush\":\"1s\",\"source\":\"js\"}]");
        api = ApiClient.login(belfry);
        node = NodeClient.install("metrics-js");
    }

    @AfterAll
    static void stop() throws Exception {
        api.close();
        belfry.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"json", "proto", "grpc"})
    void openTelemetryJs(String protocol) throws Exception {
        String path = protocol.equals("grpc") ? "" : "/v1/metrics";
        String key = api.key("monitoring:events:write");
        try (ClientProcess process =
                node.send(folder.resolve("node.err"), protocol, belfry.address() + path, key)) {
            process.await(END_MAX);
        }
        String job = "{job=\"js-" + protocol + "\"}";
        assertThat(value("js_orders_total" + job)).isEqualTo(12);
        assertThat(value("js_duration_seconds_count" + job)).isEqualTo(6);
        assertThat(value("js_duration_seconds_bucket{le=\"5\",job=\"js-" + protocol + "\"}"))
                .isEqualTo(6);
        assertThat(value("histogram_count(js_size_bytes" + job + ")")).isEqualTo(6);
        assertThat(value("histogram_sum(js_size_bytes" + job + ")")).isEqualTo(4440);
        assertThat(value("js_queue" + job)).isEqualTo(4);
    }

    @Test
    void micrometer_byOtlp() throws Exception {
        List<String> command =
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-cp",
                        Path.of("target", "clients-micrometer").toAbsolutePath() + "/*",
                        MICROMETER.toAbsolutePath().toString(),
                        belfry.address() + "/v1/metrics",
                        api.key("monitoring:events:write"));
        try (ClientProcess process =
                ClientProcess.start(folder, folder.resolve("meters.err"), Map.of(), command)) {
            process.await(END_MAX);
        }
        assertThat(value("meters_orders_total{kind=\"book\",job=\"meters\"}")).isEqualTo(6);
        assertThat(value("histogram_count(meters_duration_milliseconds)")).isEqualTo(3);
        assertThat(value("histogram_quantile(1, meters_duration_milliseconds)"))
                .isBetween(1990.0, 2200.0);
        assertThat(value("meters_size_bytes_count")).isEqualTo(3);
        assertThat(value("meters_queue")).isEqualTo(4);
    }

    @Test
    void hotShots_byStatsd() throws Exception {
        try (ClientProcess process = node.send(folder.resolve("node.err"), "statsd", statsdPort)) {
            process.await(END_MAX);
        }
        Await.until(
                "the flush",
                Duration.ofSeconds(20),
                () -> !result("{\"statsd.orders\",kind=\"book\",env=\"e2e\"}").isEmpty());
        assertThat(value("{\"statsd.orders\",source=\"js\"}")).isEqualTo(6);
        assertThat(value("{\"statsd.duration_sum\"}")).isEqualTo(2220);
        assertThat(value("{\"statsd.duration_bucket\",le=\"250.0\"}")).isEqualTo(2);
        assertThat(value("histogram_count({\"statsd.size\"})")).isEqualTo(3);
        assertThat(value("{\"statsd.queue\"}")).isEqualTo(4);
        assertThat(value("{\"statsd.users\"}")).isEqualTo(2);
    }

    private static double value(String query) throws Exception {
        JsonNode found = result(query);
        assertThat(found).as(query).hasSize(1);
        return found.get(0).get("value").get(1).asDouble();
    }

    private static JsonNode result(String query) throws Exception {
        return api.get("/api/v1/query?query=" + URLEncoder.encode(query, StandardCharsets.UTF_8))
                .at("/data/result");
    }
}
