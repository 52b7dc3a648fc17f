package dev.belfry.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.model.disk.Disk;
import dev.belfry.model.series.FloatHistogram;
import dev.belfry.model.series.Labels;
import dev.belfry.model.series.SampleBatch;
import dev.belfry.model.series.StaleNaN;
import dev.belfry.testkit.EventGenerator;
import dev.belfry.testkit.SimulatedClock;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code samples(selector, start, end)} of SQL shows. */
class SqlSamplesTest {
    private static final long START = Instant.parse("2026-01-15T12:00:00Z").toEpochMilli();

    @TempDir Path folder;
    private Engine engine;

    @BeforeEach
    void open() throws Exception {
        engine = Engine.open(EngineFixture.config(Disk.real(), folder, new SimulatedClock()));
        SampleBatch.Builder batch = new SampleBatch.Builder(32);
        int up = series("__name__", "up", "instance", "a:1", "job", "x");
        int down = series("__name__", "up", "instance", "b \"q\"", "job", "y");
        int histogram = series("__name__", "latency");
        for (int i = 0; i < 10; i++) {
            batch.add(up, START + i * 60_000L, i);
            batch.add(down, START + i * 60_000L, i == 9 ? StaleNaN.VALUE : 0.5);
        }
        batch.add(histogram, START, histogram());
        batch.add(histogram, START + 1, Double.NaN);
        batch.add(histogram, START + 2, Double.POSITIVE_INFINITY);
        engine.append(batch.build(), "");
    }

    @AfterEach
    void close() throws Exception {
        engine.close();
    }

    private int series(String... labels) {
        Labels all = Labels.of(labels);
        return engine.seriesResolver().resolve(all.stableHash(), labels.length, all);
    }

    private static FloatHistogram histogram() {
        return new FloatHistogram(
                FloatHistogram.CUSTOM,
                FloatHistogram.ResetHint.UNKNOWN,
                6,
                2.5,
                0,
                0,
                new int[] {0, 2},
                new double[] {2, 4},
                new int[0],
                new double[0],
                new double[] {0.5, 1});
    }

    private List<String> rows(String sql) {
        List<String> lines = new ArrayList<>();
        for (@Nullable Object[] row : engine.events().sql(sql, EngineFixture.context()).rows()) {
            lines.add(Arrays.toString(row).replaceAll("Json\\[text=(.*?})](?=, |])", "$1"));
        }
        return lines;
    }

    @Test
    void samples_haveTimeNameLabelsAndValue_inTheRangeThatIsAskedFor() {
        assertThat(
                        rows(
                                """
                                SELECT * FROM samples('up{job="x"}', '2026-01-15T12:01:00Z',
                                    TIMESTAMP '2026-01-15 12:02:00') ORDER BY timestamp\
                                """))
                .containsExactly(
                        "[2026-01-15T12:01:00Z, up, {\"instance\":\"a:1\",\"job\":\"x\"}, 1.0, null]",
                        "[2026-01-15T12:02:00Z, up, {\"instance\":\"a:1\",\"job\":\"x\"}, 2.0, null]");
        assertThat(
                        engine.events()
                                .sql("SELECT * FROM samples('no', 0, 1)", EngineFixture.context())
                                .columns())
                .containsExactly("timestamp", "name", "labels", "value", "histogram");
    }

    @Test
    void hotSamplesAndThoseInFiles_areShownAlike() throws Exception {
        String sql =
                "SELECT labels->>'job', labels->>'instance', count(*), sum(value)"
                        + " FROM samples('up', 0, now() + INTERVAL 1000 YEAR) GROUP BY ALL ORDER BY 1";
        List<String> expected = List.of("[x, a:1, 10, 45.0]", "[y, b \"q\", 9, 4.5]");
        assertThat(rows(sql)).isEqualTo(expected);
        engine.metrics().flushNow();
        assertThat(rows(sql)).isEqualTo(expected);
        assertThat(engine.events().sql(sql, EngineFixture.context()).statistics().rowsRead())
                .isGreaterThanOrEqualTo(19);
        engine.metrics().maintainNow();
        assertThat(rows(sql)).isEqualTo(expected);
    }

