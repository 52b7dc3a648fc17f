package dev.belfry.receive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belfry.model.series.MetricMetadata;
import dev.belfry.model.series.MetricType;
import dev.belfry.model.series.SampleBatch;
import dev.belfry.receive.TargetSamples.Scrape;
import dev.belfry.receive.protobuf.ProtoWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class TargetSamplesTest {
    private final MemoryResolver resolver = new MemoryResolver();
    private TargetSamples target = target(LabelMapping.NONE, ScrapeLimits.NONE);

    @Test
    void knownSeries_areNotReadAgain() {
        scrape("a 1\nb{x=\"y\"} 2\n", 1000);
        int resolved = resolver.resolved;
        Scrape second = scrape("a 3\nb{x=\"y\"} 4\n", 2000);
        assertThat(lines(second)).containsExactly("a{} 3 @2000", "b{x=\"y\"} 4 @2000");
        assertThat(resolver.resolved).isEqualTo(resolved);
        assertThat(second.added()).isZero();
    }

    @Test
    void seriesThatLeave_getAMarker_thoseThatMoveDoNot() {
        Scrape first = scrape("a 1\nb 1\nc 1\nd 1\n", 1000);
        assertThat(first.added()).isEqualTo(4);
        Scrape second = scrape("d 2\nb 2\na 2\ne 2\n", 2000);
        assertThat(lines(second))
                .containsExactly(
                        "d{} 2 @2000",
                        "b{} 2 @2000",
                        "a{} 2 @2000",
                        "e{} 2 @2000",
                        "c{} stale @2000");
        assertThat(second.added()).isEqualTo(1);
        assertThat(lines(scrape("d 2\nb 2\na 2\ne 2\n", 3000))).hasSize(4);
    }

    @Test
    void target_thatEnds_endsItsSeries_butNotThoseWithTimes() {
        scrape("a 1\nb 1 500\n", 1000);
        SampleBatch.Builder samples = new SampleBatch.Builder(4);
        target.end(samples, 2000);
        assertThat(lines(samples)).containsExactly("a{} stale @2000");
        SampleBatch.Builder again = new SampleBatch.Builder(4);
        target.end(again, 3000);
        assertThat(again.isEmpty()).isTrue();
    }

    @Test
    void messages_withTimes_getNoMarker() {
        ProtoWriter family = new ProtoWriter(64);
        family.bytes(1, new byte[] {'g'}, 0, 1);
        family.varint(3, 1);
        for (int timed = 0; timed < 2; timed++) {
            int metric = family.begin(4);
            int label = family.begin(1);
            family.bytes(1, new byte[] {'t'}, 0, 1);
            family.bytes(2, new byte[] {(byte) ('0' + timed)}, 0, 1);
            family.end(label);
            int gauge = family.begin(2);
            family.fixed64(1, Double.doubleToRawLongBits(1));
            family.end(gauge);
            if (timed == 1) {
                family.varint(6, 500);
            }
            family.end(metric);
        }
        byte[] body = new byte[family.size() + 1];
        body[0] = (byte) family.size();
        System.arraycopy(family.bytes(), 0, body, 1, family.size());
        Scrape scrape = target.read(body, body.length, ExpositionFormat.PROTOBUF, 1000, true);
        assertThat(lines(scrape))
                .containsExactly("g{t=\"0\"} 1 @1000", "g{t=\"1\"} 1 @500", "family g gauge  ");
        assertThat(lines(target.read(body, 0, ExpositionFormat.PROTOBUF, 2000, true)))
                .containsExactly("g{t=\"0\"} stale @2000");
    }

    @Test
    void sampleLimit_refusesBeforeSeriesAreMade() {
        target = target(LabelMapping.NONE, new ScrapeLimits(3, 0, 0, 0));
        scrape("a 1\nb 1\n", 1000);
        assertThat(resolver.resolved).isEqualTo(2);
        assertThatThrownBy(() -> scrape("a 1\nb 1\nc 1\nd 1\n", 2000))
                .hasMessage("sample_limit: 4 samples (expected: at most 3)");
        assertThat(resolver.resolved).isEqualTo(2);
        Scrape third = scrape("a 3\nc 3\nb 3\n", 3000);
        assertThat(lines(third)).containsExactly("a{} 3 @3000", "c{} 3 @3000", "b{} 3 @3000");
        assertThat(third.added()).isEqualTo(1);
    }

    @Test
    void seriesWithTimes_endTooWhereTheyAreWanted_andThoseOfTheReaderBefore() {
        byte[] timed = "a 1 500\nb 1\n".getBytes(StandardCharsets.UTF_8);
        target.read(timed, timed.length, ExpositionFormat.TEXT, 1000, true, true);
        target =
                new TargetSamples(
                                SeriesIntake.of(resolver, Set.of()),
                                new KnownFamilies(),
                                labels -> labels.with("k", "v"),
                                ScrapeLimits.NONE,
                                new FamilyTexts(),
                                8)
                        .after(target);
        assertThat(lines(scrape("a 2\n", 2000)))
                .containsExactly("a{k=\"v\"} 2 @2000", "a{} stale @2000", "b{} stale @2000");
    }

    @Test
    void families_areToldOfEachTarget_butToTheStoreOnce() {
        FamilyTexts texts = new FamilyTexts();
        KnownFamilies known = new KnownFamilies();
        String page = "# HELP a An a.\n# TYPE a counter\na 1\n# TYPE b gauge\nb 1\n";
        byte[] body = page.getBytes(StandardCharsets.UTF_8);
        int told = 0;
        for (int salt = 1; salt <= 2; salt++) {
            target =
                    new TargetSamples(
                            SeriesIntake.of(resolver, Set.of()),
                            known,
                            LabelMapping.NONE,
                            ScrapeLimits.NONE,
                            texts,
                            salt);
            Scrape scrape =
                    target.read(body, body.length, ExpositionFormat.TEXT, 1000, true, false);
            scrape.told().kept();
            told += scrape.samples().build().metadata().size();
            assertThat(target.families())
                    .containsExactly(
                            new MetricMetadata("a", MetricType.COUNTER, "", "An a."),
                            new MetricMetadata("b", MetricType.GAUGE, "", ""));
        }
        assertThat(told).isEqualTo(2);
        scrape("b 1\n", 2000);
        assertThat(target.families()).isEmpty();
    }

    @Test
    void mapping_renamesAndDrops() {
        target =
                target(
                        labels ->
                                labels.metricName().startsWith("go_")
                                        ? null
                                        : labels.with("job", "j"),
                        new ScrapeLimits(2, 0, 0, 0));
        for (int round = 1; round <= 2; round++) {
            Scrape scrape = scrape("go_x 1\na 1\ngo_y 2\nb 1\n", round * 1000);
            assertThat(lines(scrape))
                    .containsExactly(
                            "a{job=\"j\"} 1 @" + round + "000", "b{job=\"j\"} 1 @" + round + "000");
            assertThat(scrape.scraped()).isEqualTo(4);
            assertThat(scrape.wanted()).isEqualTo(2);
        }
    }

    @Test
    void limits_refuseTheWhole() {
        target = target(LabelMapping.NONE, new ScrapeLimits(1, 3, 8, 5));
        assertThatThrownBy(() -> scrape("a 1\nb 2\n", 1000))
                .hasMessage("sample_limit: 2 samples (expected: at most 1)");
        assertThatThrownBy(() -> scrape("a{x=\"1\",y=\"2\",z=\"3\"} 1\n", 1000))
                .hasMessage("label_limit: 4 labels of a (expected: at most 3)");
        assertThatThrownBy(() -> scrape("a{xx=\"123456\"} 1\n", 1000))
                .hasMessageStartingWith("label_value_length_limit: 6 characters of xx");
        assertThatThrownBy(() -> scrape("a 1\nwrong\n", 1000)).hasMessageStartingWith("line 2");
    }

    @Test
    void families_areToldUntilTheyAreKept_andCut() {
        String text = "# HELP a " + "h".repeat(5000) + "\n# TYPE a counter\na 1\n";
        target = target(LabelMapping.NONE, new ScrapeLimits(1, 0, 0, 0));
        assertThatThrownBy(() -> scrape(text + "b 1\n", 1000)).hasMessageStartingWith("sample_");
        assertThat(lines(scrape(text, 2000))).hasSize(2);
        Scrape scrape = scrape(text, 3000);
        assertThat(lines(scrape).get(1)).isEqualTo("family a counter  " + "h".repeat(4096));
        scrape.told().kept();
        assertThat(lines(scrape(text, 4000))).hasSize(1);
        assertThat(lines(scrape(text, 3_600_000))).hasSize(2);
    }

    private TargetSamples target(LabelMapping mapping, ScrapeLimits limits) {
        return new TargetSamples(
                SeriesIntake.of(resolver, Set.of()),
                new KnownFamilies(),
                mapping,
                limits,
                new FamilyTexts(),
                7);
    }

    private Scrape scrape(String text, long millis) {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        return target.read(body, body.length, ExpositionFormat.TEXT, millis, true);
    }

    private List<String> lines(Scrape scrape) {
        return lines(scrape.samples());
    }

    private List<String> lines(SampleBatch.Builder samples) {
        return resolver.lines(
                new DecodedSamples(samples.build(), List.of(), 0, new KnownFamilies().begin(0)));
    }
}
