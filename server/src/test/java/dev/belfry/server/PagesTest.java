package dev.belfry.server;

import static dev.belfry.server.TestServer.EVENTS;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belfry.server.http.ApiDocs;
import dev.belfry.server.http.Endpoint;
import dev.belfry.server.metrics.MetricsDocs;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the server says about itself: documents, metrics, health, files of the page. */
final class PagesTest {
    @TempDir private static Path data;
    private static TestServer server;
    private static String admin;

    @BeforeAll
    static void start() {
        server = TestServer.start(data);
        admin = server.admin();
    }

    @AfterAll
    static void end() {
        server.close();
    }

    @Test
    void openApi_describesEveryEndpoint() {
        JsonNode document = server.get("/api/v1/openapi.json", "").expect(200).json();
        assertThat(document.get("openapi").asText()).isEqualTo("3.1.0");
        Set<String> ids = new HashSet<>();
        for (Endpoint endpoint : server.server().endpoints()) {
            JsonNode operation =
                    document.get("paths")
                            .get(endpoint.path())
                            .get(endpoint.method().toLowerCase(Locale.ROOT));
            assertThat(operation.get("summary").asText()).isEqualTo(endpoint.summary());
            assertThat(ids.add(operation.get("operationId").asText()))
                    .as(operation.get("operationId").asText())
                    .isTrue();
            assertThat(operation.get("responses").has("" + endpoint.status())).isTrue();
        }
        document.findValuesAsText("$ref").stream()
                .map(reference -> reference.substring(reference.lastIndexOf('/') + 1))
                .forEach(name ->
                        assertThat(document.at("/components/schemas/" + name).isObject())
                                .as(name)
                                .isTrue());
    }

    @Test
    void docs_areWhatTheDeclarationsSay() {
        Docs.assertSame("api.md", ApiDocs.markdown(server.server().endpoints()));
        Docs.assertSame("metrics.md", MetricsDocs.markdown(server.server().registry()));
    }

    @Test
    void metrics_moveBecauseThingsHappen() {
        double before = metric("belfry_events_ingested_total");
        server.post(
                        EVENTS,
                        admin,
                        "[{\"event_type\":\"log\",\"source\":\"m\","
                                + "\"tags\":{\"event_type\":\"user_registered\"}},"
                                + "{\"event_type\":\"alert\",\"source\":\"m\"},{}]")
                .expect(201);
        server.get(EVENTS + "?source=m", admin).expect(200);
        assertThat(metric("belfry_events_ingested_total")).isEqualTo(before + 2);
        assertThat(metric("belfry_events_ingested_by_type{event_type=\"user_registered\"}"))
                .isEqualTo(1);
        assertThat(metric("belfry_events_ingested_by_type{event_type=\"alert\"}")).isEqualTo(1);
        assertThat(metric("belfry_ingestion_errors_total")).isPositive();
        assertThat(metric("belfry_ingestion_duration_seconds_count")).isPositive();
        assertThat(metric("belfry_queries_total{query_type=\"events\"}")).isPositive();
        assertThat(metric("belfry_query_duration_seconds_count{query_type=\"events\"}"))
                .isPositive();
        assertThat(metric("belfry_storage_events_total")).isGreaterThanOrEqualTo(2);
        assertThat(metric("belfry_storage_size_bytes")).isPositive();
        assertThat(metric("belfry_wal_segments_total")).isPositive();
        assertThat(metric("monitoring_total_events")).isGreaterThanOrEqualTo(2);
        assertThat(metric("belfry_journal_forces_total")).isPositive();
        assertThat(metric("process_resident_memory_bytes")).isPositive();
        String route = "{method=\"POST\",endpoint=\"" + EVENTS + "\",status=\"201\"}";
        assertThat(metric("belfry_http_requests_total" + route)).isPositive();
        assertThat(metric("control_plane_http_requests_total" + route)).isPositive();
    }

    @Test
    void metrics_haveTheirContentType_andTheExpositionOfSeed001() {
        TestServer.Answer own = server.get("/metrics", admin).expect(200);
        assertThat(own.header("content-type"))
                .isEqualTo("text/plain; version=0.0.4; charset=utf-8");
        String text = server.get("/api/v1/monitoring/metrics/prometheus", admin).expect(200).text();
        assertThat(text)
                .contains(
                        "# HELP monitoring_total_events Total number of events in the system\n",
                        "# TYPE monitoring_total_events counter\n",
                        "\nmonitoring_total_events ");
    }

    @Test
    void metrics_openByConfiguration(@TempDir Path other) {
        server.get("/metrics", "").expect(401);
        try (TestServer open =
                TestServer.start(
                        other, "--metrics.access", "open", "--metrics.prefix", "allsource_")) {
            assertThat(open.get("/metrics", "").expect(200).text())
                    .contains("allsource_events_ingested_total")
                    .doesNotContain("belfry_");
        }
    }

    @Test
    void health_hasWordsAndChecks() {
        JsonNode health = server.get("/api/v1/health", "").expect(200).json();
        assertThat(health.get("status").asText()).isEqualTo("UP");
        assertThat(health.get("core_status").asText()).isEqualTo("healthy");
        assertThat(health.get("checks").fieldNames())
                .toIterable()
                .containsExactly("database", "disk", "memory", "ingestion", "metrics");
        assertThat(health.at("/checks/disk").asText()).isEqualTo("UP");
        assertThat(
                        server.get("/api/v1/monitoring/health", "")
                                .expect(200)
                                .json()
                                .get("status")
                                .asText())
                .isEqualTo("UP");
        server.get("/api/v1/health/ready", "").expect(200);
        server.get("/api/v1/health/live", "").expect(200);
        server.get("/health/ready", "").expect(200);
        server.get("/health/live", "").expect(200);
    }

    @Test
    void unknownPaths_are401_andWithCredentials404() {
        server.get("/api/v1/nothing", "").expect(401);
        server.get("/api/v1/nothing", admin).expect(404);
        server.get("/nothing.txt", "").expect(401);
    }

    @Test
    void browser_goesToThePage_butNotUnderTheApi() {
        HttpRequest page =
                server.request("GET", "/explore", "").header("Accept", "text/html").build();
        HttpRequest api =
                server.request("GET", "/api/explore", "").header("Accept", "text/html").build();
        TestServer.Answer answer = server.send(page);
        assertThat(server.send(api).status()).isEqualTo(401);
        boolean built = PagesTest.class.getResource("/dev/belfry/ui/static/index.html") != null;
        assertThat(answer.status()).isEqualTo(built ? 200 : 401);
        if (built) {
            assertThat(answer.header("content-security-policy")).contains("default-src 'self'");
        }
    }

    private static double metric(String name) {
        return server.get("/metrics", admin)
                .text()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .findFirst()
                .orElse(0);
    }
}
