package dev.belfry.receive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.receive.OtlpMetricsConfig.Translation;
import dev.belfry.receive.otlp.MetricsJson;
import dev.belfry.receive.protobuf.ProtoWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class OtlpMetricsTest {
    private static final long NOW = 1_769_248_800_000L;
    private static final String TIMES =
            "\"startTimeUnixNano\":\"1769248000000000000\",\"timeUnixNano\":\"1769248800000000000\"";
    private static final String WHEN = " @1769248800000 from 1769248000000";

    private final MemoryResolver resolver = new MemoryResolver();
    private final KnownFamilies families = new KnownFamilies();

    @Test
    void counter_getsUnitAndTotal() {
        assertThat(lines(sum("http.server.requests", "ms", true, 2, "\"asInt\":\"7\"", "")))
                .containsExactly(
                        "http_server_requests_milliseconds_total{instance=\"i-1\", job=\"shop/api\","
                                + " otel_scope_name=\"lib\", otel_scope_version=\"2\"} 7"
                                + WHEN,
                        "target_info{host_name=\"h\", instance=\"i-1\", job=\"shop/api\"} 1"
                                + " @1769248800000",
                        "family http_server_requests_milliseconds_total counter milliseconds help",
                        "family target_info gauge  Target metadata");
    }

    @Test
    void knownSeries_costNoLabels() {
        String body = sum("requests", "", true, 2, "\"asDouble\":1.5", text("region", "eu"));
        List<String> first = lines(body);
        int resolved = resolver.resolved;
        assertThat(lines(body)).containsExactlyElementsOf(first.subList(0, 2));
        assertThat(resolver.resolved).isEqualTo(resolved);
    }

    @Test
    void families_areToldUntilTheyAreKept() {
        String body = sum("requests", "", true, 2, "\"asDouble\":1.5", "");
        for (int round = 0; round < 2; round++) {
            assertThat(resolver.lines(decode(body)))
                    .contains(
                            "family requests_total counter  help",
                            "family target_info gauge  Target metadata");
        }
        decode(body).told().kept();
        assertThat(decode(body).batch().metadata()).isEmpty();
    }

    @Test
    void names_areThoseOfPrometheus() {
        assertThat(gaugeName("system.cpu.utilization", "1"))
                .isEqualTo("system_cpu_utilization_ratio");
        assertThat(gaugeName("2xx.rate", "{requests}/s")).isEqualTo("_2xx_rate_per_second");
        assertThat(gaugeName("disk.io.bytes", "By")).isEqualTo("disk_io_bytes");
        assertThat(gaugeName("a..b__c", "m/s")).isEqualTo("a_b_c_meters_per_second");
        assertThat(gaugeName("größe", "By")).isEqualTo("gr_e_bytes");
        assertThat(gaugeName("x", "foo/bar-baz")).isEqualTo("x_foo_per_bar_baz");
        assertThat(gaugeName("x", "{foo}")).isEqualTo("x");
        assertThat(gaugeName("process:cpu", "%")).isEqualTo("process:cpu_percent");
        OtlpMetricsConfig none = config(Translation.NO_TRANSLATION, true);
        assertThat(name(none, "http.größe", "By", false)).isEqualTo("http.größe");
        OtlpMetricsConfig utf8 = config(Translation.NO_UTF8_ESCAPING_WITH_SUFFIXES, true);
        assertThat(name(utf8, "http.requests", "s", true)).isEqualTo("http.requests_seconds_total");
        OtlpMetricsConfig plain = config(Translation.UNDERSCORE_ESCAPING_WITHOUT_SUFFIXES, true);
        assertThat(name(plain, "http..requests__x", "s", true)).isEqualTo("http_requests__x");
    }

    @Test
    void labels_areSafe_andJoinedWhereTheyMeet() {
        String attributes =
                String.join(
                        ",",
                        text("a.b", "2"),
                        text("a-b", "1"),
                        text("1st", "x"),
                        text("_own", "y"),
                        text("empty", ""),
                        "{\"key\":\"n\",\"value\":{\"doubleValue\":1.0}}",
                        "{\"key\":\"t\",\"value\":{\"boolValue\":true}}",
                        "{\"key\":\"l\",\"value\":{\"arrayValue\":{\"values\":[{\"intValue\":1}]}}}");
        String body = sum("g", "", false, 2, "\"asInt\":1", attributes);
        assertThat(lines(body).getFirst())
                .isEqualTo(
                        "g{a_b=\"1;2\", instance=\"i-1\", job=\"shop/api\", key_1st=\"x\","
                                + " key_own=\"y\", l=\"[1]\", n=\"1\", otel_scope_name=\"lib\","
                                + " otel_scope_version=\"2\", t=\"true\"} 1"
                                + WHEN);
    }

    @Test
    void options_promoteTheResource_andLeaveTheScope() {
        OtlpMetricsConfig config =
                new OtlpMetricsConfig(
                        1 << 20,
                        1000,
                        Translation.UNDERSCORE_ESCAPING_WITH_SUFFIXES,
                        false,
                        Set.of("host.name"));
        assertThat(lines(sum("g", "", false, 2, "\"asInt\":1", ""), config).getFirst())
                .startsWith("g{host_name=\"h\", instance=\"i-1\", job=\"shop/api\"} 1");
    }

    @Test
    void deltas_areLeftToTheStore() {
        assertThat(lines(sum("hits", "", true, 1, "\"asInt\":3", "")))
                .contains(
                        "ADD hits_total{instance=\"i-1\", job=\"shop/api\","
                                + " otel_scope_name=\"lib\", otel_scope_version=\"2\"} 3"
                                + " @1769248800000");
        String point = "\"count\":3,\"sum\":4.5,\"bucketCounts\":[1,2],\"explicitBounds\":[0.5]";
        assertThat(values(histogram(1, point)))
                .containsExactly(
                        "ADD h_seconds_sum 4.5",
                        "ADD h_seconds_count 3",
                        "ADD h_seconds_bucket 0.5 1",
                        "ADD h_seconds_bucket +Inf 3");
    }

    @Test
    void histogram_becomesBuckets_withExemplarsWhereTheyBelong() {
        String point =
                "\"count\":\"6\",\"sum\":4.5,\"bucketCounts\":[\"1\",\"2\",\"3\"],"
                        + "\"explicitBounds\":[0.5,10],\"exemplars\":["
                        + "{\"timeUnixNano\":\"1769248799000000000\",\"asDouble\":2,\"traceId\":"
                        + "\"5b8efff798038103d269b633813fc60c\",\"spanId\":\"eee19b7ec3c1b174\","
                        + "\"filteredAttributes\":["
                        + text("user", "u")
                        + "]}]";
        List<String> lines = lines(histogram(2, point));
        assertThat(brief(lines))
                .startsWith(
                        "h_seconds_sum 4.5",
                        "h_seconds_count 6",
                        "h_seconds_bucket 0.5 1",
                        "h_seconds_bucket 10 3",
                        "h_seconds_bucket +Inf 6");
        assertThat(lines.get(6))
                .startsWith(
                        "# {span_id=\"eee19b7ec3c1b174\","
                                + " trace_id=\"5b8efff798038103d269b633813fc60c\", user=\"u\"}"
                                + " h_seconds_bucket{")
                .contains("le=\"10\"")
                .endsWith(" 2 @1769248799000");
        assertThat(lines).contains("family h_seconds histogram seconds help");
    }

    @Test
    void exemplars_andBuckets_areBounded() {
        String tooLong = "\"traceId\":\"" + "ab".repeat(100_000) + "\",\"spanId\":\"0102\"";
        List<String> lines =
                lines(
                        histogram(
                                2,
                                "\"count\":\"1\",\"bucketCounts\":[\"1\"],\"exemplars\":[{"
                                        + tooLong
                                        + "}]"));
        assertThat(lines)
                .anyMatch(line -> line.startsWith("# {span_id=\"0102\"} h_seconds_bucket{"));
        StringBuilder bounds = new StringBuilder("0");
        StringBuilder counts = new StringBuilder("1,1");
        for (int i = 1; i < 20_000; i++) {
            bounds.append(',').append(i);
            counts.append(",1");
        }
        DecodedSamples decoded =
                decode(
                        histogram(
                                2,
                                "\"count\":1,\"bucketCounts\":["
                                        + counts
                                        + "],\"explicitBounds\":["
                                        + bounds
                                        + "]"));
        assertThat(decoded.errors().getFirst().message())
                .isEqualTo(
                        "h_seconds: more bucket_counts or explicit_bounds (expected: at most 16384)");
    }

    @Test
    void exponentialHistogram_isNative() {
        String point =
                "\"count\":10,\"sum\":20,\"scale\":0,\"zeroCount\":1,\"positive\":{\"offset\":-1,"
                        + "\"bucketCounts\":[2,0,3]},\"negative\":{\"bucketCounts\":[4]}";
        assertThat(lines(exponential(point)).getFirst())
                .contains("h_seconds{")
                .contains("{count:10, sum:20, [-2,-1):4, [-1e-128,1e-128]:1, (0.5,1]:2, (2,4]:3}");
        String fine = point.replace("\"scale\":0", "\"scale\":9").replace("[2,0,3]", "[2,1,3]");
        assertThat(lines(exponential(fine)).getFirst())
                .contains("(0.9972960560854698,1]:2, (1,1.0027112750502025]:4}");
        assertThat(decode(exponential(point.replace("\"scale\":0", "\"scale\":-5"))).errors())
                .extracting(ItemError::message)
                .containsExactly("h_seconds: scale: -5 (expected: -4 to 20)");
    }

    @Test
    void summary_hasQuantiles() {
        String point = "\"count\":4,\"sum\":8,\"quantileValues\":[{\"quantile\":0.99,\"value\":3}]";
        assertThat(values(metric("\"summary\":{\"dataPoints\":[{" + TIMES + "," + point + "}]}")))
                .containsExactly("h_seconds_sum 8", "h_seconds_count 4", "h_seconds 0.99 3");
    }

    @Test
    void flag_ofNoRecordedValue_endsTheSeries() {
        assertThat(lines(sum("g", "", true, 2, "\"flags\":1", "")).getFirst())
                .endsWith("} stale @1769248800000");
        assertThat(values(histogram(2, "\"flags\":1")))
                .containsExactly(
                        "h_seconds_sum stale",
                        "h_seconds_count stale",
                        "h_seconds_bucket +Inf stale");
    }

    @Test
    void badPoint_doesNotCostTheOthers() {
        String body =
                request(
                        "{\"name\":\"g\",\"gauge\":{\"dataPoints\":[{"
                                + TIMES
                                + "},{\"asInt\":2}]}},{\"name\":\"s\",\"sum\":{\"dataPoints\":["
                                + "{\"asInt\":1}]}}");
        DecodedSamples decoded = decode(body);
        assertThat(decoded.errors())
                .extracting(error -> error.index() + " " + error.message())
                .containsExactly(
                        "0 g: value: none (expected: as_double or as_int)",
                        "2 s: aggregation_temporality: 0 (expected: 1, delta, or 2, cumulative)");
        assertThat(decoded.refused()).isEqualTo(2);
        assertThat(decoded.itemCount()).isEqualTo(3);
        assertThat(resolver.lines(decoded).getFirst()).contains("} 2 @" + NOW);
    }

    @Test
    void sources_ofOthersAreRefused_evenWhenTheSeriesIsKnown() {
        String body = sum("g", "", true, 2, "\"asInt\":1", "");
        lines(body);
        byte[] json = body.getBytes(StandardCharsets.UTF_8);
        DecodedSamples decoded =
                OtlpMetrics.decode(
                        json,
                        json.length,
                        true,
                        OtlpMetricsConfig.DEFAULTS,
                        families,
                        SeriesIntake.of(resolver, Set.of("mine")),
                        NOW);
        assertThat(decoded.batch().count()).isZero();
        assertThat(decoded.errors().getFirst().code()).isEqualTo(ErrorCode.FORBIDDEN);
        assertThat(decoded.errors().getFirst().message()).contains("shop/api");
    }

    @Test
    void tooManySeries_refuseTheirPointsOnly() {
        lines(sum("g", "", true, 2, "\"asInt\":1", ""));
        resolver.seriesMax = 2;
        assertThat(decode(sum("other", "", true, 2, "\"asInt\":1", "")).errors())
                .extracting(ItemError::message)
                .containsExactly("series: too many");
    }

    @Test
    void body_thatIsNone_saysWhere() {
        byte[] body = {0x0A, 0x05, 0x12};
        assertThatThrownBy(() -> decode(body, body.length, false, OtlpMetricsConfig.DEFAULTS))
                .isInstanceOf(BelfryException.class)
                .hasMessageStartingWith("body: no ExportMetricsServiceRequest at byte 1");
        assertThatThrownBy(() -> decode("{\"resourceMetrics\":{}}"))
                .hasMessageStartingWith("body: no ExportMetricsServiceRequest as JSON at byte");
        assertThat(decode("{}").itemCount()).isZero();
    }

    private String gaugeName(String name, String unit) {
        String body =
                request(
                        "{\"name\":\"%s\",\"unit\":\"%s\",\"gauge\":{\"dataPoints\":[{\"asInt\":1}]}}"
                                .formatted(name, unit));
        String line = lines(body).getFirst();
        return line.substring(0, line.indexOf('{'));
    }

    private String name(OtlpMetricsConfig config, String name, String unit, boolean counter) {
        String line = lines(sum(name, unit, counter, 2, "\"asInt\":1", ""), config).getFirst();
        return line.substring(0, line.indexOf('{'));
    }

    private static OtlpMetricsConfig config(Translation translation, boolean scope) {
        return new OtlpMetricsConfig(1 << 20, 1000, translation, scope, Set.of());
    }

    private List<String> values(String body) {
        return brief(lines(body)).stream()
                .filter(line -> !line.startsWith("target_info") && !line.startsWith("family"))
                .toList();
    }

    /* Name, le or quantile, value. */
    private static List<String> brief(List<String> lines) {
        return lines.stream()
                .map(line ->
                        line.replaceAll("\\{[^}]*(?:le|quantile)=\"([^\"]*)\"[^}]*\\}", " $1")
                                .replaceAll("\\{[^}]*\\}", "")
                                .replaceAll(" @.*", ""))
                .toList();
    }

    private List<String> lines(String json) {
        return lines(json, OtlpMetricsConfig.DEFAULTS);
    }

    /* From JSON and, with equal outcome, from Protocol Buffers. */
    private List<String> lines(String json, OtlpMetricsConfig config) {
        byte[] text = json.getBytes(StandardCharsets.UTF_8);
        ProtoWriter written = MetricsJson.read(text, text.length);
        byte[] proto = Arrays.copyOf(written.bytes(), written.size());
        DecodedSamples decoded = decode(proto, proto.length, false, config);
        assertThat(decoded.errors()).isEmpty();
        decoded.told().kept();
        return resolver.lines(decoded);
    }

    private DecodedSamples decode(String json) {
        byte[] text = json.getBytes(StandardCharsets.UTF_8);
        return decode(text, text.length, true, OtlpMetricsConfig.DEFAULTS);
    }

    private DecodedSamples decode(byte[] body, int length, boolean json, OtlpMetricsConfig config) {
        return OtlpMetrics.decode(
                body, length, json, config, families, SeriesIntake.of(resolver, Set.of()), NOW);
    }

    private static String sum(
            String name,
            String unit,
            boolean monotonic,
            int temporality,
            String value,
            String attributes) {
        return request(
                "{\"name\":\""
                        + name
                        + "\",\"unit\":\""
                        + unit
                        + "\",\"description\":\"help\",\"sum\":{\"aggregationTemporality\":"
                        + temporality
                        + ",\"isMonotonic\":"
                        + monotonic
                        + ",\"dataPoints\":[{"
                        + TIMES
                        + ","
                        + value
                        + ",\"attributes\":["
                        + attributes
                        + "]}]}}");
    }

    private static String histogram(int temporality, String point) {
        return metric(
                "\"histogram\":{\"aggregationTemporality\":"
                        + temporality
                        + ",\"dataPoints\":[{"
                        + TIMES
                        + ","
                        + point
                        + "}]}");
    }

    private static String exponential(String point) {
        return metric(
                "\"exponentialHistogram\":{\"aggregationTemporality\":2,\"dataPoints\":[{"
                        + TIMES
                        + ","
                        + point
                        + "}]}");
    }

    private static String metric(String data) {
        return request("{\"name\":\"h\",\"unit\":\"s\",\"description\":\"help\"," + data + "}");
    }

    private static String request(String metrics) {
        return "{\"resourceMetrics\":[{\"resource\":{\"attributes\":["
                + String.join(
                        ",",
                        text("service.name", "api"),
                        text("service.namespace", "shop"),
                        text("service.instance.id", "i-1"),
                        text("host.name", "h"))
                + "]},\"scopeMetrics\":[{\"scope\":{\"name\":\"lib\",\"version\":\"2\"},"
                + "\"metrics\":["
                + metrics
                + "]}]}]}";
    }

    private static String text(String key, String value) {
        return "{\"key\":\"" + key + "\",\"value\":{\"stringValue\":\"" + value + "\"}}";
    }
}
