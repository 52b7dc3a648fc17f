package dev.belfry.query.promql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belfry.model.series.Labels;
import dev.belfry.model.series.SeriesSamples;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Queries end at their bounds, and the error names the bound. */
final class BoundsTest {
    private static final QueryOptions DEFAULT = QueryOptions.DEFAULT;

    private final MemorySeries series = new MemorySeries();
    private final AtomicLong nanos = new AtomicLong();
    private final PromqlEngine engine = new PromqlEngine(nanos::get);

    BoundsTest() {
        List<SeriesSamples> all = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            long[] times = new long[100];
            for (int j = 0; j < times.length; j++) {
                times[j] = j * 1000L;
            }
            Labels labels = Labels.of(Labels.NAME, "m", "i", Integer.toString(i));
            all.add(new SeriesSamples(labels, times, new double[100], null, 100));
        }
        series.load(all);
    }

    private void assertRefused(
            QueryOptions options, String query, PromqlException.Kind kind, String text) {
        assertThatThrownBy(() -> engine.range(series, query, 0, 99_000, 1000, options, () -> false))
                .isInstanceOfSatisfying(
                        PromqlException.class, e -> assertThat(e.kind()).isEqualTo(kind))
                .hasMessageContaining(text);
    }

    private static QueryOptions options(long samples, long seriesMax, long bytes) {
        return new QueryOptions(300_000, samples, seriesMax, bytes, 120_000, 60_000);
    }

    @Test
    void samples_areBounded() {
        assertRefused(
                options(500, 1000, 1 << 30),
                "sum(m)",
                PromqlException.Kind.LIMIT,
                "too many samples into memory in query execution (expected: at most 500)");
        assertRefused(
                options(500, 1000, 1 << 30),
                "rate(m[1m])",
                PromqlException.Kind.LIMIT,
                "at most 500");
    }

    @Test
    void series_areBounded() {
        assertRefused(
                options(1 << 30, 99, 1 << 30),
                "m",
                PromqlException.Kind.LIMIT,
                "too many series (expected: at most 99)");
    }

    @Test
    void memory_isBounded() {
        assertRefused(
                options(1 << 30, 1000, 10_000),
                "m + m",
                PromqlException.Kind.LIMIT,
                "too many bytes of memory (expected: at most 10000)");
    }

    @Test
    void steps_ofASubquery_areBounded() {
        assertRefused(
                options(100_000, 1000, 1 << 30),
                "sum_over_time(vector(1)[1y:1ms])",
                PromqlException.Kind.LIMIT,
                "subquery steps");
    }

    @Test
    void time_isBounded() {
        PromqlEngine slow = new PromqlEngine(() -> nanos.getAndAdd(1_000_000_000L));
        assertThatThrownBy(() ->
                        slow.range(series, "m + m", 0, 99_000, 1000, shortTime(), () -> false))
                .isInstanceOfSatisfying(
                        PromqlException.class,
                        e -> assertThat(e.kind()).isEqualTo(PromqlException.Kind.TIMEOUT))
                .hasMessageContaining("1500 ms");
    }

    private static QueryOptions shortTime() {
        return new QueryOptions(
                DEFAULT.lookbackMillis(),
                DEFAULT.samplesMax(),
                DEFAULT.seriesMax(),
                DEFAULT.memoryMaxBytes(),
                1500,
                DEFAULT.subqueryStepMillis());
    }

    @Test
    void query_endsWhenNobodyWaits() {
        assertThatThrownBy(() -> engine.range(series, "m", 0, 99_000, 1000, DEFAULT, () -> true))
                .isInstanceOfSatisfying(
                        PromqlException.class,
                        e -> assertThat(e.kind()).isEqualTo(PromqlException.Kind.CANCELLED));
    }

    @Test
    void nesting_isEvaluatedWithoutOverflow() {
        String deep = "(".repeat(150) + "m" + ")".repeat(150);
        assertThat(engine.instant(series, deep, 1000, DEFAULT, () -> false).value()).isNotNull();
        String chain = "vector(1)" + " + vector(1)".repeat(900);
        QueryResult.Value value = engine.instant(series, chain, 1000, DEFAULT, () -> false).value();
        assertThat(((QueryResult.VectorValue) value).series().getFirst().values()[0])
                .isEqualTo(901);
    }

    @Test
    void range_ofATextOrRange_isRefused() {
        assertRefused(
                DEFAULT,
                "m[1m]",
                PromqlException.Kind.EXECUTION,
                "invalid expression type \"range vector\" for range query");
    }
}
