package dev.belfry.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Targets on loopback, scraped each second. */
final class ScrapeTest {
    @TempDir private Path data;
    @TempDir private Path files;

    private final AtomicReference<String> page = new AtomicReference<>("a 1\n");
    private final AtomicReference<String> authorization = new AtomicReference<>("");
    private final AtomicReference<String> query = new AtomicReference<>("");
    private HttpServer target;

    @BeforeEach
    void open() throws IOException {
        target = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 8);
        target.createContext(
                "/probe",
                exchange -> {
                    authorization.set(exchange.getRequestHeaders().getFirst("Authorization"));
                    query.set(exchange.getRequestURI().getQuery());
                    byte[] body = page.get().getBytes(StandardCharsets.UTF_8);
                    exchange.getResponseHeaders().add("Content-Type", "text/plain; version=0.0.4");
                    exchange.sendResponseHeaders(200, body.length);
                    exchange.getResponseBody().write(body);
                    exchange.close();
                });
        target.start();
    }

    @AfterEach
    void close() {
        target.stop(0);
    }

    @Test
    void job_isScraped_relabeled_andFollowed() throws Exception {
        page.set("# TYPE a counter\na{job=\"own\"} 5\ngo_x 1\nb{le=\"1\"} 2\n");
        Path file = files.resolve("prometheus.yml");
        Files.writeString(file, config("first", address()));
        try (TestServer server = TestServer.start(data, "--scrape.file", file.toString())) {
            String admin = server.admin();
            await(() -> result(server, admin, "up{job=\"first\"} == 1").size() == 1);
            JsonNode a = result(server, admin, "a").get(0);
            assertThat(a.get("value").get(1).asText()).isEqualTo("5");
            assertThat(a.get("metric").toString())
                    .isEqualTo(
                            "{\"__name__\":\"a\",\"env\":\"test\",\"exported_job\":\"own\","
                                    + "\"instance\":\"one\",\"job\":\"first\"}");
            assertThat(result(server, admin, "go_x")).isEmpty();
            assertThat(value(server, admin, "scrape_samples_scraped")).isEqualTo(3);
            assertThat(value(server, admin, "scrape_samples_post_metric_relabeling")).isEqualTo(2);
            assertThat(authorization.get()).isEqualTo("Basic dTpw");
            assertThat(query.get()).isEqualTo("module=http");
            JsonNode targets =
                    server.get("/api/v1/targets", admin).expect(200).data().get("activeTargets");
            assertThat(targets).hasSize(1);
            assertThat(targets.get(0).get("health").asText()).isEqualTo("up");
            assertThat(targets.get(0).get("scrapeUrl").asText())
                    .isEqualTo("http://" + address() + "/probe?module=http");
            Files.writeString(file, config("second", address()));
            Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000));
            await(() -> result(server, admin, "up{job=\"second\"} == 1").size() == 1);
            await(() -> result(server, admin, "a{job=\"first\"}").isEmpty());
            assertThat(server.get("/api/v1/scrape_pools", admin).data().toString())
                    .isEqualTo("{\"scrapePools\":[\"second\"]}");
        }
    }

    @Test
    void target_thatIsWrongOrGone_isDown_andItsSeriesEnd() throws Exception {
        Path file = files.resolve("prometheus.yml");
        Files.writeString(file, config("j", address()));
        try (TestServer server = TestServer.start(data, "--scrape.file", file.toString())) {
            String admin = server.admin();
            await(() -> result(server, admin, "a").size() == 1);
            page.set("a one\n");
            await(() -> result(server, admin, "up == 0").size() == 1);
            await(() -> result(server, admin, "a").isEmpty());
            String error =
                    server.get("/api/v1/targets?state=active", admin)
                            .data()
                            .at("/activeTargets/0/lastError")
                            .asText();
            assertThat(error).isEqualTo("line 1: a one (expected: a number as value)");
        }
    }

    @Test
    void targetsInFiles_comeAndGo() throws Exception {
        Path found = files.resolve("targets-1.json");
        Files.writeString(
                found, "[{\"targets\":[\"" + address() + "\"],\"labels\":{\"k\":\"v\"}}]");
        Path file = files.resolve("prometheus.yml");
        Files.writeString(
                file,
                """
                scrape_configs:
                  - job_name: files
                    scrape_interval: 1s
                    metrics_path: /probe
                    file_sd_configs: [{files: ["targets-*.json"]}]
                """);
        try (TestServer server = TestServer.start(data, "--scrape.file", file.toString())) {
            String admin = server.admin();
            await(() -> result(server, admin, "a{k=\"v\"}").size() == 1);
            Files.writeString(found, "[]");
            await(() -> result(server, admin, "up").isEmpty());
        }
    }

    @Test
    void targets_areFilteredByState_andTellOfTheirMetrics() throws Exception {
        page.set("# HELP a An a.\n# TYPE a counter\na 5\n# TYPE b gauge\n# UNIT b bytes\nb 1\n");
        Path file = files.resolve("prometheus.yml");
        Files.writeString(
                file,
                config("z", address())
                        + "  - {job_name: c, static_configs: [{targets: ['127.0.0.1:1']}]}\n");
        try (TestServer server = TestServer.start(data, "--scrape.file", file.toString())) {
            String admin = server.admin();
            await(() -> result(server, admin, "a").size() == 1);
            assertThat(counts(server, admin, "")).isEqualTo("2 1 {\"c\":0,\"z\":1}");
            assertThat(counts(server, admin, "state=any")).isEqualTo("2 1 {\"c\":0,\"z\":1}");
            assertThat(counts(server, admin, "state=ACTIVE")).isEqualTo("2 0 null");
            assertThat(counts(server, admin, "state=dropped")).isEqualTo("0 1 {\"c\":0,\"z\":1}");
            assertThat(counts(server, admin, "state=other")).isEqualTo("0 0 null");
            assertThat(counts(server, admin, "scrapePool=c")).isEqualTo("1 0 {\"c\":0,\"z\":1}");
            String target = "{\"target\":{\"env\":\"test\",\"instance\":\"one\",\"job\":\"z\"},";
            String a = "\"type\":\"counter\",\"help\":\"An a.\",\"unit\":\"\"}";
            String b = "\"metric\":\"b\",\"type\":\"gauge\",\"help\":\"\",\"unit\":\"bytes\"}";
            assertThat(metadata(server, admin, ""))
                    .isEqualTo("[" + target + "\"metric\":\"a\"," + a + "," + target + b + "]");
            assertThat(
                            metadata(
                                    server,
                                    admin,
                                    "match_target=" + encoded("{job=\"z\"}") + "&metric=a"))
                    .isEqualTo("[" + target + a + "]");
            assertThat(metadata(server, admin, "match_target=" + encoded("{job=\"c\"}")))
                    .isEqualTo("[]");
            assertThat(metadata(server, admin, "limit=0")).isEqualTo("[]");
            for (String wrong : new String[] {"limit=x", "match_target=%7B"}) {
                assertThat(
                                server.get("/api/v1/targets/metadata?" + wrong, admin)
                                        .expect(400)
                                        .json()
                                        .get("errorType")
                                        .asText())
                        .isEqualTo("bad_data");
            }
        }
    }

    private static String counts(TestServer server, String token, String query) {
        JsonNode data = server.get("/api/v1/targets?" + query, token).expect(200).data();
        return data.get("activeTargets").size()
                + " "
                + data.get("droppedTargets").size()
                + " "
                + data.get("droppedTargetCounts");
    }

    private static String metadata(TestServer server, String token, String query) {
        return server.get("/api/v1/targets/metadata?" + query, token).expect(200).data().toString();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Test
    void wrongFile_isNamedAtTheStart() throws Exception {
        Path file = files.resolve("prometheus.yml");
        Files.writeString(file, "scrape_configs:\n  - job_name: x\n    scrape_intervall: 1s\n");
        assertThatThrownBy(() -> TestServer.start(data, "--scrape.file", file.toString()))
                .hasMessageContaining("scrape_configs[0].scrape_intervall: not known");
    }

    private static void await(BooleanSupplier condition) {
        Waiting.until(condition::getAsBoolean, met -> met);
    }

    private String address() {
        return "127.0.0.1:" + target.getAddress().getPort();
    }

    private static String config(String job, String address) {
        return """
        global: {scrape_interval: 1s, external_labels: {x: y}}
        rule_files: []
        scrape_configs:
          - job_name: %s
            metrics_path: /probe
            params: {module: [http]}
            basic_auth: {username: u, password: p}
            static_configs:
              - targets: ["%s", "127.0.0.1:1"]
                labels: {env: test}
            relabel_configs:
              - {source_labels: [__address__], regex: ".*:1", action: drop}
              - {target_label: instance, replacement: one}
            metric_relabel_configs:
              - {source_labels: [__name__], regex: "go_.*", action: drop}
        """
                .formatted(job, address);
    }

    private static JsonNode result(TestServer server, String token, String text) {
        return server.get("/api/v1/query?query=" + encoded(text), token)
                .expect(200)
                .data()
                .get("result");
    }

    private static double value(TestServer server, String token, String text) {
        return result(server, token, text).get(0).get("value").get(1).asDouble();
    }
}
