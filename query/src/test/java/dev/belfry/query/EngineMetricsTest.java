package dev.belfry.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belfry.model.BelfryException;
import dev.belfry.model.disk.Disk;
import dev.belfry.model.series.Exemplar;
import dev.belfry.model.series.FloatHistogram;
import dev.belfry.model.series.LabelMatcher;
import dev.belfry.model.series.Labels;
import dev.belfry.model.series.MetricMetadata;
import dev.belfry.model.series.MetricReader;
import dev.belfry.model.series.MetricType;
import dev.belfry.model.series.SampleBatch;
import dev.belfry.model.series.SeriesSamples;
import dev.belfry.model.series.SeriesSource;
import dev.belfry.testkit.SimulatedClock;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an engine does with series, over restarts too. */
class EngineMetricsTest {

    @TempDir Path folder;
    private Engine engine;

    @BeforeEach
    void open() throws IOException {
        engine = Engine.open(EngineFixture.config(Disk.real(), folder, new SimulatedClock()));
    }

    @AfterEach
    void close() throws IOException {
        engine.close();
    }

    private int series(String... labels) {
        Labels all = Labels.of(labels);
        return engine.seriesResolver().resolve(all.stableHash(), labels.length, all);
    }

    private List<String> select(LabelMatcher... matchers) {
        List<String> lines = new ArrayList<>();
        MetricReader reader = engine.metrics();
        try (SeriesSource.Selection selection =
                        reader.select(
                                List.of(matchers), 0, Long.MAX_VALUE, SeriesSource.Hints.NONE);
                SeriesSource.Cursor cursor = selection.cursor(0, selection.size())) {
            for (SeriesSamples one = cursor.next(); one != null; one = cursor.next()) {
                StringBuilder line = new StringBuilder(one.labels().toString());
                for (int i = 0; i < one.size(); i++) {
                    FloatHistogram histogram = one.histogram(i);
                    line.append(' ')
                            .append(one.timestampsMillis()[i])
                            .append(':')
                            .append(histogram == null ? one.values()[i] : histogram);
                }
                lines.add(line.toString());
            }
        }
        Collections.sort(lines);
        return lines;
    }

    @Test
    void samples_areReadBackInTheOrderOfLabelsAndTime_alsoAfterARestart() throws IOException {
        SampleBatch.Builder batch = new SampleBatch.Builder(8);
        int b = series("__name__", "up", "job", "b");
        int a = series("__name__", "up", "job", "a");
        batch.add(b, 1000, 1);
        batch.add(a, 2000, 2.5);
        batch.add(a, 1000, -0.0);
        batch.add(a, 0, Double.POSITIVE_INFINITY);
        batch.add(a, 2000, 3);
        engine.append(batch.build(), "");
        List<String> expected =
                List.of(
                        "{__name__=\"up\", job=\"a\"} 0:Infinity 1000:-0.0 2000:3.0",
                        "{__name__=\"up\", job=\"b\"} 1000:1.0");
        assertThat(select(LabelMatcher.equal("__name__", "up"))).isEqualTo(expected);
        close();
        open();
        assertThat(select(LabelMatcher.equal("__name__", "up"))).isEqualTo(expected);
        assertThat(series("__name__", "up", "job", "a")).isEqualTo(a);
        assertThat(series("__name__", "up", "job", "c")).isGreaterThan(b);
    }

    @Test
    void cursorsThatWereClosed_leaveNothingToTheNext() {
        SampleBatch.Builder batch = new SampleBatch.Builder(8);
        int many = series("__name__", "many");
        for (int i = 0; i < 5000; i++) {
            batch.add(many, i, i);
        }
        int histograms = series("__name__", "histograms");
        batch.add(histograms, 1, FloatHistogram.empty(0, new double[0]));
        batch.add(series("__name__", "few"), 7, 1);
        engine.append(batch.build(), "");
        for (int round = 0; round < 3; round++) {
            assertThat(select(LabelMatcher.equal("__name__", "many")).getFirst())
                    .hasSize(
                            "{__name__=\"many\"}".length()
                                    + 5000 * 4
                                    + 2 * (10 + 180 + 2700 + 16000));
            assertThat(select(LabelMatcher.equal("__name__", "histograms")))
                    .containsExactly("{__name__=\"histograms\"} 1:{count:0, sum:0}");
            assertThat(select(LabelMatcher.equal("__name__", "few")))
                    .containsExactly("{__name__=\"few\"} 7:1.0");
        }
    }