    @Test
    void histograms_areJson_andNumbersAreExact() {
        assertThat(
                        rows(
                                """
                                SELECT value, histogram, histogram->'buckets'->1->>'count'
                                FROM samples('latency', 0, 2e9) ORDER BY timestamp\
                                """))
                .containsExactly(
                        "[null, {\"count\":6.0,\"sum\":2.5,\"buckets\":["
                                + "{\"lower\":\"-inf\",\"upper\":0.5,\"count\":2.0},"
                                + "{\"lower\":1.0,\"upper\":\"inf\",\"count\":4.0}]}, 4.0]",
                        "[NaN, null, null]",
                        "[Infinity, null, null]");
    }

    @Test
    void calls_standWhereverTablesDo_eachWithItsOwnArguments() {
        assertThat(
                        rows(
                                """
                                WITH first AS (SELECT * FROM samples('up', %1$s, %1$s + 60))
                                SELECT (SELECT count(*) FROM first),
                                    (SELECT count(*) FROM samples('{job="y"}', %1$s, %1$s)),
                                    (SELECT count(*) FROM samples('up', %1$s, %1$s) AS a
                                        JOIN samples('latency', %1$s, %1$s) AS b USING (timestamp)),
                                    (SELECT sum(value) FROM samples('{job=~"x|z"}', %1$s - 1.5, 'infinity'))\
                                """
                                        .formatted(START / 1000)))
                .containsExactly("[4, 1, 2, 45.0]");
    }

    @Test
    void samplesAndEvents_areInOneQuery() {
        EngineFixture.append(engine, new EventGenerator(3).next(50));
        assertThat(
                        rows(
                                """
                                SELECT (SELECT count(*) FROM events) AS events, count(*)
                                FROM samples('up', (SELECT min(timestamp) FROM events) - INTERVAL 10000 DAY,
                                    'infinity') AS s\
                                """))
                .containsExactly("[50, 19]");
    }

    private void expectRefused(String sql, String message) {
        assertThatThrownBy(() -> rows(sql))
                .isInstanceOf(BelfryException.class)
                .hasMessageContaining(message)
                .satisfies(thrown ->
                        assertThat(((BelfryException) thrown).code())
                                .isEqualTo(ErrorCode.VALIDATION_ERROR));
    }

    @Test
    void whatIsNoSelectorOrTime_isRefusedInWords() {
        expectRefused("SELECT * FROM samples('up{', 0, 1)", "samples: selector up{: ");
        expectRefused(
                "SELECT * FROM samples('rate(up[5m])', 0, 1)", "samples: selector rate(up[5m])");
        expectRefused("SELECT * FROM samples('up', 'noon', 1)", "samples: time noon (expected: ");
        expectRefused("SELECT * FROM samples('up', NULL, 1)", "samples: NULL");
        expectRefused(
                "SELECT * FROM samples('up', now() - 1, 1)", "samples: Binder Error: No function");
        expectRefused("SELECT * FROM samples('up', 0)", "samples: 2 arguments (expected: selector");
        expectRefused(
                "SELECT * FROM samples(x, 0, 1)", "samples: Binder Error: Referenced column \"x\"");
    }

    @Test
    void timesThatNoCalendarHas_areAskedFor() {
        SampleBatch.Builder batch = new SampleBatch.Builder(2);
        int series = series("__name__", "far");
        batch.add(series, 0, 1);
        batch.add(series, Long.MAX_VALUE / 2, 2);
        engine.append(batch.build(), "");
        assertThat(rows("SELECT timestamp, value FROM samples('far', -1e30, 1e30)"))
                .containsExactly("[1970-01-01T00:00:00Z, 1.0]");
    }
}
