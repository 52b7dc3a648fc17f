package dev.belfry.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belfry.model.series.Labels;
import dev.belfry.testkit.WriteRequestBody;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Questions about metrics: what they read when nothing is said, and how they are bounded. */
final class MetricQuestionsTest {
    private static final String METRICS = "/api/v1/monitoring/metrics";
    private static final long DAY = 86_400_000;
    private static final long NOW = System.currentTimeMillis();

    @TempDir private static Path data;
    private static TestServer server;
    private static String admin;

    @BeforeAll
    static void start() {
        server = TestServer.start(data, "--limits.query.memory", "1MiB");
        admin = server.admin();
        WriteRequestBody body =
                WriteRequestBody.one()
                        .series(Labels.of("__name__", "lasting"))
                        .sample(NOW - 2 * DAY, 1)
                        .sample(NOW - 1000, 2)
                        .series(Labels.of("__name__", "old"))
                        .sample(NOW - 3 * DAY, 3);
        for (int i = 0; i < 100; i++) {
            body.series(Labels.of("__name__", "many", "i", "i" + i));
            for (int at = 0; at < 2_000; at++) {
                body.sample(NOW - 60_000 + at, at);
            }
        }
        PrometheusTarget.write(server, admin, body.bytes(), false).expect(204);
    }

    @AfterAll
    static void end() {
        server.close();
    }

    private static JsonNode ask(String parameters) {
        return server.get(METRICS + parameters, admin).expect(200).json();
    }

    @Test
    void samples_areTheLastDays_unlessItHasNone() {
        assertThat(ask("?name=lasting").at("/pagination/total").asInt()).isEqualTo(1);
        assertThat(ask("?name=lasting").at("/data/0/value").asInt()).isEqualTo(2);
        assertThat(ask("?name=lasting&start_time=now-3d").at("/pagination/total").asInt())
                .isEqualTo(2);
        assertThat(ask("?name=old").at("/data/0/value").asInt()).isEqualTo(3);
    }

    @Test
    void figures_takeTheQuerysMemory_whereverTheValuesAre() {
        JsonNode one = ask("?name=many&aggregation=p95&labels=i=i7");
        assertThat(one.at("/data/series/0/datapoints/0/value").asDouble()).isEqualTo(1899.05);
        for (String group : new String[] {"", "&group_by=i", "&step=1s"}) {
            TestServer.Answer refused =
                    server.get(METRICS + "?name=many&aggregation=p95" + group, admin).expect(422);
            assertThat(refused.errorMessage()).startsWith("memory: over 1048576 bytes");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "series, /api/v1/series?match[]=old",
        "series, /api/v1/labels",
        "series, /api/v1/label/i/values",
        "series, /api/v1/metadata",
        "series, /api/v1/query_exemplars?query=old",
        "samples, /federate?match[]=lasting",
        "samples, /api/v1/monitoring/metrics?name=old",
        "figures, /api/v1/monitoring/metrics?name=old&aggregation=max",
        "samples, /api/v1/monitoring/metrics/prometheus"
    })
    void question_isOneOfThoseThatAreBounded(String type, String path) {
        double before = asked(type);
        server.get(path, admin).expect(200);
        assertThat(asked(type)).isGreaterThan(before);
    }

    @Test
    void remoteRead_isOneOfThoseThatAreBounded() {
        double before = asked("samples");
        PrometheusTarget.read(server, admin, "old", NOW - 4 * DAY, NOW).expect(200);
        assertThat(asked("samples")).isGreaterThan(before);
    }

    private static double asked(String type) {
        Pattern line = Pattern.compile("belfry_queries_total\\{query_type=\"" + type + "\"} (.*)");
        Matcher found = line.matcher(server.get("/metrics", admin).expect(200).text());
        return found.find() ? Double.parseDouble(found.group(1)) : 0;
    }
}
