package dev.belfry.query.promql;

import static dev.belfry.query.promql.MemorySeries.asker;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belfry.model.series.FloatHistogram;
import dev.belfry.model.series.Labels;
import dev.belfry.model.series.SeriesSamples;
import dev.belfry.model.series.SeriesSource;
import dev.belfry.query.Promql;
import dev.belfry.query.PromqlAnswer;
import dev.belfry.query.PromqlBounds;
import dev.belfry.store.QueryContext;
import dev.belfry.store.QueryMemory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
        assertThatThrownBy(() -> engine.range(series, query, 0, 99_000, 1000, options, asker()))
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

    @ParameterizedTest
    @ValueSource(
            strings = {
                "label_replace(%s, \"i\", \"$1$1\", \"i\", \"(.*)\")",
                "label_join(%s, \"i\", \"\", \"i\", \"i\")"
            })
    void labelsThatAQueryMakes_areBounded_eachAndTogether(String doubled) {
        String query = "m";
        for (int i = 0; i < 14; i++) {
            query = doubled.formatted(query);
        }
        assertThat(engine.instant(series, "count(" + query + ")", 99_000, DEFAULT, asker()))
                .isNotNull();
        assertRefused(
                options(1 << 30, 1000, 1 << 20),
                query,
                PromqlException.Kind.LIMIT,
                "too many bytes of memory");
        for (int i = 0; i < 20; i++) {
            query = doubled.formatted(query);
        }
        assertRefused(
                DEFAULT,
                query,
                PromqlException.Kind.LIMIT,
                "label made by the query: more than 65536 characters");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "m[100s]",
                "count_values by (i) (\"v\", m)",
                "sum_over_time(vector(1)[1w:1s])",
                "h"
            })
    void memory_countsSamplesHistogramsAndSteps(String query) {
        double[] ones = new double[100];
        Arrays.fill(ones, 1);
        int[] indexes = IntStream.range(0, 100).toArray();
        FloatHistogram histogram =
                new FloatHistogram(
                        0,
                        FloatHistogram.ResetHint.UNKNOWN,
                        100,
                        1,
                        0,
                        0,
                        indexes,
                        ones,
                        new int[0],
                        new double[0],
                        new double[0]);
        List<SeriesSamples> histograms = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            Labels labels = Labels.of(Labels.NAME, "h", "i", Integer.toString(i));
            FloatHistogram[] one = {histogram};
            histograms.add(new SeriesSamples(labels, new long[] {99_000}, ones, one, 1));
        }
        series.load(histograms);
        assertThat(engine.instant(series, "m", 99_000, options(1 << 30, 1000, 30_000), asker()))
                .isNotNull();
        assertThatThrownBy(() ->
                        engine.instant(
                                series, query, 99_000, options(1 << 30, 1000, 30_000), asker()))
                .hasMessageEndingWith(
                        "too many bytes of memory (expected: at most 30000): select fewer series"
                                + " or steps, aggregate them, or give the program more heap");
    }

    @Test
    void memory_ofAllQueries_isBounded_untilTheirAnswersAreGivenUp() {
        QueryMemory all = new QueryMemory(3 << 20);
        QueryContext first = new QueryContext(Duration.ofHours(1), Long.MAX_VALUE, all, 1, false);
        QueryContext second = new QueryContext(Duration.ofHours(1), Long.MAX_VALUE, all, 1, false);
        String query = "m * 1 + m * 2 + m * 3";
        engine.range(series, query, 0, 800_000, 1000, DEFAULT, first);
        long answer = all.takenBytes();
        assertThat(answer).isBetween(1L << 20, 2L << 20);
        assertThatThrownBy(() -> engine.range(series, query, 0, 800_000, 1000, DEFAULT, second))
                .isInstanceOfSatisfying(
                        PromqlException.class,
                        e -> assertThat(e.kind()).isEqualTo(PromqlException.Kind.BUSY));
        first.memory().close();
        engine.range(series, query, 0, 800_000, 1000, DEFAULT, second);
        assertThat(all.takenBytes()).isEqualTo(answer);
        second.memory().close();
        assertThat(all.takenBytes()).isZero();
    }

    @Test
    void queries_thatLeaveEachOtherNoMemory_areAnsweredInTurn() throws Exception {
        // One needs 1.4 MB, 0.66 of them before the other one comes: there is no room for that
        // beside it.
        QueryMemory all = new QueryMemory(1_800_000);
        CyclicBarrier bothHold = new CyclicBarrier(2);
        AtomicInteger selections = new AtomicInteger();
        SeriesSource source =
                (matchers, start, end, hints) -> {
                    boolean second = matchers.size() == 2;
                    if (second && selections.getAndIncrement() < 2) {
                        await(bothHold);
                    }
                    return series.select(matchers, start, end, hints);
                };
        try (Promql promql = new Promql(System::nanoTime);
                ExecutorService askers = Executors.newFixedThreadPool(2)) {
            Callable<PromqlAnswer> question =
                    () -> {
                        QueryContext asker =
                                new QueryContext(
                                        Duration.ofHours(1), Long.MAX_VALUE, all, 1, false);
                        try (QueryMemory.Share _ = asker.memory()) {
                            return promql.range(
                                    source,
                                    "{__name__='m',i!=''} + on(i) m",
                                    0,
                                    800_000,
                                    1000,
                                    PromqlBounds.DEFAULT,
                                    asker);
                        }
                    };
            for (Future<PromqlAnswer> answer : askers.invokeAll(List.of(question, question))) {
                assertThat(answer.get().series()).hasSize(100);
            }
        }
        assertThat(selections.get()).isGreaterThan(2);
        assertThat(all.takenBytes()).isZero();
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await(30, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
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
        assertThatThrownBy(() -> slow.range(series, "m + m", 0, 99_000, 1000, shortTime(), asker()))
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
        QueryContext gone = asker();
        gone.cancel();
        assertThatThrownBy(() -> engine.range(series, "m", 0, 99_000, 1000, DEFAULT, gone))
                .isInstanceOfSatisfying(
                        PromqlException.class,
                        e -> assertThat(e.kind()).isEqualTo(PromqlException.Kind.CANCELLED));
    }

    @Test
    void nesting_isEvaluatedWithoutOverflow() {
        String deep = "(".repeat(150) + "m" + ")".repeat(150);
        assertThat(engine.instant(series, deep, 1000, DEFAULT, asker()).value()).isNotNull();
        String chain = "vector(1)" + " + vector(1)".repeat(900);
        QueryResult.Value value = engine.instant(series, chain, 1000, DEFAULT, asker()).value();
        assertThat(((QueryResult.VectorValue) value).series().getFirst().values()[0])
                .isEqualTo(901);
    }

    @Test
    void range_ofATextOrRange_isRefused() {
        assertRefused(
                DEFAULT,
                "m[1m]",
                PromqlException.Kind.PARSE,
                "invalid expression type \"range vector\" for range query");
    }
}
