package dev.belfry.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.belfry.model.disk.Disk;
import dev.belfry.model.series.LabelMatcher;
import dev.belfry.model.series.Labels;
import dev.belfry.model.series.SampleBatch;
import dev.belfry.model.series.SeriesSamples;
import dev.belfry.model.series.SeriesSource;
import dev.belfry.store.MetricStoreConfig;
import dev.belfry.testkit.SimulatedClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Samples past their days become steps, which functions read as if they were samples. */
class MetricTiersTest {
    private static final int COUNT = 2000;

    @TempDir Path folder;
    private final SimulatedClock clock = new SimulatedClock();
    private Duration sinceStart = Duration.ZERO;

    private Engine open(boolean tiers) throws IOException {
        EngineConfig config = EngineFixture.config(Disk.real(), folder, clock);
        MetricStoreConfig metrics =
                config.metrics().withRetention(Duration.ofDays(15)).withTiers(tiers);
        return Engine.open(config.withMetrics(metrics));
    }

    private long write(Engine engine) {
        Labels labels = Labels.of("__name__", "requests_total");
        int series = engine.seriesResolver().resolve(labels.stableHash(), 2, labels);
        long start = clock.millis() / 3_600_000 * 3_600_000;
        SampleBatch.Builder batch = new SampleBatch.Builder(COUNT);
        for (int i = 0; i < COUNT; i++) {
            batch.add(series, start + 15_000L * i, 3 * (i % 1500));
        }
        engine.append(batch.build(), "");
        assertThat(read(engine, "", 0)).hasSize(COUNT);
        return start;
    }

    private static double[] read(Engine engine, String function, long range) {
        SeriesSource.Hints hints = new SeriesSource.Hints(0, range, 0, function, List.of(), false);
        try (SeriesSource.Selection selection =
                        engine.metrics()
                                .select(
                                        List.of(LabelMatcher.equal("__name__", "requests_total")),
                                        0,
                                        Long.MAX_VALUE,
                                        hints);
                SeriesSource.Cursor cursor = selection.cursor(0, selection.size())) {
            SeriesSamples one = cursor.next();
            return one == null ? new double[0] : Arrays.copyOf(one.values(), one.size());
        }
    }

    @Test
    void samplesPastTheirDays_areStepsOfMinutesThenOfHours_thenGone() throws IOException {
        try (Engine engine = open(true)) {
            write(engine);
            double grown = 3 * (COUNT - 2);
            for (int[] age : new int[][] {{14, 2000}, {20, 101}, {70, 10}}) {
                if (age[0] == 14) {
                    engine.metrics().flushNow();
                }
                clock.advance(Duration.ofDays(age[0]).minus(sinceStart));
                sinceStart = Duration.ofDays(age[0]);
                engine.metrics().maintainNow();
                assertThat(read(engine, "max_over_time", 3_600_000))
                        .as("after %d days", age[0])
                        .hasSize(age[1])
                        .contains(3 * 1499);
                assertThat(read(engine, "count_over_time", 3_600_000)).hasSize(COUNT);
                double[] counter = read(engine, "increase", 3_600_000);
                if (age[0] > 15) {
                    assertThat(counter[counter.length - 1] - counter[0])
                            .isCloseTo(grown, within(1e-6));
                    assertThat(counter).isSorted();
                }
            }
            clock.advance(Duration.ofDays(400));
            engine.metrics().maintainNow();
            assertThat(read(engine, "", 0)).isEmpty();
        }
    }

    @Test
    void samplesPastTheirDays_withoutTiers_areGone() throws IOException {
        try (Engine engine = open(false)) {
            write(engine);
            engine.metrics().flushNow();
            clock.advance(Duration.ofDays(17));
            engine.metrics().maintainNow();
            assertThat(read(engine, "", 0)).isEmpty();
        }
    }

    @Test
    void deletedRange_isGoneFromSteps() throws IOException {
        try (Engine engine = open(true)) {
            long start = write(engine);
            engine.metrics().flushNow();
            clock.advance(Duration.ofDays(20));
            engine.metrics().maintainNow();
            int before = read(engine, "min_over_time", 60_000).length;
            engine.deleteSeries(
                    List.of(List.of(LabelMatcher.equal("__name__", "requests_total"))),
                    start,
                    start + 3_600_000,
                    "");
            for (int round = 0; round < 2; round++) {
                assertThat(read(engine, "min_over_time", 60_000)).hasSize(before - 13);
                engine.metrics().maintainNow();
            }
        }
    }
}
