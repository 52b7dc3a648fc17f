package dev.belfry.receive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.receive.StatsdMetrics.Decoded;
import dev.belfry.receive.StatsdMetrics.Gathered;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class StatsdMetricsTest {
    private static final long NOW = 1_769_248_800_000L;

    private final MemoryResolver resolver = new MemoryResolver();
    private final KnownFamilies families = new KnownFamilies();
    private StatsdMetrics metrics = new StatsdMetrics(null);

    @Test
    void counters_areAddedUp_byTheirRates() {
        assertThat(lines("page.views:1|c\npage.views:2|c\r\npage.views:3|c|@0.1\n"))
                .containsExactly("ADD page.views{} 33 @" + NOW, "family page.views counter  ");
        assertThat(metrics.take().lines()).isZero();
    }

    @Test
    void gauges_areSet_andChanged() {
        assertThat(lines("fuel:0.5|g\nfuel:+4|g\nfuel:-1|g")).startsWith("SET fuel{} 3.5 @" + NOW);
        assertThat(lines("fuel:+4|g\nfuel:-10|g")).startsWith("ADD fuel{} -6 @" + NOW);
        assertThat(lines("fuel:-10|g\nfuel:7|g")).startsWith("SET fuel{} 7 @" + NOW);
    }

    @Test
    void timers_haveBoundsInMilliseconds_otherObservationsInUnits() {
        List<String> timer = lines("t:320|ms|@0.5\nt:4|ms\nt:4|ms\n");
        assertThat(timer)
                .contains(
                        "ADD t_bucket{le=\"5.0\"} 2 @" + NOW,
                        "ADD t_bucket{le=\"250.0\"} 2 @" + NOW,
                        "ADD t_bucket{le=\"500.0\"} 4 @" + NOW,
                        "ADD t_bucket{le=\"+Inf\"} 4 @" + NOW,
                        "ADD t_sum{} 648 @" + NOW,
                        "ADD t_count{} 4 @" + NOW,
                        "OBSERVE t{} 320 @" + NOW,
                        "OBSERVE t{} 4 @" + NOW,
                        "family t histogram  StatsD timer, in milliseconds");
        assertThat(lines("d:0.3|d\nh:20|h"))
                .contains(
                        "ADD d_bucket{le=\"0.25\"} 0 @" + NOW,
                        "ADD d_bucket{le=\"0.5\"} 1 @" + NOW,
                        "ADD h_bucket{le=\"10.0\"} 0 @" + NOW,
                        "ADD h_bucket{le=\"+Inf\"} 1 @" + NOW);
    }

    @Test
    void sets_countWhatIsDifferent() {
        assertThat(lines("users:anna|s\nusers:ben|s\nusers:anna|s"))
                .startsWith("SET users{} 2 @" + NOW);
    }

    @Test
    void datadogsForms_areTaken() {
        assertThat(lines("r:1:2:3|c|#env:prod,host:a:1,hot,empty:|c:ci-1|T1769248000"))
                .startsWith("ADD r{env=\"prod\", host=\"a:1\", hot=\"true\"} 6 @1769248000000");
        assertThat(lines("w:1|h|#le:1\nx:1|c|#__name__:y")).isEmpty();
    }

    @Test
    void otherForms_areTaken() {
        assertThat(lines("r,env=prod,zone=b:1|c"))
                .startsWith("ADD r{env=\"prod\", zone=\"b\"} 1 @" + NOW);
        assertThat(lines("old:1|c:2|c|@0.5:5|g"))
                .startsWith("ADD old{} 5 @" + NOW)
                .contains("SET old{} 5 @" + NOW);
        assertThat(lines("m:4|m")).startsWith("ADD m{} 4 @" + NOW);
    }

    @Test
    void source_isGivenToThoseWithoutOne() {
        metrics = new StatsdMetrics("edge");
        assertThat(lines("a:1|c\nb:1|c|#job:own"))
                .contains("ADD a{source=\"edge\"} 1 @" + NOW, "ADD b{job=\"own\"} 1 @" + NOW);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "noValue; name:value|type",
                ":1|c; name:value|type",
                "a:1; '|' and a type behind the value",
                "a:1|x; a type of c, g, ms, h, d or s",
                "a:x|c; a number before '|'",
                "a:|c; a number before '|'",
                "a:NaN|g; a number before '|'",
                "a:-1|c; an increment of at least 0",
                "a:1|c|@0; a rate above 0, at most 1",
                "a:1|c|@2; a rate above 0, at most 1",
                "a:1|c|z; @rate, #tags or Ttime behind the type",
                "a:1|c|Tsoon; a time in whole seconds behind T",
                "_e{2,1}:ab|c; a metric, no event or service check",
            })
    void wrongLine_isCounted_andTheOthersAreTaken(String line, String expected) {
        add(line + "\ngood:1|c\n");
        Gathered gathered = metrics.take();
        assertThat(gathered.malformed()).isEqualTo(1);
        assertThat(gathered.firstRefusal())
                .isEqualTo(line + " (expected: " + expected.replace("''", "'") + ")");
        assertThat(gathered.lines()).isEqualTo(1);
    }

    @Test
    void seriesThatAreRefused_countTheirLines() {
        resolver.seriesMax = 1;
        add("a:1|c\nb:1|c\nb:1|c\n");
        Decoded decoded = metrics.take().decode(families, SeriesIntake.of(resolver, Set.of()), NOW);
        assertThat(decoded.refusedLines()).isEqualTo(2);
        assertThat(decoded.samples().pushed().observations()).isEqualTo(1);
    }

    @Test
    void room_isBounded() {
        for (int i = 0; !metrics.isFull(); i++) {
            add("h:" + i + "|h\ns" + "x".repeat(i % 500) + i + ":1|c");
        }
        for (int i = 0; i < StatsdMetrics.KEPT_WANTED_MAX; i++) {
            add("late:" + i + "|h\nlate:more" + i + "|s");
        }
        Gathered gathered = metrics.take();
        assertThat(gathered.dropped()).isPositive();
        add("h:1|h");
        assertThat(metrics.take().lines()).isEqualTo(1);
    }

    private void add(String text) {
        byte[] bytes = ("x" + text).getBytes(StandardCharsets.UTF_8);
        metrics.add(bytes, 1, bytes.length);
    }

    private List<String> lines(String text) {
        add(text);
        Gathered gathered = metrics.take();
        assertThat(gathered.malformed()).isZero();
        SeriesIntake intake = SeriesIntake.of(resolver, Set.of());
        List<String> once = resolver.lines(gathered.decode(families, intake, NOW).samples());
        assertThat(resolver.lines(gathered.decode(families, intake, NOW).samples()))
                .isEqualTo(once);
        return once;
    }
}
