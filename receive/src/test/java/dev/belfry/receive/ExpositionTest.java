package dev.belfry.receive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belfry.model.BelfryException;
import dev.belfry.model.series.Labels;
import dev.belfry.receive.protobuf.ProtoWriter;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class ExpositionTest {
    private static final long NOW = 1_769_248_800_000L;

    private final MemoryResolver resolver = new MemoryResolver();
    private final KnownFamilies families = new KnownFamilies();

    @Test
    void text_ofEveryForm() {
        String text =
                """
                # HELP http_requests_total The total \\\\ number\\nof requests.
                # TYPE http_requests_total counter
                http_requests_total{method="post",code="200",} 1027 1395066363000
                http_requests_total{method="post", code = "400"}    3 \t
                # just a comment
                  minimal 12.47
                odd{path="C:\\\\D \\"x\\" } 1",other="a\\nb"} 1.458255915e9
                weird{problem="division by zero"} +Inf -3982045
                nan NaN
                tiny 4.9e-324
                {"my.metric", "a label"="x"} -0
                glued{a="b"}7
                """;
        assertThat(lines(text))
                .containsExactly(
                        "http_requests_total{code=\"200\", method=\"post\"} 1027 @1395066363000",
                        "http_requests_total{code=\"400\", method=\"post\"} 3 @" + NOW,
                        "minimal{} 12.47 @" + NOW,
                        "odd{other=\"a\nb\", path=\"C:\\\\D \\\"x\\\" } 1\"} 1458255915 @" + NOW,
                        "weird{problem=\"division by zero\"} +Inf @-3982045",
                        "nan{} NaN @" + NOW,
                        "tiny{} 4.9e-324 @" + NOW,
                        "my.metric{a label=\"x\"} -0 @" + NOW,
                        "glued{a=\"b\"} 7 @" + NOW,
                        "family http_requests_total counter  The total \\ number\nof requests.");
    }

    @Test
    void histogramsAndSummaries_haveOneFormOfNumbers() {
        String text =
                """
                # TYPE h histogram
                h_bucket{le="1"} 1
                h_bucket{le="2.5"} 2
                h_bucket{le="1000000"} 2
                h_bucket{le="+Inf"} 3
                # TYPE s summary
                s{quantile="0.50"} 3
                # TYPE g gauge
                g{le="1"} 3
                """;
        assertThat(lines(text))
                .containsSubsequence(
                        "h_bucket{le=\"1.0\"} 1 @" + NOW,
                        "h_bucket{le=\"2.5\"} 2 @" + NOW,
                        "h_bucket{le=\"1e+06\"} 2 @" + NOW,
                        "h_bucket{le=\"+Inf\"} 3 @" + NOW,
                        "s{quantile=\"0.5\"} 3 @" + NOW,
                        "g{le=\"1\"} 3 @" + NOW);
    }

    @Test
    void wrongLines_areErrorsOfTheirOwn() {
        String text =
                "good 1\nbad\n{} 1\nx{a=\"b} 2\nx{a=\"b\",a=\"c\"} 2\nx{a=b} 2\n"
                        + "2x 1\ny 1 2 3\nz one\nlast 5";
        DecodedSamples decoded = decode(text, ExpositionFormat.TEXT, Labels.EMPTY);
        assertThat(resolver.lines(decoded)).containsExactly("good{} 1 @" + NOW, "last{} 5 @" + NOW);
        assertThat(decoded.itemCount()).isEqualTo(10);
        assertThat(decoded.refused()).isEqualTo(8);
        assertThat(decoded.errors().getFirst().message())
                .isEqualTo("line 2: bad (expected: a series and a value)");
        assertThat(decoded.errors())
                .extracting(ItemError::index)
                .containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
    }

    @Test
    void openMetrics_hasSecondsAndExemplars() {
        String text =
                """
                # TYPE foo counter
                # UNIT foo seconds
                # HELP foo help
                foo_total{a="# x"} 17.0 1520879607.789 # {trace_id="KOO5S4vxi0o"} 0.67 1520879606.5
                foo_created 1520430000.123
                # TYPE h histogram
                h_bucket{le="2.0"} 4 # {} 1.5
                # EOF
                """;
        DecodedSamples decoded = decode(text, ExpositionFormat.OPEN_METRICS, Labels.EMPTY);
        assertThat(decoded.errors()).isEmpty();
        assertThat(resolver.lines(decoded))
                .containsExactly(
                        "foo_total{a=\"# x\"} 17 @1520879607789",
                        "foo_created{} 1520430000.123 @" + NOW,
                        "h_bucket{le=\"2.0\"} 4 @" + NOW,
                        "# {trace_id=\"KOO5S4vxi0o\"} foo_total{a=\"# x\"} 0.67 @1520879606500",
                        "# {} h_bucket{le=\"2.0\"} 1.5 @" + NOW,
                        "family foo_total counter seconds help",
                        "family h histogram  ");
        assertThat(decode("a 1\n", ExpositionFormat.OPEN_METRICS, Labels.EMPTY).errors())
                .extracting(ItemError::message)
                .containsExactly("the end of the text (expected: # EOF before it)");
        assertThat(decode("# EOF\na 1\n", ExpositionFormat.OPEN_METRICS, Labels.EMPTY).refused())
                .isEqualTo(1);
    }

    @Test
    void extraLabels_replaceThoseOfTheSeries() {
        DecodedSamples decoded =
                decode("a{job=\"x\"} 1\n", ExpositionFormat.TEXT, Labels.of("job", "y", "k", "v"));
        assertThat(resolver.lines(decoded)).containsExactly("a{job=\"y\", k=\"v\"} 1 @" + NOW);
    }

    @Test
    void extraLabels_keepSeriesApart() {
        decode("a 1\n", ExpositionFormat.TEXT, Labels.of("a", "x", "b", "y"));
        DecodedSamples other = decode("a 2\n", ExpositionFormat.TEXT, Labels.of("a", "x\", b=\"y"));
        assertThat(resolver.labels(other.batch().series()[0]).size()).isEqualTo(2);
    }

    @Test
    void protobuf_countsItsMetrics_andRefusesThemSingly() {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        ProtoWriter gauge = family("g", 1);
        for (int i = 0; i < 4; i++) {
            int metric = gauge.begin(4);
            label(gauge, "i", (i % 2 == 0 ? "" : "x".repeat(20_000)) + i);
            int value = gauge.begin(2);
            gauge.fixed64(1, Double.doubleToRawLongBits(i));
            gauge.end(value);
            gauge.end(metric);
        }
        delimit(gauge, body);
        DecodedSamples decoded = decode(body.toByteArray(), ExpositionFormat.PROTOBUF);
        assertThat(decoded.itemCount()).isEqualTo(4);
        assertThat(decoded.refused()).isEqualTo(2);
        assertThat(decoded.errors()).extracting(ItemError::index).containsExactly(1, 3);
        assertThat(decoded.batch().count()).isEqualTo(2);
    }

    @Test
    void protobuf_boundsBucketsAndExemplars() {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        ProtoWriter few = family("few", 4);
        int metric = few.begin(4);
        int value = few.begin(7);
        int span = few.begin(12);
        few.varint(1, 0);
        few.varint(2, 0);
        few.end(span);
        for (int i = 0; i < 300; i++) {
            int exemplar = few.begin(16);
            label(few, "trace_id", i == 0 ? "t".repeat(121) : "t" + i);
            few.end(exemplar);
        }
        few.end(value);
        few.end(metric);
        delimit(few, body);
        DecodedSamples decoded = decode(body.toByteArray(), ExpositionFormat.PROTOBUF);
        assertThat(decoded.batch().exemplars()).hasSize(200);

        ByteArrayOutputStream over = new ByteArrayOutputStream();
        ProtoWriter many = family("many", 4);
        metric = many.begin(4);
        value = many.begin(7);
        for (int i = 0; i < 20_000; i++) {
            int bucket = many.begin(3);
            many.fixed64(2, Double.doubleToRawLongBits(i));
            many.end(bucket);
        }
        many.end(value);
        many.end(metric);
        delimit(many, over);
        assertThatThrownBy(() -> decode(over.toByteArray(), ExpositionFormat.PROTOBUF))
                .hasMessageContaining("more buckets (expected: at most 16384)");
    }

    @Test
    void protobuf_ofEveryKind() {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        ProtoWriter counter = family("c_total", 0);
        int metric = counter.begin(4);
        label(counter, "a", "b");
        int value = counter.begin(3);
        counter.fixed64(1, Double.doubleToRawLongBits(5));
        int exemplar = counter.begin(2);
        label(counter, "trace_id", "t");
        counter.fixed64(2, Double.doubleToRawLongBits(0.5));
        counter.end(exemplar);
        counter.end(value);
        counter.varint(6, 1_395_066_363_000L);
        counter.end(metric);
        delimit(counter, body);
        ProtoWriter histogram = family("h", 4);
        metric = histogram.begin(4);
        value = histogram.begin(7);
        histogram.varint(1, 6);
        histogram.fixed64(2, Double.doubleToRawLongBits(9.5));
        histogram.varint(5, 0);
        histogram.fixed64(6, Double.doubleToRawLongBits(0.001));
        histogram.varint(7, 1);
        int span = histogram.begin(12);
        histogram.varint(1, 2);
        histogram.varint(2, 2);
        histogram.end(span);
        histogram.varint(13, 4);
        histogram.varint(13, 2); // 2 by zigzag of 4, then 1 more
        histogram.end(value);
        histogram.end(metric);
        metric = histogram.begin(4);
        label(histogram, "kind", "classic");
        value = histogram.begin(7);
        histogram.varint(1, 3);
        int bucket = histogram.begin(3);
        histogram.varint(1, 2);
        histogram.fixed64(2, Double.doubleToRawLongBits(1));
        histogram.end(bucket);
        histogram.end(value);
        histogram.end(metric);
        delimit(histogram, body);
        DecodedSamples decoded = decode(body.toByteArray(), ExpositionFormat.PROTOBUF);
        assertThat(resolver.lines(decoded))
                .containsExactly(
                        "c_total{a=\"b\"} 5 @1395066363000",
                        "h{} {count:6, sum:9.5, [-0.001,0.001]:1, (1,2]:2, (2,4]:3} @" + NOW,
                        "h_count{kind=\"classic\"} 3 @" + NOW,
                        "h_sum{kind=\"classic\"} 0 @" + NOW,
                        "h_bucket{kind=\"classic\", le=\"1.0\"} 2 @" + NOW,
                        "h_bucket{kind=\"classic\", le=\"+Inf\"} 3 @" + NOW,
                        "# {trace_id=\"t\"} c_total{a=\"b\"} 0.5 @1395066363000",
                        "family c_total counter  ",
                        "family h histogram  ");
        assertThatThrownBy(() -> decode(new byte[] {5, 1, 2}, ExpositionFormat.PROTOBUF))
                .isInstanceOf(BelfryException.class)
                .hasMessageContaining("a length within its message");
    }

    private static ProtoWriter family(String name, int type) {
        ProtoWriter out = new ProtoWriter(64);
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        out.bytes(1, bytes, 0, bytes.length);
        out.varint(3, type);
        return out;
    }

    private static void label(ProtoWriter out, String name, String value) {
        int start = out.begin(1);
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        out.bytes(1, bytes, 0, bytes.length);
        bytes = value.getBytes(StandardCharsets.UTF_8);
        out.bytes(2, bytes, 0, bytes.length);
        out.end(start);
    }

    private static void delimit(ProtoWriter message, ByteArrayOutputStream out) {
        int rest = message.size();
        while (rest >= 0x80) {
            out.write(rest & 0x7F | 0x80);
            rest >>>= 7;
        }
        out.write(rest);
        out.write(message.bytes(), 0, message.size());
    }

    private List<String> lines(String text) {
        DecodedSamples decoded = decode(text, ExpositionFormat.TEXT, Labels.EMPTY);
        assertThat(decoded.errors()).isEmpty();
        return resolver.lines(decoded);
    }

    private DecodedSamples decode(byte[] body, ExpositionFormat format) {
        return ExpositionImport.decode(
                Arrays.copyOf(body, body.length + 7),
                body.length,
                format,
                Labels.EMPTY,
                families,
                SeriesIntake.of(resolver, Set.of()),
                NOW);
    }

    private DecodedSamples decode(String text, ExpositionFormat format, Labels extra) {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        return ExpositionImport.decode(
                body,
                body.length,
                format,
                extra,
                families,
                SeriesIntake.of(resolver, Set.of()),
                NOW);
    }
}
