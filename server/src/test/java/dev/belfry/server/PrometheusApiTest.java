package dev.belfry.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belfry.model.series.FloatHistogram;
import dev.belfry.model.series.FloatHistogram.ResetHint;
import dev.belfry.model.series.Labels;
import dev.belfry.model.series.MetricType;
import dev.belfry.testkit.WriteRequestBody;
import java.net.URLEncoder;
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

/** Prometheus' HTTP API, answers compared to the byte with what Prometheus gives. */
final class PrometheusApiTest {
    private static final long T = 1_769_248_800_000L;
    private static final Labels UP = Labels.of("__name__", "up", "job", "shop", "i", "<a>&é\"\n");
    private static final Labels DOWN = Labels.of("__name__", "up", "job", "till", "i", "b");
    private static final FloatHistogram HISTOGRAM =
            new FloatHistogram(
                    0,
                    ResetHint.UNKNOWN,
                    6,
                    7.5,
                    0.5,
                    1,
                    new int[] {1, 2},
                    new double[] {2, 2.5},
                    new int[] {0},
                    new double[] {0.5},
                    new double[0]);

    @TempDir private static Path data;
    private static TestServer server;
    private static String admin;

    @BeforeAll
    static void start() {
        server = TestServer.start(data);
        admin = server.admin();
        byte[] body =
                WriteRequestBody.two()
                        .series(UP)
                        .metadata("up", MetricType.GAUGE, "bool", "Whether <it> is up.")
                        .sample(T, 1)
                        .sample(T + 1500, 0.1 + 0.2)
                        .exemplar(Labels.of("trace_id", "abc"), 0.5, T + 250)
                        .series(DOWN)
                        .sample(T, -0.0)
                        .sample(T + 1500, 1e-7)
                        .series(Labels.of("__name__", "h", "job", "shop", "a.b", "c"))
                        .histogram(T, HISTOGRAM, false)
                        .bytes();
        TestServer.Answer written = PrometheusTarget.write(server, admin, body, true).expect(204);
        assertThat(written.header("x-prometheus-remote-write-samples-written")).isEqualTo("4");
        assertThat(written.header("x-prometheus-remote-write-histograms-written")).isEqualTo("1");
        assertThat(written.header("x-prometheus-remote-write-exemplars-written")).isEqualTo("1");
    }

    @AfterAll
    static void end() {
        server.close();
    }

    private static String get(String path) {
        return server.get(path, admin).expect(200).text();
    }

