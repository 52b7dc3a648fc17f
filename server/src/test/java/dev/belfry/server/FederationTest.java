package dev.belfry.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belfry.model.series.FloatHistogram;
import dev.belfry.model.series.FloatHistogram.ResetHint;
import dev.belfry.model.series.Labels;
import dev.belfry.testkit.WriteRequestBody;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Native histograms of federation: as messages of Protocol Buffers, which Belfry reads too. */
final class FederationTest {
    private static final String MESSAGES =
            "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited";
    private static final double[] NONE = {};

    @TempDir private static Path data;
    private static TestServer server;
    private static String admin;
    private static long now;

    @BeforeAll
    static void start() {
        server = TestServer.start(data);
        admin = server.admin();
        now = System.currentTimeMillis();
        WriteRequestBody body =
                WriteRequestBody.two()
                        .series(Labels.of("__name__", "fed.h", "job", "a\"b"))
                        .histogram(now - 1000, exponential(3, ResetHint.UNKNOWN, 7.5), false)
                        .series(Labels.of("__name__", "fed.h", "job", "gauge", "instance", "i"))
                        .histogram(now - 1000, exponential(-2, ResetHint.GAUGE, Double.NaN), false)
                        .series(Labels.of("__name__", "fed.h", "job", "none"))
                        .histogram(now - 1000, FloatHistogram.empty(0, NONE), false)
                        .series(Labels.of("__name__", "fed.h", "job", "number"))
                        .sample(now - 1000, 2.5)
                        .series(Labels.of("__name__", "fed_custom"))
                        .histogram(now - 1000, custom(), false);
        PrometheusTarget.write(server, admin, body.bytes(), true).expect(204);
    }

    @AfterAll
    static void end() {
        server.close();
    }

    private static FloatHistogram exponential(int schema, ResetHint hint, double sum) {
        return new FloatHistogram(
                schema,
                hint,
                8,
                sum,
                0.001,
                1,
                new int[] {-3, -2, 4},
                new double[] {2, 2.5, 1},
                new int[] {0, 9},
                new double[] {0.5, 1},
                NONE);
    }

    private static FloatHistogram custom() {
        return new FloatHistogram(
                FloatHistogram.CUSTOM,
                ResetHint.UNKNOWN,
                6,
                30,
                0,
                0,
                new int[] {0, 2},
                new double[] {4, 2},
                new int[0],
                NONE,
                new double[] {1, 2.5});
    }

    private static TestServer.Answer federate(String accept) {
        String path = "/federate?match[]=fed_custom&match[]=" + q("{\"fed.h\",copy=\"\"}");
        HttpRequest request = server.request("GET", path, admin).header("accept", accept).build();
        return server.send(request).expect(200);
    }

    private static String q(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static List<JsonNode> samples(String query) {
        String path = "/api/v1/query?time=" + now / 1000.0 + "&query=" + q(query);
        List<JsonNode> found = new ArrayList<>();
        server.get(path, admin).expect(200).data().get("result").forEach(found::add);
        found.sort(Comparator.comparing(each -> each.get("metric").toString()));
        return found;
    }

    @Test
    void messages_areWhatIsStored() {
        TestServer.Answer answer =
                federate(MESSAGES + ";escaping=allow-utf-8;q=0.6,text/plain;q=0.5");
        assertThat(answer.header("content-type"))
                .isEqualTo(
                        "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily;"
                                + " encoding=delimited; escaping=allow-utf-8");
        HttpRequest back =
                server.request("POST", "/api/v1/import/prometheus?extra_label=copy=yes", admin)
                        .header("content-type", MESSAGES)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(answer.response().body()))
                        .build();
        server.send(back).expect(204);
        List<JsonNode> stored = samples("{\"fed.h\",copy=\"\"}");
        List<JsonNode> read = samples("{\"fed.h\",copy=\"yes\"}");
        assertThat(stored).hasSize(4);
        assertThat(read.stream().map(FederationTest::sample))
                .containsExactlyInAnyOrderElementsOf(
                        stored.stream().map(FederationTest::sample).toList());
        assertThat(server.get("/api/v1/query?query=" + q("rate({\"fed.h\"}[5m])"), admin).text())
                .contains("\"status\":\"success\"");
        assertThat(samples("fed_custom_bucket{copy=\"yes\"}").stream().map(FederationTest::sample))
                .containsExactlyInAnyOrder("1.0 \"4\"", "2.5 \"4\"", "+Inf \"6\"");
        assertThat(samples("fed_custom_sum{copy=\"yes\"}")).hasSize(1);
    }

    private static String sample(JsonNode series) {
        JsonNode value = series.has("histogram") ? series.get("histogram") : series.get("value");
        String label = series.get("metric").has("le") ? "le" : "job";
        return series.get("metric").get(label).asText() + " " + value.get(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    text/plain                                             | text/plain
                    */*                                                    | text/plain
                    application/vnd.google.protobuf                        | text/plain
                    application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=text;q=1,text/plain;q=0.5 | text/plain
                    application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited | application/vnd.google.protobuf
                    text/plain,application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited | text/plain
                    application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited,text/plain | application/vnd.google.protobuf
                    application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.3,text/plain;q=0.4 | text/plain
                    application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0 | text/plain
                    """)
    void form_isTheOneThatIsMoreWelcome(String accept, String type) {
        assertThat(federate(accept).header("content-type")).startsWith(type + ";");
    }

    @Test
    void text_hasNumbersOnly() {
        assertThat(federate("text/plain;version=1.0.0;escaping=allow-utf-8").text())
                .isEqualTo(
                        "# TYPE \"fed.h\" untyped\n{\"fed.h\",job=\"number\",instance=\"\"} 2.5 "
                                + (now - 1000)
                                + "\n");
    }
}
