package dev.belfry.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belfry.server.BelfryServer;
import dev.belfry.server.config.Config;
import dev.belfry.server.config.ConfigLoader;
import dev.belfry.testkit.CrashDisk;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The OpenTelemetry Java agent on a Jetty that logs by Logback and java.util.logging. */
final class OpenTelemetryJavaTest {
    private static final Path LIBRARIES = Path.of("target", "clients").toAbsolutePath();
    private static final Path SOURCES = Path.of("clients", "opentelemetry-java").toAbsolutePath();
    private static final Duration END_MAX = Duration.ofSeconds(40);

    @TempDir private Path folder;

    @Test
    @Timeout(90)
    void grpc_withGzip_onTheDefaultKindOfPort() throws Exception {
        String port = Integer.toString(freePort());
        try (BelfryProcess belfry =
                        BelfryProcess.start(folder.resolve("data"), "--otlp.grpc.port", port);
                ApiClient api = ApiClient.login(belfry)) {
            Map<String, String> settings = new HashMap<>();
            settings.put("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc");
            settings.put("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:" + port);
            settings.put("OTEL_EXPORTER_OTLP_COMPRESSION", "gzip");
            check(api, settings);
        }
    }

    @Test
    @Timeout(90)
    void http_withMetrics_whileTracesAreRefused() throws Exception {
        try (BelfryProcess belfry = BelfryProcess.start(folder.resolve("data"));
                ApiClient api = ApiClient.login(belfry)) {
            Map<String, String> settings = new HashMap<>();
            settings.put("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf");
            settings.put("OTEL_EXPORTER_OTLP_ENDPOINT", belfry.address().toString());
            settings.put("OTEL_TRACES_EXPORTER", "otlp");
            settings.put("OTEL_METRICS_EXPORTER", "otlp");
            settings.put("OTEL_METRIC_EXPORT_INTERVAL", "300");
            settings.put("OTEL_BSP_SCHEDULE_DELAY", "100");
            check(api, settings);
            JsonNode memory =
                    api.get("/api/v1/query?query=jvm_memory_used_bytes%7Bjob%3D%22shop%22%7D")
                            .get("data");
            assertThat(memory.get("result")).isNotEmpty();
            for (JsonNode series : memory.get("result")) {
                assertThat(series.at("/metric/jvm_memory_type").asText()).isIn("heap", "non_heap");
                assertThat(series.at("/value/1").asDouble()).isNotNegative();
            }
        }
    }

    @Test
    @Timeout(120)
    void killedAndStarted_losesNothing() throws Exception {
        String port = Integer.toString(freePort());
        Path data = folder.resolve("data");
        BelfryProcess belfry = BelfryProcess.start(data, "--port", port);
        try (ApiClient api = ApiClient.login(belfry)) {
            Map<String, String> settings = new HashMap<>();
            settings.put("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf");
            settings.put("OTEL_EXPORTER_OTLP_ENDPOINT", belfry.address().toString());
            Set<String> orders = new TreeSet<>();
            try (ClientProcess shop = shop(settings, key(api))) {
                String address = "http://127.0.0.1:" + shop.line("port ") + "/";
                for (int number = 0; number < 300; number++) {
                    if (number == 100) {
                        belfry.kill();
                    }
                    String order = "order-" + number;
                    order(address + order);
                    orders.add("payment of order " + order + " failed");
                    if (number == 150) {
                        belfry = BelfryProcess.start(data, "--port", port);
                    }
                }
                shop.end(END_MAX);
            }
            assertThat(messages(belfry, orders.size())).containsAll(orders);
        } finally {
            belfry.kill();
        }
    }

    @Test
    @Timeout(90)
    void fullDisk_untilThereIsRoom_losesNothing() throws Exception {
        CrashDisk disk = new CrashDisk();
        String data = folder.resolve("data").toString();
        List<String> flags = new ArrayList<>(List.of("--port", "0", "--data", data));
        flags.addAll(List.of("--otlp.grpc.port", "0", "--otlp.http.port", "0"));
        flags.addAll(List.of("--logging.store", "false"));
        Map<String, String> variables = Map.of("BELFRY_ADMIN_PASSWORD", BelfryProcess.PASSWORD);
        Config config = ConfigLoader.load(flags, variables, folder);
        try (BelfryServer server = BelfryServer.start(config, disk, InstantSource.system());
                ApiClient api = ApiClient.login(URI.create(server.address()))) {
            Map<String, String> settings = new HashMap<>();
            settings.put("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc");
            settings.put("OTEL_EXPORTER_OTLP_ENDPOINT", server.address());
            Set<String> orders = new TreeSet<>();
            try (ClientProcess shop = shop(settings, key(api))) {
                String address = "http://127.0.0.1:" + shop.line("port ") + "/";
                disk.capacity(disk.usedBytes() + 1000);
                for (int number = 0; number < 30; number++) {
                    order(address + "order-" + number);
                    orders.add("payment of order order-" + number + " failed");
                }
                while (!api.text("/metrics").contains("reason=\"storage_full\"}")) {
                    Thread.onSpinWait();
                }
                disk.capacity(Long.MAX_VALUE);
                shop.end(END_MAX);
            }
            assertThat(messages(URI.create(server.address()), orders.size())).containsAll(orders);
        }
    }