    @Test
    void matchers_treatAMissingLabelAsTheEmptyValue() {
        SampleBatch.Builder batch = new SampleBatch.Builder(8);
        batch.add(series("__name__", "m", "x", "1"), 1, 1);
        batch.add(series("__name__", "m", "x", "2"), 1, 2);
        batch.add(series("__name__", "m"), 1, 3);
        engine.append(batch.build(), "");
        LabelMatcher name = LabelMatcher.equal("__name__", "m");
        assertThat(select(name, LabelMatcher.equal("x", ""))).hasSize(1);
        assertThat(select(name, LabelMatcher.notEqual("x", ""))).hasSize(2);
        assertThat(select(name, LabelMatcher.notEqual("x", "1"))).hasSize(2);
        assertThat(select(name, LabelMatcher.equal("y", ""))).hasSize(3);
        assertThat(select(name, LabelMatcher.notEqual("y", ""))).isEmpty();
        LabelMatcher pattern =
                new LabelMatcher(
                        "x",
                        LabelMatcher.Operator.NOT_MATCH,
                        "1.*",
                        List.of(),
                        value -> value.startsWith("1"));
        assertThat(select(name, pattern)).hasSize(2);
    }

    @Test
    void deletedSamples_areGone_andCanBeWrittenAgain() throws IOException {
        int one = series("__name__", "m", "x", "1");
        int two = series("__name__", "m", "x", "2");
        SampleBatch.Builder batch = new SampleBatch.Builder(8);
        for (int i = 0; i < 5; i++) {
            batch.add(one, i * 1000, i);
            batch.add(two, i * 1000, i);
        }
        engine.append(batch.build(), "");
        engine.deleteSeries(List.of(List.of(LabelMatcher.equal("x", "1"))), 1000, 2000, "");
        assertThat(select(LabelMatcher.equal("x", "1")))
                .containsExactly("{__name__=\"m\", x=\"1\"} 0:0.0 3000:3.0 4000:4.0");
        SampleBatch.Builder again = new SampleBatch.Builder(8);
        again.add(one, 1000, 7);
        engine.append(again.build(), "");
        engine.deleteSeries(List.of(List.of(LabelMatcher.equal("x", "2"))), 0, Long.MAX_VALUE, "");
        for (int start = 0; start < 2; start++) {
            assertThat(select(LabelMatcher.equal("__name__", "m")))
                    .containsExactly("{__name__=\"m\", x=\"1\"} 0:0.0 1000:7.0 3000:3.0 4000:4.0");
            assertThat(engine.metrics().series(List.of(), 0, Long.MAX_VALUE, 0)).hasSize(1);
            close();
            open();
        }
    }

    @Test
    void histogramsExemplarsAndMetadata_areKept() throws IOException {
        FloatHistogram histogram =
                new FloatHistogram(
                        3,
                        FloatHistogram.ResetHint.UNKNOWN,
                        7,
                        1.25,
                        0.001,
                        2,
                        new int[] {-3, 5},
                        new double[] {4, 1.5},
                        new int[0],
                        new double[0],
                        new double[0]);
        int one = series("__name__", "h");
        SampleBatch.Builder batch = new SampleBatch.Builder(2);
        batch.add(one, 1000, 5);
        batch.add(one, 2000, histogram);
        batch.add(one, 3000, 6);
        Exemplar exemplar = new Exemplar(Labels.of("trace_id", "ab"), 0.5, 2000);
        batch.add(one, exemplar);
        MetricMetadata metadata = new MetricMetadata("h", MetricType.HISTOGRAM, "s", "help");
        batch.add(metadata);
        engine.append(batch.build(), "");
        for (int start = 0; start < 2; start++) {
            assertThat(select(LabelMatcher.equal("__name__", "h")))
                    .containsExactly("{__name__=\"h\"} 1000:5.0 2000:" + histogram + " 3000:6.0");
            assertThat(engine.metrics().metadata(null)).containsExactly(metadata);
            assertThat(engine.metrics().exemplars(List.of(), 0, 5000))
                    .containsExactly(
                            new MetricReader.ExemplarSeries(
                                    Labels.of("__name__", "h"), List.of(exemplar)));
            close();
            open();
        }
    }

    @Test
    void labels_areThoseOfSeriesInTheRange() {
        SampleBatch.Builder batch = new SampleBatch.Builder(8);
        batch.add(series("__name__", "a", "x", "1", "y", "2"), 1000, 1);
        batch.add(series("__name__", "b", "x", "3"), 1000, 1);
        series("__name__", "c", "z", "never appended");
        engine.append(batch.build(), "");
        MetricReader reader = engine.metrics();
        assertThat(reader.labelNames(List.of(), 0, 2000, 0)).containsExactly("__name__", "x", "y");
        assertThat(reader.labelValues("x", List.of(), 0, 2000, 0)).containsExactly("1", "3");
        assertThat(reader.labelValues("x", List.of(), 0, 2000, 1)).containsExactly("1");
        assertThat(
                        reader.labelValues(
                                "x", List.of(List.of(LabelMatcher.equal("y", "2"))), 0, 2000, 0))
                .containsExactly("1");
        assertThat(reader.labelNames(List.of(), 5000, 6000, 0)).isEmpty();
    }

    @Test
    void aTimeBefore1970_isRefused() {
        SampleBatch.Builder batch = new SampleBatch.Builder(8);
        batch.add(series("__name__", "a"), -5, 1);
        assertThatThrownBy(() -> engine.append(batch.build(), ""))
                .isInstanceOf(BelfryException.class)
                .hasMessageContaining("-5 ms (expected: at least 0");
    }
}
