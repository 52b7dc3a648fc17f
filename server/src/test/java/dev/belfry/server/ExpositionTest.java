package dev.belfry.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.model.series.Labels;
import dev.belfry.model.series.MetricType;
import dev.belfry.testkit.WriteRequestBody;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What was sent, as text for other Prometheus servers. */
final class ExpositionTest {
    private static final String PAGE = "/api/v1/monitoring/metrics/prometheus";
    private static final long HOUR = 3_600_000;
    private static final long NOW = System.currentTimeMillis();
    private static final int LARGE = 10_000;

    @TempDir private static Path data;
    private static TestServer server;
    private static String admin;

    @BeforeAll
    static void start() {
        server = TestServer.start(data);
        admin = server.admin();
        WriteRequestBody body =
                WriteRequestBody.two()
                        .series(Labels.of("__name__", "pushed_total"))
                        .metadata("pushed_total", MetricType.COUNTER, "", "Says \"how\" many\\.")
                        .sample(NOW - 50 * 24 * HOUR, 1)
                        .series(Labels.of("__name__", "pushed_total", "at", "yesterday"))
                        .sample(NOW - 30 * HOUR, 2)
                        .sample(NOW - 20 * HOUR, 3)
                        .series(Labels.of("__name__", "pushed_total", "at", "now"))
                        .sample(NOW - 30 * HOUR, 4)
                        .sample(NOW - 1000, 5)
                        .series(Labels.of("__name__", "up", "job", "j"))
                        .sample(NOW - HOUR, 1)
                        .series(Labels.of("__name__", "temp.é", "a.b", "x\"\n"))
                        .sample(NOW, -0.5)
                        .series(Labels.of("__name__", "process_open_fds", "job", "belfry"))
                        .sample(NOW, 7)
                        .series(Labels.of("__name__", "belfry_queries_total", "job", "belfry"))
                        .sample(NOW, 8)
                        .series(Labels.of("__name__", "process_open_fds", "job", "other"))
                        .sample(NOW, 9)
                        .series(Labels.of("__name__", "temp__", "c", "d"))
                        .sample(NOW, 1e300);
        for (String shop : List.of("b", "a")) {
            for (String le : List.of("+Inf", "10", "2.5")) {
                body.series(Labels.of("__name__", "h_bucket", "le", le, "shop", shop));
                body.metadata("h", MetricType.HISTOGRAM, "", "");
                body.sample(NOW, 3);
            }
            body.series(Labels.of("__name__", "h_count", "shop", shop)).sample(NOW, 3);
            body.series(Labels.of("__name__", "h_sum", "shop", shop)).sample(NOW, 12.5);
        }
        PrometheusTarget.write(server, admin, body.bytes(), true).expect(204);
        WriteRequestBody large = WriteRequestBody.two();
        for (int i = 0; i < LARGE; i++) {
            large.series(Labels.of("__name__", "large", "i", Integer.toString(i))).sample(NOW, i);
        }
        PrometheusTarget.write(server, admin, large.bytes(), true).expect(204);
    }

    @AfterAll
    static void end() {
        server.close();
    }

    private static TestServer.Answer page(String accept) {
        HttpRequest request = server.request("GET", PAGE, admin).header("accept", accept).build();
        return server.send(request).expect(200);
    }

    private static String lines(TestServer.Answer answer, String part) {
        List<String> found = new ArrayList<>();
        for (String line : answer.text().split("\n", -1)) {
            String named = line.toLowerCase(Locale.ROOT);
            if (named.matches(
                    "(# (help|type) )?[{\"]*" + part + "(_total|_bucket|_sum|_count)?[\"{ ].*")) {
                found.add(line);
            }
        }
        return String.join("\n", found);
    }