    private static Set<String> messages(BelfryProcess belfry, int least) throws Exception {
        return messages(belfry.address(), least);
    }

    private static Set<String> messages(URI belfry, int least) throws Exception {
        Set<String> messages = new TreeSet<>();
        try (ApiClient api = ApiClient.login(belfry)) {
            for (int attempt = 0; attempt < 100 && messages.size() < least; attempt++) {
                for (JsonNode event :
                        api.get("/api/v1/monitoring/events?source=shop&level=error&limit=1000")
                                .get("data")) {
                    messages.add(event.get("message").asText());
                }
            }
        }
        return messages;
    }

    private void check(ApiClient api, Map<String, String> settings) throws Exception {
        try (ClientProcess shop = shop(settings, key(api))) {
            String address = "http://127.0.0.1:" + shop.line("port ") + "/";
            order(address + "order-7");
            order(address + "order-8");
            shop.end(END_MAX);
        }
        JsonNode events = api.get("/api/v1/monitoring/events?source=shop&order=asc").get("data");
        List<JsonNode> payments = new ArrayList<>();
        List<JsonNode> waits = new ArrayList<>();
        for (JsonNode event : events) {
            if (event.get("level").asText().equals("ERROR")) {
                payments.add(event);
            } else if (event.get("message").asText().startsWith("order")) {
                waits.add(event);
            }
        }
        assertThat(payments).hasSize(2);
        assertThat(waits).hasSize(2);
        assertThat(waits.getFirst().get("message").asText()).isEqualTo("order order-7 waits");
        JsonNode payment = payments.getFirst();
        assertThat(payment.get("message").asText()).isEqualTo("payment of order order-7 failed");
        assertThat(payment.get("trace_id").asText()).matches("[0-9a-f]{32}");
        assertThat(payment.get("span_id").asText()).matches("[0-9a-f]{16}");
        assertThat(waits.getFirst().get("trace_id")).isEqualTo(payment.get("trace_id"));
        JsonNode tags = payment.get("tags");
        assertThat(tags.get("service.name").asText()).isEqualTo("shop");
        assertThat(tags.get("scope.name").asText()).isEqualTo("shop.Orders");
        assertThat(tags.get("telemetry.sdk.language").asText()).isEqualTo("java");
        assertThat(tags.get("process.pid").isNumber()).isTrue();
    }

    private static String key(ApiClient api) throws Exception {
        return api.key("monitoring:events:write");
    }

    private ClientProcess shop(Map<String, String> settings, String key) throws IOException {
        Map<String, String> environment = new HashMap<>();
        environment.put("OTEL_SERVICE_NAME", "shop");
        environment.put("OTEL_EXPORTER_OTLP_HEADERS", "authorization=Bearer%20" + key);
        environment.put("OTEL_LOGS_EXPORTER", "otlp");
        environment.put("OTEL_TRACES_EXPORTER", "none");
        environment.put("OTEL_METRICS_EXPORTER", "none");
        environment.put("OTEL_BLRP_SCHEDULE_DELAY", "100");
        environment.putAll(settings);
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx256m", "-XX:TieredStopAtLevel=1"));
        command.add("-javaagent:" + library("opentelemetry-javaagent"));
        command.addAll(List.of("-cp", LIBRARIES + "/*" + File.pathSeparator + compiled(), "Shop"));
        return ClientProcess.start(folder, folder.resolve("shop.err"), environment, command);
    }

    /** The agent takes no part in a program that Java compiles by itself when it starts it. */
    private Path compiled() throws IOException {
        Path classes = folder.resolve("classes");
        String libraries;
        try (Stream<Path> files = Files.list(LIBRARIES)) {
            libraries = files.map(Path::toString).collect(Collectors.joining(File.pathSeparator));
        }
        int outcome =
                ToolProvider.getSystemJavaCompiler()
                        .run(
                                null,
                                null,
                                null,
                                "-proc:none",
                                "-cp",
                                libraries,
                                "-d",
                                classes.toString(),
                                SOURCES.resolve("Shop.java").toString());
        assertThat(outcome).isZero();
        return classes;
    }

    private static Path library(String name) throws IOException {
        try (Stream<Path> files = Files.list(LIBRARIES)) {
            return files.filter(file -> file.getFileName().toString().startsWith(name))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static void order(String address) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(address)).build();
            assertThat(client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
                    .isEqualTo(200);
        }
    }

    static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }
}
