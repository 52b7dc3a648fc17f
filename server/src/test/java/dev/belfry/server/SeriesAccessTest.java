package dev.belfry.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belfry.model.series.Labels;
import dev.belfry.model.series.MetricType;
import dev.belfry.testkit.WriteRequestBody;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may read, write and delete series: a user of some sources, a key of some, a browser. */
final class SeriesAccessTest {
    private static final String DELETE = "/api/v1/admin/tsdb/delete_series";
    private static final long T = System.currentTimeMillis() - 10_000;
    private static final Labels SHOP = Labels.of("__name__", "up", "job", "shop", "shelf", "a");
    private static final Labels TILL = Labels.of("__name__", "up", "job", "till");

    @TempDir private static Path data;
    private static TestServer server;
    private static String admin;
    private static String user;
    private static String key;

    @BeforeAll
    static void start() {
        server = TestServer.start(data);
        admin = server.admin();
        user = server.user(admin, "tillman", "user", "till");
        key = server.key(admin, "\"monitoring:events:read\",\"monitoring:events:write\"", "till");
        byte[] body =
                WriteRequestBody.two()
                        .series(SHOP)
                        .metadata("up", MetricType.GAUGE, "", "Of both.")
                        .sample(T, 1)
                        .exemplar(Labels.of("trace_id", "abc"), 0.5, T)
                        .series(TILL)
                        .sample(T, 2)
                        .exemplar(Labels.of("trace_id", "def"), 0.5, T)
                        .series(Labels.of("__name__", "shelves", "job", "shop"))
                        .metadata("shelves", MetricType.GAUGE, "", "Of the shop.")
                        .sample(T, 3)
                        .bytes();
        PrometheusTarget.write(server, admin, body, true).expect(204);
    }

    @AfterAll
    static void end() {
        server.close();
    }

    private static String seconds(long millis) {
        return Double.toString(millis / 1000.0);
    }

