package dev.belfry.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belfry.receive.ImportCommand;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MetricImportTest {
    private static final long BEGIN_MILLIS = 1_700_000_000_000L;

    @TempDir private Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void prometheusText_isBackfilled_onceAndWithItsTypes() throws IOException {
        StringBuilder text = new StringBuilder("# HELP http_requests_total Requests.\n");
        text.append("# TYPE http_requests_total counter\n");
        for (int i = 0; i < 25_000; i++) {
            text.append("http_requests_total{code=\"200\"} ").append(i).append(' ');
            text.append(BEGIN_MILLIS + i * 1000L).append('\n');
        }
        text.append("# TYPE h histogram\nh_bucket{le=\"1\"} 2 ").append(BEGIN_MILLIS).append('\n');
        String file = write("metrics.prom", text.toString());
        try (TestServer server = TestServer.start(folder.resolve("data"))) {
            assertThat(run(server, file)).isZero();
            assertThat(said()).contains("25,001 samples in ");
            String admin = server.admin();
            assertThat(value(server, admin, "count_over_time(http_requests_total[7h])", 25_000))
                    .isEqualTo(25_000);
            assertThat(value(server, admin, "h_bucket{le=\"1.0\"}", 0)).isEqualTo(2);
            assertThat(server.get("/api/v1/metadata?metric=http_requests_total", admin).text())
                    .contains("\"type\":\"counter\"", "Requests.");
            assertThat(run(server, file)).isZero();
            assertThat(said()).contains("imported already, 25,001 samples");
            write("metrics.prom", text + "h_bucket{le=\"1\"} 3 " + (BEGIN_MILLIS + 1000) + "\n");
            assertThat(run(server, file)).isZero();
            assertThat(said()).contains("1 samples in ");
            assertThat(value(server, admin, "h_bucket{le=\"1.0\"}", 1)).isEqualTo(3);
        }
        try (TestServer server = TestServer.start(folder.resolve("other"))) {
            assertThat(run(server, file, "--source", "old")).isZero();
            assertThat(value(server, server.admin(), "h_bucket{source=\"old\"}", 1)).isEqualTo(3);
        }
    }

    @Test
    void newServer_getsEverything() throws IOException {
        String file = write("m.prom", "a{b=\"\\\"c\\\"\"} 1 " + BEGIN_MILLIS + "\n");
        String port;
        try (TestServer server = TestServer.start(folder.resolve("data"))) {
            port = Integer.toString(server.server().port());
            assertThat(run(server, file)).isZero();
            assertThat(run(server, file)).isZero();
            assertThat(said()).contains("imported already, 1 samples");
        }
        try (TestServer server = TestServer.start(folder.resolve("new"), "--port", port)) {
            assertThat(run(server, file)).isZero();
            assertThat(err.toString(StandardCharsets.UTF_8)).contains("starting over");
            assertThat(value(server, server.admin(), "a", 0)).isEqualTo(1);
        }
    }

    @Test
    void openMetrics_hasItsTimesInSeconds_andWrongLinesAreNamed() throws IOException {
        String file =
                write(
                        "m.txt",
                        """
                        # TYPE rpcs counter
                        # UNIT rpcs_seconds seconds
                        rpcs_total{a="b"} 5 1700000000.5 # {trace_id="t"} 0.5 1700000000
                        rpcs_total{a="c"} wrong 1700000000

                        rpcs_total{a="d"} 7 1700000001
                        # EOF
                        """);
        try (TestServer server = TestServer.start(folder.resolve("data"))) {
            assertThat(run(server, file)).isEqualTo(1);
            assertThat(said())
                    .contains(
                            "2 samples in ", "1 refused:", file + ":4: rpcs_total{a=\"c\"} wrong");
            assertThat(value(server, server.admin(), "rpcs_total{a=\"d\"}", 1)).isEqualTo(7);
            assertThat(value(server, server.admin(), "timestamp(rpcs_total{a=\"b\"})", 1))
                    .isEqualTo(1_700_000_000.5);
        }
    }

    @Test
    void history_isReadByRemoteRead_andGoneOnWith() throws IOException {
        StringBuilder text = new StringBuilder("# TYPE a counter\n# HELP a What it is.\n");
        for (int i = 0; i < 10_000; i++) {
            text.append("a{i=\"")
                    .append(i % 3)
                    .append("\",job=\"j\"} ")
                    .append(i * 0.1)
                    .append(' ');
            text.append(BEGIN_MILLIS + i * 5_000L).append('\n');
        }
        text.append("b 7 ").append(BEGIN_MILLIS).append('\n');
        String from = "2023-11-14T00:00:00Z";
        try (TestServer old = TestServer.start(folder.resolve("old"));
                TestServer server = TestServer.start(folder.resolve("data"))) {
            assertThat(run(old, write("old.prom", text.toString()))).isZero();
            String url = old.server().address();
            String[] history = {
                "--remote-read",
                url,
                "--remote-token",
                old.admin(),
                "--from",
                from,
                "--to",
                "2023-11-16T00:00:00Z",
                "--match",
                "a{job=~\"j|k\"}"
            };
            assertThat(run(server, history)).isZero();
            assertThat(said()).contains(url + ": 10,000 samples in ");
            String admin = server.admin();
            String sum = "sum(sum_over_time(a[15h]))";
            assertThat(value(server, admin, sum, 50_000))
                    .isEqualTo(value(old, old.admin(), sum, 50_000));
            assertThat(server.get("/api/v1/metadata?metric=a", admin).text())
                    .contains("\"type\":\"counter\"", "What it is.");
            assertThat(server.get("/api/v1/series?match[]=b", admin).json().get("data")).isEmpty();
            write("old.prom", "a{i=\"0\",job=\"j\"} 1 " + (BEGIN_MILLIS + 60_000_000) + "\n");
            assertThat(run(old, folder.resolve("old.prom").toString())).isZero();
            assertThat(run(server, history)).isZero();
            assertThat(err.toString(StandardCharsets.UTF_8))
                    .contains(url + ": going on at 2023-11-1");
            assertThat(value(server, admin, "a{i=\"0\"}", 60_000)).isEqualTo(1);
            history[3] = "wrong";
            assertThat(run(server, history)).isEqualTo(1);
            assertThat(err.toString(StandardCharsets.UTF_8)).contains("/api/v1/read: HTTP 401");
        }
    }

    @Test
    void wrongOptionsOfHistories_areNamed() {
        try (TestServer server = TestServer.start(folder.resolve("data"))) {
            assertThat(run(server, "--remote-read", "ftp://x")).isEqualTo(2);
            assertThat(run(server, "--remote-read", "http://x", "--match", "a{")).isEqualTo(2);
            assertThat(run(server, "--remote-read", "http://x", "--from", "noon")).isEqualTo(2);
            assertThat(run(server, "--remote-read", "http://x", "file")).isEqualTo(2);
            assertThat(run(server, "file", "--match", "a")).isEqualTo(2);
            assertThat(err.toString(StandardCharsets.UTF_8))
                    .contains(
                            "--remote-read: ftp://x (expected: as http://127.0.0.1:9090)",
                            "--match: a{ (expected: a selector such as {job=\"node\"})",
                            "--from: noon (expected: ",
                            "--remote-read: with files (expected: one of them)",
                            "--match, --from, --to: without --remote-read");
        }
    }

    private int run(TestServer server, String... arguments) {
        List<String> all = new ArrayList<>(Arrays.asList(arguments));
        all.addAll(List.of("--url", server.server().address(), "--token", server.admin()));
        return ImportCommand.run(
                all.toArray(String[]::new),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                Map.of("XDG_STATE_HOME", folder.resolve("state").toString()));
    }

    private String said() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }

    private static double value(TestServer server, String token, String query, int afterSeconds) {
        JsonNode found =
                server.get(
                                "/api/v1/query?time="
                                        + (BEGIN_MILLIS / 1000 + afterSeconds)
                                        + "&query="
                                        + URLEncoder.encode(query, StandardCharsets.UTF_8),
                                token)
                        .expect(200)
                        .json()
                        .at("/data/result");
        assertThat(found).as(query).hasSize(1);
        return found.get(0).get("value").get(1).asDouble();
    }
}