    private static String q(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Test
    void instant_toTheByte() {
        assertThat(get("/api/v1/query?query=up&time=1769248800"))
                .isEqualTo(
                        "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":["
                                + "{\"metric\":{\"__name__\":\"up\",\"i\":\"<a>&é\\\"\\n\",\"job\":\"shop\"},"
                                + "\"value\":[1769248800,\"1\"]},"
                                + "{\"metric\":{\"__name__\":\"up\",\"i\":\"b\",\"job\":\"till\"},"
                                + "\"value\":[1769248800,\"-0\"]}]}}");
        assertThat(get("/prometheus/api/v1/query?query=h&time=2026-01-24T10:00:00.5Z"))
                .isEqualTo(
                        "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":["
                                + "{\"metric\":{\"__name__\":\"h\",\"a.b\":\"c\",\"job\":\"shop\"},"
                                + "\"histogram\":[1769248800.500,{\"count\":\"6\",\"sum\":\"7.5\","
                                + "\"buckets\":[[1,\"-1\",\"-0.5\",\"0.5\"],[3,\"-0.5\",\"0.5\",\"1\"],"
                                + "[0,\"1\",\"2\",\"2\"],[0,\"2\",\"4\",\"2.5\"]]}]}]}}");
        assertThat(get("/api/v1/query?query=1%2B1&time=1.5"))
                .isEqualTo(
                        "{\"status\":\"success\",\"data\":{\"resultType\":\"scalar\",\"result\":"
                                + "[1.500,\"2\"]}}");
        assertThat(get("/api/v1/query?query=1%2B1&time=1.5&limit=9999999999"))
                .isEqualTo(get("/api/v1/query?query=1%2B1&time=1.5"));
        assertThat(get("/api/v1/query?query=%22a%3Cb%22&time=1"))
                .isEqualTo(
                        "{\"status\":\"success\",\"data\":{\"resultType\":\"string\",\"result\":"
                                + "[1,\"a\\u003cb\"]}}");
    }

    @Test
    void range_toTheByte() {
        assertThat(
                        get(
                                "/api/v1/query_range?query="
                                        + q("up{job=\"shop\"}")
                                        + "&start=1769248800&end=1769248802&step=1"))
                .isEqualTo(
                        "{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":["
                                + "{\"metric\":{\"__name__\":\"up\",\"i\":\"<a>&é\\\"\\n\",\"job\":\"shop\"},"
                                + "\"values\":[[1769248800,\"1\"],[1769248801,\"1\"],"
                                + "[1769248802,\"0.30000000000000004\"]]}]}}");
        assertThat(get("/api/v1/query?query=up%7Bjob=%22till%22%7D%5B1m%5D&time=1769248802"))
                .contains("\"values\":[[1769248800,\"-0\"],[1769248801.500,\"1e-07\"]]}]}}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "query?query=up%7B|400|bad_data|invalid parameter \"query\": 1:4: parse error: unexpected end of input inside braces",
                "query|400|bad_data|invalid parameter \"query\": unknown position: parse error: no expression found in input",
                "query?query=1&time=x|400|bad_data|invalid parameter \"time\": invalid time value for 'time': cannot parse \"x\" to a valid timestamp",
                "query?query=1&time=%2B999999999-01-01T00:00:00Z|400|bad_data|invalid parameter \"time\": invalid time value for 'time': cannot parse \"+999999999-01-01T00:00:00Z\" to a valid timestamp",
                "query_range?query=1&start=-100000000-01-01T00:00:00Z&end=1&step=1|400|bad_data|invalid parameter \"start\": cannot parse \"-100000000-01-01T00:00:00Z\" to a valid timestamp",
                "query_range?query=1&start=1&end=%2B292278994-01-01T00:00:00Z&step=1|400|bad_data|invalid parameter \"end\": cannot parse \"+292278994-01-01T00:00:00Z\" to a valid timestamp",
                "query_range?query=1&start=-1e300&end=1e300&step=1|400|bad_data|exceeded maximum resolution of 11,000 points",
                "query?query=1&timeout=x|400|bad_data|invalid parameter \"timeout\": cannot parse \"x\" to a valid duration",
                "query?query=1&limit=-1|400|bad_data|invalid parameter \"limit\": limit must be non-negative",
                "query?query=1&limit=x|400|bad_data|invalid parameter \"limit\": strconv.Atoi: parsing \"x\": invalid syntax",
                "query?query=1&limit=99999999999999999999|400|bad_data|invalid parameter \"limit\": strconv.Atoi: parsing \"99999999999999999999\": value out of range",
                "query?query=1&lookback_delta=x|400|bad_data|error parsing lookback delta duration: cannot parse \"x\" to a valid duration",
                "query?query=up%2Bon(a)up&time=1769248800|422|execution|found duplicate series",
                "query_range?query=1|400|bad_data|invalid parameter \"start\": cannot parse \"\" to a valid timestamp",
                "query_range?query=1&start=2&end=1&step=1|400|bad_data|invalid parameter \"end\": end timestamp must not be before start time",
                "query_range?query=1&start=1&end=2&step=0|400|bad_data|invalid parameter \"step\": zero or negative query resolution step widths are not accepted. Try a positive integer",
                "query_range?query=1&start=1&end=2&step=x|400|bad_data|invalid parameter \"step\": cannot parse \"x\" to a valid duration",
                "query_range?query=1&start=0&end=11001&step=1|400|bad_data|exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)",
                "query_range?query=up%5B1m%5D&start=0&end=1&step=1|400|bad_data|invalid parameter \"query\": invalid expression type \"range vector\" for range query, must be Scalar or instant Vector",
                "query_exemplars?query=up&start=2&end=1|400|bad_data|end timestamp must not be before start timestamp",
                "series|400|bad_data|no match[] parameter provided",
                "series?match[]=|400|bad_data|invalid parameter \"match[]\": unknown position: parse error: unexpected end of input",
                "labels?match[]=|400|bad_data|unknown position: parse error: unexpected end of input",
                "status/tsdb?limit=0|400|bad_data|limit must be a positive number",
                "series?match[]=up%7B&limit=x|400|bad_data|invalid parameter \"limit\": strconv.Atoi: parsing \"x\": invalid syntax",
                "labels?match[]=up%7B&start=x|400|bad_data|invalid parameter \"start\": invalid time value for 'start'",
                "series?match[]=(up)|400|bad_data|invalid parameter \"match[]\": 1:1: parse error: unexpected \"(\"",
                "series?match[]=1|400|bad_data|invalid parameter \"match[]\": 1:1: parse error: unexpected number \"1\"",
                "series?match[]=up%7B|400|bad_data|invalid parameter \"match[]\": 1:4: parse error: unexpected end of input inside braces",
                "series?match[]=%7B%7D|400|bad_data|invalid parameter \"match[]\": match[] must contain at least one non-empty matcher",
                "series?match[]=rate(x%5B5m%5D)|400|bad_data|invalid parameter \"match[]\": 1:5: parse error: unexpected \"(\"",
                "labels?match[]=up%7B|400|bad_data|1:4: parse error: unexpected end of input inside braces",
                "label/job/values?match[]=%7Ba%3D~%22.*%22%7D|400|bad_data|match[] must contain at least one non-empty matcher",
                "metadata?limit=x|400|bad_data|limit must be a number",
                "metadata?limit_per_metric=x|400|bad_data|limit_per_metric must be a number",
                "rules?type=x|400|bad_data|invalid parameter \"type\": not supported value \"x\"",
                "rules?match[]=up%7B|400|bad_data|1:4: parse error: unexpected end of input inside braces",
                "rules?exclude_alerts=maybe|400|bad_data|invalid parameter \"exclude_alerts\": error converting exclude_alerts: strconv.ParseBool: parsing \"maybe\": invalid syntax",
                "rules?group_limit=0|400|bad_data|invalid parameter \"group_limit\": group_limit needs to be greater than 0",
                "rules?group_limit=x|400|bad_data|invalid parameter \"group_limit\": group_limit needs to be a valid number: strconv.ParseInt: parsing \"x\": invalid syntax",
                "rules?group_next_token=x|400|bad_data|invalid parameter \"group_next_token\": group_limit needs to be present in order to paginate over the groups",
                "rules?group_limit=1&group_next_token=x|400|bad_data|invalid parameter \"group_next_token\": invalid group_next_token 'x'. were rule groups changed?",
                "query_exemplars?query=1%2B|400|bad_data|1:3: parse error: unexpected end of input",
                "format_query?query=%28|400|bad_data|invalid parameter \"query\": 1:2: parse error"
            })
    void refusals_asPrometheus(String path, int status, String type, String text) {
        TestServer.Answer answer = server.get("/api/v1/" + path, admin).expect(status);
        assertThat(answer.json().get("status").asText()).isEqualTo("error");
        assertThat(answer.json().get("errorType").asText()).isEqualTo(type);
        assertThat(answer.json().get("error").asText()).startsWith(text);
        assertThat(answer.text()).startsWith("{\"status\":\"error\",\"errorType\":\"" + type);
    }

    @Test
    void form_isReadAsTheQueryIs() {
        PrometheusTarget target = new PrometheusTarget(server, admin);
        assertThat(target.form("/api/v1/query", "query", "up", "time", "1769248800").text())
                .isEqualTo(get("/api/v1/query?query=up&time=1769248800"));
        assertThat(
                        target.form("/api/v1/labels", "match[]", "up", "match[]", "h")
                                .expect(200)
                                .text())
                .isEqualTo(
                        "{\"status\":\"success\",\"data\":[\"__name__\",\"a.b\",\"i\",\"job\"]}");
    }

    @Test
    void parameterThatIsGivenTwice_isTheFirst() {
        PrometheusTarget target = new PrometheusTarget(server, admin);
        String first = get("/api/v1/query?query=1&time=5");
        assertThat(get("/api/v1/query?query=1&time=5&query=2&time=6")).isEqualTo(first);
        assertThat(
                        target.form(
                                        "/api/v1/query?query=2",
                                        "query",
                                        "1",
                                        "time",
                                        "5",
                                        "query",
                                        "3")
                                .text())
                .isEqualTo(first);
    }

    @Test
    void deletedSeries_areGone_alsoFromFiles() {
        byte[] body =
                WriteRequestBody.one().series(Labels.of("__name__", "gone")).sample(T, 1).bytes();
        PrometheusTarget.write(server, admin, body, false).expect(204);
        PrometheusTarget target = new PrometheusTarget(server, admin);
        target.form("/api/v1/admin/tsdb/delete_series", "match[]", "gone").expect(204);
        target.form("/api/v1/admin/tsdb/clean_tombstones").expect(204);
        assertThat(get("/api/v1/query?query=gone&time=1769248800")).contains("\"result\":[]");
    }

    @Test
    void limit_cutsAndWarns_statsTell() {
        JsonNode cut = server.get("/api/v1/query?query=up&time=1769248800&limit=1", admin).json();
        assertThat(cut.at("/data/result")).hasSize(1);
        assertThat(cut.get("warnings").get(0).asText()).isEqualTo("results truncated due to limit");
        JsonNode stats =
                server.get("/api/v1/query?query=up&time=1769248800&stats=all", admin).json();
        assertThat(stats.at("/data/stats/samples/totalQueryableSamples").asInt()).isEqualTo(2);
        assertThat(stats.at("/data/stats/samples/peakSamples").asInt()).isBetween(2, 10);
        JsonNode timings = stats.at("/data/stats/timings");
        double total = timings.get("evalTotalTime").asDouble();
        assertThat(total).isPositive();
        assertThat(timings.get("innerEvalTime").asDouble()).isPositive();
        assertThat(
                        timings.get("queryPreparationTime").asDouble()
                                + timings.get("innerEvalTime").asDouble()
                                + timings.get("resultSortTime").asDouble())
                .isCloseTo(total, within(1e-8));
        assertThat(timings.get("execTotalTime").asDouble())
                .isGreaterThanOrEqualTo(total + timings.get("execQueueTime").asDouble() - 1e-8);
        assertThat(get("/api/v1/series?match[]=up&limit=1"))
                .endsWith("],\"warnings\":[\"results truncated due to limit\"]}");
        assertThat(get("/api/v1/labels?limit=3"))
                .doesNotContain("warnings\":[]")
                .contains("\"data\":[\"__name__\",\"a.b\",\"i\"],\"warnings\"");
    }

    @Test
    void lookback_isHowOldASampleMayBe() {
        String at = "/api/v1/query?query=count(up)&time=1769248810";
        assertThat(get(at)).contains("\"2\"");
        assertThat(get(at + "&lookback_delta=5s")).contains("\"result\":[]");
    }

    @Test
    void seriesLabelsValues() {
        assertThat(get("/api/v1/series?match[]=" + q("{job=\"till\"}")))
                .isEqualTo(
                        "{\"status\":\"success\",\"data\":[{\"__name__\":\"up\",\"i\":\"b\",\"job\":\"till\"}]}");
        String shop = "/api/v1/series?match[]=" + q("{__name__=~\"up|h\"}");
        assertThat(get(shop)).contains("\"up\"", "\"h\"");
        assertThat(get(shop + "&start=1769248800.001&end=1769248801.499"))
                .isEqualTo("{\"status\":\"success\",\"data\":[]}");
        assertThat(get(shop + "&start=1769248800.001&end=1769248801.5"))
                .contains("\"up\"")
                .doesNotContain("\"h\"");
        assertThat(get("/api/v1/label/job/values"))
                .isEqualTo("{\"status\":\"success\",\"data\":[\"shop\",\"till\"]}");
        assertThat(get("/api/v1/label/job/values?match[]=h"))
                .isEqualTo("{\"status\":\"success\",\"data\":[\"shop\"]}");
        assertThat(get("/api/v1/label/U__a_2e_b/values"))
                .isEqualTo("{\"status\":\"success\",\"data\":[\"c\"]}");
        assertThat(get("/api/v1/label/i/values")).contains("\"\\u003ca\\u003e\\u0026é\\\"\\n\"");
        assertThat(get("/api/v1/label/none/values"))
                .isEqualTo("{\"status\":\"success\",\"data\":[]}");
        assertThat(get("/api/v1/labels?start=1&end=2"))
                .isEqualTo("{\"status\":\"success\",\"data\":[]}");
    }

    @Test
    void metadataAndExemplars() {
        assertThat(get("/api/v1/metadata?metric=up"))
                .isEqualTo(
                        "{\"status\":\"success\",\"data\":{\"up\":[{\"type\":\"gauge\","
                                + "\"help\":\"Whether \\u003cit\\u003e is up.\",\"unit\":\"bool\"}]}}");
        assertThat(get("/api/v1/query_exemplars?query=" + q("rate(up{job=\"shop\"}[5m])")))
                .isEqualTo(
                        "{\"status\":\"success\",\"data\":[{\"seriesLabels\":{\"__name__\":\"up\","
                                + "\"i\":\"<a>&é\\\"\\n\",\"job\":\"shop\"},\"exemplars\":[{\"labels\":"
                                + "{\"trace_id\":\"abc\"},\"value\":\"0.5\","
                                + "\"timestamp\":1769248800.250}]}]}");
        assertThat(get("/api/v1/query_exemplars?query=test"))
                .isEqualTo("{\"status\":\"success\",\"data\":[]}");
    }

    @Test
    void formatAndParse() {
        assertThat(get("/api/v1/format_query?query=" + q("sum(up)/2")))
                .isEqualTo("{\"status\":\"success\",\"data\":\"sum(up) / 2\"}");
        assertThat(server.get("/api/v1/parse_query?query=up", admin).json().at("/data/name"))
                .hasToString("\"up\"");
    }

    @Test
    void whatGrafanaCalls_isThere() {
        for (String path :
                List.of(
                        "query?query=1%2B1",
                        "status/buildinfo",
                        "status/runtimeinfo",
                        "status/tsdb",
                        "status/walreplay",
                        "status/config",
                        "status/flags",
                        "rules",
                        "alerts",
                        "alertmanagers",
                        "features",
                        "notifications",
                        "metadata")) {
            JsonNode answer = server.get("/api/v1/" + path, admin).expect(200).json();
            assertThat(answer.get("status").asText()).isEqualTo("success");
            assertThat(answer.has("data")).isTrue();
        }
        assertThat(server.get("/api/v1/status/flags", admin).text()).doesNotContain("password of");
        assertThat(server.get("/-/healthy", "").expect(200).text()).contains("healthy");
        assertThat(server.get("/-/ready", "").expect(200).text()).contains("ready");
    }

    @Test
    void largeAnswers_areWhole() {
        WriteRequestBody body = WriteRequestBody.one();
        for (int series = 0; series < 50; series++) {
            body.series(Labels.of("__name__", "many", "job", "shop", "n", "n" + series));
            for (int at = 0; at < 1000; at++) {
                body.sample(T + at * 1000L, at + 0.5);
            }
        }
        PrometheusTarget.write(server, admin, body.bytes(), false).expect(204);
        JsonNode json =
                server.get(
                                "/api/v1/query_range?query=many&start=1769248800&end=1769249799"
                                        + "&step=1",
                                admin)
                        .expect(200)
                        .json();
        assertThat(json.at("/data/result")).hasSize(50);
        json.at("/data/result")
                .forEach(series -> {
                    assertThat(series.get("values")).hasSize(1000);
                    assertThat(series.get("values").get(999).get(1).asText()).isEqualTo("999.5");
                });
    }

    @Test
    void queries_shareTheThreadsThatHelp() {
        WriteRequestBody body = WriteRequestBody.one();
        for (int series = 0; series < 600; series++) {
            body.series(Labels.of("__name__", "wide", "job", "shop", "n", "n" + series));
            body.sample(T, series);
        }
        PrometheusTarget.write(server, admin, body.bytes(), false).expect(204);
        int processors = Runtime.getRuntime().availableProcessors();
        for (int asked = 0; asked < processors + 2; asked++) {
            assertThat(get("/api/v1/query?query=sum(wide*1)&time=1769248800"))
                    .contains("\"179700\"");
        }
        assertThat(Thread.getAllStackTraces().keySet())
                .filteredOn(thread -> thread.getName().startsWith("promql-"))
                .hasSizeLessThanOrEqualTo(Math.max(1, processors - 1));
    }

    @Test
    void write_isRefusedInWords_andKeepsTheGoodOnes() {
        byte[] body =
                WriteRequestBody.two()
                        .series(Labels.of("job", "shop"))
                        .sample(T, 1)
                        .series(Labels.of("__name__", "good", "job", "shop"))
                        .sample(T, 1)
                        .bytes();
        TestServer.Answer partial = PrometheusTarget.write(server, admin, body, true).expect(400);
        assertThat(partial.text()).startsWith("1 refused, 1 taken\nseries 0: labels: no __name__");
        assertThat(partial.header("x-prometheus-remote-write-samples-written")).isEqualTo("1");
        assertThat(get("/api/v1/query?query=good&time=1769248800")).contains("\"1\"");
        HttpRequest.Builder request =
                server.request("POST", "/api/v1/write", admin)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[] {0}));
        assertThat(server.send(request.copy().header("content-type", "text/plain").build()))
                .satisfies(a -> assertThat(a.status()).isEqualTo(415));
        assertThat(
                        server.send(
                                request.copy()
                                        .header(
                                                "content-type",
                                                "application/x-protobuf;proto=other.Message")
                                        .build()))
                .satisfies(a -> assertThat(a.status()).isEqualTo(415));
        assertThat(server.send(request.copy().header("content-encoding", "gzip").build()))
                .satisfies(a -> assertThat(a.status()).isEqualTo(415));
        assertThat(server.send(request.build()).status()).isEqualTo(204);
        assertThat(PrometheusTarget.write(server, "none", body, true).status()).isEqualTo(401);
    }

    @Test
    void basic_namesUserOrKey() {
        String key = server.key(admin, "\"monitoring:events:read\"");
        String pair =
                Base64.getEncoder().encodeToString(("any:" + key).getBytes(StandardCharsets.UTF_8));
        assertThat(
                        server.send(
                                        server.request("GET", "/api/v1/query?query=1", "")
                                                .header("authorization", "Basic " + pair)
                                                .build())
                                .status())
                .isEqualTo(200);
        TestServer.Answer none = server.get("/api/v1/query?query=1", "").expect(401);
        assertThat(none.json().get("errorType").asText()).isEqualTo("unauthorized");
    }

    @Test
    void cardinality_countsMetricsLabelsAndPairs() {
        JsonNode data = server.get("/api/v1/status/tsdb?limit=3", admin).json().get("data");
        assertThat(data.at("/headStats/numSeries").asLong()).isPositive();
        assertThat(data.at("/seriesCountByMetricName/0/value").asLong()).isPositive();
        assertThat(data.get("labelValueCountByLabelName").size()).isBetween(1, 3);
        assertThat(data.get("seriesCountByLabelValuePair").toString()).contains("=");
        assertThat(data.at("/memoryInBytesByLabelName/0/value").asLong()).isPositive();
        server.get("/api/v1/status/tsdb?limit=0", admin).expect(400);
        server.get("/api/v1/status/tsdb?limit=x", admin).expect(400);
    }

    @Test
    void federation_showsTheNewestValues() {
        long now = System.currentTimeMillis();
        byte[] body =
                WriteRequestBody.one()
                        .series(Labels.of("__name__", "fed", "job", "a\"b"))
                        .sample(now - 2000, 1)
                        .sample(now - 1000, 2.5e6)
                        .series(Labels.of("__name__", "fed.dots", "instance", "i"))
                        .sample(now - 1000, 3)
                        .bytes();
        PrometheusTarget.write(server, admin, body, false).expect(204);
        String path = "/federate?match[]=fed&match[]=" + q("{\"fed.dots\"}");
        assertThat(get(path)).contains("# TYPE fed_dots untyped\nfed_dots{instance=\"i\"} 3 ");
        HttpRequest any =
                server.request("GET", path, admin)
                        .header("accept", "text/plain;version=1.0.0;escaping=allow-utf-8")
                        .build();
        assertThat(server.send(any).expect(200).text())
                .isEqualTo(
                        "# TYPE fed untyped\nfed{job=\"a\\\"b\",instance=\"\"} 2.5e+06 "
                                + (now - 1000)
                                + "\n# TYPE \"fed.dots\" untyped\n{\"fed.dots\",instance=\"i\"} 3 "
                                + (now - 1000)
                                + "\n");
        server.get("/federate?match[]=up%7B", admin).expect(400);
    }

    @Test
    void remoteRead_asSamples() {
        TestServer.Answer answer = PrometheusTarget.read(server, admin, "up", T, T + 1);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("content-encoding")).isEqualTo("snappy");
        assertThat(PrometheusTarget.inflated(answer)).contains("shop", "till");
    }
}