    /* Each shows something of the till's. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1/query?query=up",
                "/api/v1/query_range?query=up&step=1&start=START&end=END",
                "/api/v1/series?match[]=up",
                "/api/v1/label/job/values",
                "/api/v1/query_exemplars?query=up",
                "/federate?match[]=up",
                "/api/v1/monitoring/metrics?name=up",
                "/api/v1/monitoring/metrics",
                "/api/v1/monitoring/metrics?name=up&aggregation=max&group_by=job",
                "/api/v1/monitoring/metrics/prometheus"
            })
    void restrictedReader_seesTheirSourcesOnly(String path) {
        String filled = path.replace("START", seconds(T)).replace("END", seconds(T + 1));
        assertThat(server.get(filled, admin).expect(200).text()).contains("till", "shop");
        for (String token : List.of(user, key)) {
            assertThat(server.get(filled, token).expect(200).text())
                    .contains("till")
                    .doesNotContain("shop", "shelf", "shelves", "abc");
        }
    }

    @Test
    void restrictedReader_seesTheirSourcesOnly_ofNamesMetadataAndFigures() {
        assertThat(server.get("/api/v1/metadata", admin).text()).contains("Of the shop.");
        assertThat(server.get("/api/v1/labels", admin).text()).contains("shelf");
        assertThat(server.get("/api/v1/status/tsdb", admin).text()).contains("\"shelves\"");
        for (String token : List.of(user, key)) {
            assertThat(server.get("/api/v1/metadata", token).expect(200).text())
                    .contains("Of both.")
                    .doesNotContain("shelves", "Of the shop.");
            assertThat(server.get("/api/v1/labels", token).expect(200).text())
                    .contains("job")
                    .doesNotContain("shelf");
            assertThat(server.get("/api/v1/status/tsdb", token).expect(200).text())
                    .contains("\"seriesCountByMetricName\":[]")
                    .doesNotContain("shop", "shelves");
        }
    }

    @Test
    void remoteRead_givesTheReadersSourcesOnly() {
        assertThat(PrometheusTarget.inflated(PrometheusTarget.read(server, admin, "up", T, T)))
                .contains("till", "shop");
        for (String token : List.of(user, key)) {
            assertThat(PrometheusTarget.inflated(PrometheusTarget.read(server, token, "up", T, T)))
                    .contains("till")
                    .doesNotContain("shop");
        }
    }

    @Test
    void restrictedKey_writesItsSourcesOnly() {
        byte[] body =
                WriteRequestBody.one()
                        .series(Labels.of("__name__", "written", "job", "shop"))
                        .sample(T, 5)
                        .series(Labels.of("__name__", "written", "job", "till"))
                        .sample(T, 6)
                        .bytes();
        TestServer.Answer written = PrometheusTarget.write(server, key, body, false).expect(400);
        assertThat(written.text()).contains("1 refused, 1 taken", "source: shop");
        assertThat(server.get("/api/v1/query?query=written", admin).text())
                .contains("\"6\"")
                .doesNotContain("\"5\"");
    }

    @Test
    void deletion_isForAdministrators_ofTheKeysSources_andAudited() {
        byte[] body =
                WriteRequestBody.one()
                        .series(Labels.of("__name__", "gone", "job", "shop"))
                        .sample(T, 5)
                        .series(Labels.of("__name__", "gone", "job", "till"))
                        .sample(T, 6)
                        .bytes();
        PrometheusTarget.write(server, admin, body, false).expect(204);
        String match = DELETE + "?match[]=gone&start=" + seconds(T);
        server.post(match, user, "").expect(403);
        server.post(match, key, "").expect(403);
        String admins = server.key(admin, "\"monitoring:admin\"", "till");
        server.post(match, admins, "").expect(204);
        assertThat(server.get("/api/v1/query?query=gone", admin).text())
                .contains("shop")
                .doesNotContain("till");
        JsonNode line =
                server.get("/api/v1/audit?action=series.delete", admin).expect(200).data().get(0);
        assertThat(line.get("actor").asText()).startsWith("key:");
        assertThat(line.at("/details/match").toString()).isEqualTo("[\"gone\"]");
        assertThat(line.at("/details/start").asText()).isEqualTo(seconds(T));
        server.post(match, admin, "").expect(204);
        assertThat(server.get("/api/v1/query?query=gone", admin).text()).doesNotContain("shop");
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void basic_thatABrowserSentForAnotherPage_doesNotWrite() {
        String pair = "Basic " + base64("admin:" + TestServer.PASSWORD);
        String delete = DELETE + "?match[]=none_such";
        String own = "http://127.0.0.1:" + server.server().port();
        assertThat(byBasic("POST", delete, pair)).isEqualTo(204);
        assertThat(byBasic("POST", delete, pair, "Origin", own)).isEqualTo(204);
        assertThat(byBasic("POST", delete, pair, "Sec-Fetch-Site", "same-origin")).isEqualTo(204);
        assertThat(byBasic("POST", delete, pair, "Origin", "https://other.example")).isEqualTo(403);
        assertThat(byBasic("PUT", delete, pair, "Origin", "null")).isEqualTo(403);
        assertThat(byBasic("POST", delete, pair, "Sec-Fetch-Site", "cross-site")).isEqualTo(403);
        assertThat(byBasic("POST", delete, pair, "Sec-Fetch-Site", "same-site")).isEqualTo(403);
        String query = "/api/v1/query?query=1";
        assertThat(byBasic("GET", query, pair, "Sec-Fetch-Site", "cross-site")).isEqualTo(200);
    }

    private static int byBasic(String method, String path, String pair, String... headers) {
        HttpRequest.Builder request =
                server.request(method, path, "").header("Authorization", pair);
        for (int at = 0; at < headers.length; at += 2) {
            request.header(headers[at], headers[at + 1]);
        }
        return server.send(request.build()).status();
    }

    @ParameterizedTest
    @CsvSource({
        "x-other, 1, Basic",
        "Sec-Fetch-Mode, navigate, Basic",
        "Sec-Fetch-Mode, cors, Bearer",
        "Cookie, belfry_session=gone, Bearer"
    })
    void challenge_asksNobodyBeforeAPageForAPassword(String name, String value, String scheme) {
        HttpRequest request =
                server.request("GET", "/api/v1/query?query=1", "").header(name, value).build();
        assertThat(server.send(request).expect(401).header("www-authenticate"))
                .startsWith(scheme + " ");
    }
}
