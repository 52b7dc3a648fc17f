package dev.belfry.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.model.series.Labels;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class NameEscapingTest {
    /*
     * Those of github.com/prometheus/common/model/metric_test.go; a plain name stays by "dots" too, as
     * EscapeMetricFamily has it.
     */
    @ParameterizedTest
    @CsvSource({
        "no:escaping_required, no:escaping_required, no:escaping_required, no:escaping_required",
        "a.b.load, a_b_load, a_dot_b_dot_load, U__a_2e_b_2e_load",
        "a.b_total, a_b_total, a_dot_b__total, U__a_2e_b__total",
        "http.status:sum, http_status:sum, http_dot_status:sum, U__http_2e_status:sum",
        "label with \uD83D\uDE31, label_with__, label__with____, U__label_20_with_20__1f631_",
        "花火, __, ____, U___82b1__706b_",
        "9lives, _lives, __lives, U___39_lives"
    })
    void names_areEscapedAsPrometheusDoes(
            String name, String underscores, String dots, String values) {
        assertThat(NameEscaping.ALLOW_UTF_8.metric(name)).isEqualTo(name);
        assertThat(NameEscaping.UNDERSCORES.metric(name)).isEqualTo(underscores);
        assertThat(NameEscaping.DOTS.metric(name)).isEqualTo(dots);
        assertThat(NameEscaping.VALUES.metric(name)).isEqualTo(values);
    }

    @Test
    void labelsThatBecomeOne_areOne() {
        PrometheusText text = new PrometheusText(NameEscaping.UNDERSCORES, 16);
        text.begin("m");
        text.labels(Labels.of("__name__", "m", "a.b", "1", "a_b", "2", "c", "3"));
        text.value("4");
        assertThat(new String(text.take(), StandardCharsets.UTF_8))
                .isEqualTo("m{a_b=\"1;2\",c=\"3\"} 4");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "|text/plain; version=0.0.4; charset=utf-8; escaping=underscores",
                "text/html|text/plain; version=0.0.4; charset=utf-8; escaping=underscores",
                "text/plain;version=1.0.0;escaping=dots|text/plain; version=1.0.0; charset=utf-8; escaping=dots",
                "application/openmetrics-text;version=1.0.0;escaping=values;q=0.5,text/plain;q=0.4"
                        + "|application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=values",
                "application/openmetrics-text;q=0.4,text/plain;version=0.0.4;q=0.5"
                        + "|text/plain; version=0.0.4; charset=utf-8; escaping=underscores",
                "application/openmetrics-text;q=0,text/plain;escaping=allow-utf-8;q=0"
                        + "|text/plain; version=0.0.4; charset=utf-8; escaping=allow-utf-8",
                "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;escaping=allow-utf-8"
                        + "|text/plain; version=0.0.4; charset=utf-8; escaping=allow-utf-8",
                "text/plain;version=0.0.4;escaping=all|text/plain; version=0.0.4; charset=utf-8; escaping=underscores"
            })
    void style_isWhatTheReaderAskedFor(String accept, String contentType) {
        TextStyle style = TextStyle.accepted(accept, true);
        assertThat(style.contentType()).isEqualTo(contentType);
        assertThat(style.openMetrics()).isEqualTo(contentType.startsWith("application/"));
        assertThat(style.escaping())
                .isEqualTo(NameEscaping.of(contentType).orElse(NameEscaping.UNDERSCORES));
        assertThat(TextStyle.accepted(accept, false).contentType()).startsWith("text/plain");
    }
}