    @Test
    void pushedTotals_hold_whateverTheirAge() {
        assertThat(lines(page("text/plain"), "pushed"))
                .isEqualTo(
                        """
                        # HELP pushed_total Says "how" many\\\\.
                        # TYPE pushed_total counter
                        pushed_total{at="now"} 5
                        pushed_total{at="yesterday"} 3
                        pushed_total 1\
                        """);
        assertThat(lines(page("text/plain"), "up")).isEmpty();
    }

    @Test
    void histograms_areInOrder_withAHelp() {
        assertThat(lines(page("text/plain"), "h"))
                .isEqualTo(
                        """
                        # HELP h Sent without a description.
                        # TYPE h histogram
                        h_bucket{le="2.5",shop="a"} 3
                        h_bucket{le="10",shop="a"} 3
                        h_bucket{le="+Inf",shop="a"} 3
                        h_count{shop="a"} 3
                        h_sum{shop="a"} 12.5
                        h_bucket{le="2.5",shop="b"} 3
                        h_bucket{le="10",shop="b"} 3
                        h_bucket{le="+Inf",shop="b"} 3
                        h_count{shop="b"} 3
                        h_sum{shop="b"} 12.5\
                        """);
    }

    @Test
    void names_thatLookEqual_areOneFamily() {
        assertThat(lines(page("text/plain"), "temp__"))
                .isEqualTo(
                        """
                        # HELP temp__ Sent without a description.
                        # TYPE temp__ untyped
                        temp__{a_b="x\\"\\n"} -0.5
                        temp__{c="d"} 1e+300\
                        """);
        TestServer.Answer any = page("text/plain;version=1.0.0;escaping=allow-utf-8");
        assertThat(any.header("content-type")).endsWith("; escaping=allow-utf-8");
        assertThat(lines(any, "temp.é"))
                .endsWith("# TYPE \"temp.é\" untyped\n{\"temp.é\",\"a.b\"=\"x\\\"\\n\"} -0.5");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "*/*|text/plain",
                "text/plain;q=0.5, application/openmetrics-text;q=0.4|text/plain",
                "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;q=0.2|application/openmetrics-text",
            })
    void accept_choosesTheFormat(String accept, String type) {
        TestServer.Answer answer = page(accept);
        assertThat(answer.header("content-type")).startsWith(type);
        boolean openMetrics = type.endsWith("openmetrics-text");
        assertThat(answer.text().endsWith("\n# EOF\n")).isEqualTo(openMetrics);
        assertThat(answer.text())
                .contains(
                        openMetrics
                                ? "# TYPE pushed counter\npushed_total{at=\"now\"} 5\n"
                                : "# TYPE pushed_total counter\n");
    }

    @ParameterizedTest
    @CsvSource({
        "system, 'process_open_fds{job=\"belfry\"} 7', 'belfry_queries'",
        "application, 'belfry_queries_total{job=\"belfry\"} 8', 'process_open_fds'",
        "custom, 'process_open_fds{job=\"other\"} 9', 'belfry'"
    })
    void group_isAPartOfAll(String group, String line, String other) {
        String page = server.get(PAGE + "?group=" + group, admin).expect(200).text();
        assertThat(page).contains(line + "\n").doesNotContain(other, "monitoring_total_events");
        String samples = "/api/v1/monitoring/metrics?group=" + group + "&name=";
        String name = line.substring(0, line.indexOf('{'));
        assertThat(server.get(samples + name, admin).expect(200).data())
                .hasSize(1)
                .allSatisfy(each -> assertThat(each.get("value").asText()).isEqualTo(value(line)));
        server.get(PAGE + "?group=none", admin).expect(400);
    }

    private static String value(String line) {
        return line.substring(line.indexOf(' ') + 1);
    }

    @Test
    void largeFamily_isWhole_underOneHead() {
        String page = lines(page("text/plain"), "large");
        assertThat(page.split("\n")).hasSize(LARGE + 2).doesNotHaveDuplicates();
        assertThat(page).startsWith("# HELP large").endsWith("} " + (LARGE - 1));
    }
}
