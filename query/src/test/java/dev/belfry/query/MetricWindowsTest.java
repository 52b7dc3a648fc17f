package dev.belfry.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.model.series.Labels;
import dev.belfry.model.series.SampleBatch;
import dev.belfry.model.series.SeriesSamples;
import dev.belfry.store.QueryContext;
import dev.belfry.testkit.CrashDisk;
import dev.belfry.testkit.Seeds;
import dev.belfry.testkit.SimulatedClock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Of blocks, range queries read only what is in the windows of their steps. */
class MetricWindowsTest {
    private static final int SERIES = 40;
    private static final int SAMPLES = 2 * 24 * 240;
    private static final long INTERVAL = 15_000;

    /* Counters with resets and gaps, half an hour a batch. */
    private static void write(Engine engine, long start, SplittableRandom random) {
        double[] values = new double[SERIES];
        for (int from = 0; from < SAMPLES; from += 120) {
            SampleBatch.Builder batch = new SampleBatch.Builder(SERIES);
            for (int i = 0; i < SERIES; i++) {
                Labels labels = Labels.of("__name__", "m_total", "i", "" + i);
                int series = engine.seriesResolver().resolve(i, 1, labels);
                for (int at = from; at < from + 120; at++) {
                    values[i] = random.nextInt(200) == 0 ? 0 : values[i] + random.nextInt(9);
                    if (random.nextInt(40) > 0) {
                        batch.add(series, start + at * INTERVAL, values[i]);
                    }
                }
            }
            engine.append(batch.build(), "");
        }
    }

    private static Map<Labels, Double> at(PromqlAnswer answer, long time) {
        Map<Labels, Double> found = new HashMap<>();
        for (SeriesSamples one : answer.series()) {
            for (int i = 0; i < one.size(); i++) {
                if (one.timestampsMillis()[i] == time) {
                    found.put(one.labels(), one.values()[i]);
                }
            }
        }
        return found;
    }

    private static QueryContext asker() {
        return new QueryContext(Duration.ofHours(1), Long.MAX_VALUE, Integer.MAX_VALUE, false);
    }

    @Test
    void eachStepOfARange_isWhatAnInstantIs() throws Exception {
        SimulatedClock clock = new SimulatedClock();
        long start = clock.instant().toEpochMilli() - SAMPLES * INTERVAL;
        try (Engine engine = EngineFixture.open(new CrashDisk(), clock);
                Promql promql = new Promql(System::nanoTime)) {
            write(engine, start, Seeds.random("windows"));
            engine.metrics().maintainNow();
            for (String query :
                    List.of(
                            "m_total",
                            "m_total offset 7m",
                            "rate(m_total[5m])",
                            "max_over_time(m_total[20m])",
                            "increase(m_total[5m] anchored)",
                            "changes(m_total[3m]) + on (i) timestamp(m_total)",
                            "sum_over_time(m_total[10m:1m])",
                            "m_total @ end() - rate(m_total[1h])")) {
                for (long step : new long[] {INTERVAL * 13, 3_600_000, 7_777_777}) {
                    long first = start + 3_600_000;
                    long last = first + 11 * step;
                    PromqlAnswer range =
                            promql.range(
                                    engine.metrics(),
                                    query,
                                    first,
                                    last,
                                    step,
                                    PromqlBounds.DEFAULT,
                                    asker());
                    String alone = query.replace("end()", last / 1000.0 + "");
                    for (long time = first; time <= last; time += step) {
                        PromqlAnswer instant =
                                promql.instant(
                                        engine.metrics(),
                                        alone,
                                        time,
                                        PromqlBounds.DEFAULT,
                                        asker());
                        assertThat(at(range, time))
                                .as("%s every %d ms", query, step)
                                .isNotEmpty()
                                .isEqualTo(at(instant, time));
                    }
                }
            }
        }
    }
}
