package dev.belfry.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RegistryTest {
    @Test
    void exposition_isPrometheusText() {
        Registry registry = new Registry("b_");
        Counter counter = registry.counter("c_total", "What \\ it\nsays.", "l");
        counter.add(3, "quote\" back\\ line\n");
        registry.gauge("g", "A gauge.", () -> 0.25);
        assertThat(text(registry))
                .isEqualTo(
                        """
                        # HELP b_c_total What \\\\ it\\nsays.
                        # TYPE b_c_total counter
                        b_c_total{l="quote\\" back\\\\ line\\n"} 3
                        # HELP b_g A gauge.
                        # TYPE b_g gauge
                        b_g 0.25
                        """);
    }

    @Test
    void histogram_isCumulative() {
        Registry registry = new Registry("");
        Histogram histogram = registry.histogram("h_seconds", "A histogram.");
        histogram.observeNanos(1_000_000);
        histogram.observeNanos(2_000_000_000);
        histogram.observeNanos(100_000_000_000L);
        assertThat(text(registry))
                .contains(
                        "h_seconds_bucket{le=\"0.0005\"} 0\n",
                        "h_seconds_bucket{le=\"0.001\"} 1\n",
                        "h_seconds_bucket{le=\"2.5\"} 2\n",
                        "h_seconds_bucket{le=\"+Inf\"} 3\n",
                        "h_seconds_sum 102.001\n",
                        "h_seconds_count 3\n");
    }

    @Test
    void histogram_isNativeToo() {
        Histogram histogram = new Registry("").histogram("h_seconds", "A histogram.", "l");
        for (long nanos : new long[] {0, 500, 1_000_000_000, 1_000_000_001, 2_000_000_000}) {
            histogram.observeNanos(nanos, "a");
        }
        histogram.observeNanos(Long.MAX_VALUE, "b");
        List<String> shown = new ArrayList<>();
        histogram.forEachNative((labels, buckets) -> shown.add(labels + " " + buckets));
        assertThat(shown)
                .contains(
                        "[a] {count:5, sum:4.000000501, [-9.5367431640625e-07,9.5367431640625e-07]:2,"
                                + " (0.9170040432046711,1]:1, (1,1.0905077326652577]:1,"
                                + " (1.8340080864093422,2]:1}");
        assertThat(shown).anyMatch(each -> each.startsWith("[b] {count:1,"));
    }

    @Test
    void labelSets_areBounded() {
        Registry registry = new Registry("");
        Counter counter = registry.cappedCounter("c", "Capped.", 2, "l");
        for (int number = 0; number < 100; number++) {
            counter.increment("value " + number);
        }
        assertThat(text(registry)).contains("c{l=\"other\"} 98\n").doesNotContain("value 2");
    }

    @Test
    void aMetricThatFails_givesNoHalfPage() {
        Registry registry = new Registry("");
        registry.counter("a", "Good.");
        registry.gauge(
                "b",
                "Bad.",
                () -> {
                    throw new IllegalStateException("no");
                });
        assertThatThrownBy(registry::expose).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aName_isRegisteredOnce() {
        Registry registry = new Registry("");
        registry.counter("a", "One.");
        assertThatThrownBy(() -> registry.gauge("a", "Two.")).hasMessageContaining("twice");
        assertThatThrownBy(() -> registry.gauge("a b", "Bad.")).hasMessageContaining("BUG");
    }

    private static String text(Registry registry) {
        return new String(registry.expose(), StandardCharsets.UTF_8);
    }
}
